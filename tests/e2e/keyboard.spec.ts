import { expect, test } from './fixture.ts';

test('everything of the first screen is reached by keyboard', async ({
  page,
  serve,
  complaints,
}) => {
  const desk = await serve();
  await page.goto(desk.url);
  const grid = page.getByRole('grid', { name: 'Positions' });
  await expect(grid).toHaveAttribute('aria-rowcount', '62');

  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: /^Position / });
  await expect(panel).toBeVisible();
  const first = await panel.getAttribute('aria-label');
  await page.keyboard.press('End');
  await expect(panel).not.toHaveAttribute('aria-label', first ?? '');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.type('back');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(complaints).toEqual([]);
});

test('a desk that went away is said over every view', async ({ page, serve }) => {
  const first = await serve();
  await page.goto(first.url);
  await expect(page.getByRole('grid', { name: 'Positions' })).toBeVisible();
  await page.keyboard.press('3');
  await first.end('SIGKILL');
  await expect(page.getByText('The connection to the desk is lost. Trying again…')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveText('The connection to the desk is lost.');
});
