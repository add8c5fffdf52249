import { expect, test } from './fixture.ts';

test('every view and question still opens when the desk has gone away, and says so', async ({
  page,
  serve,
}) => {
  const desk = await serve();
  await page.goto(desk.url);
  await expect(page.getByRole('grid', { name: 'Positions' })).toBeVisible();
  // A moment in which the page has nothing to do.
  await page.waitForTimeout(1_000);
  await page.waitForLoadState('networkidle');
  await desk.end('SIGKILL');
  await expect(page.getByText('The connection to the desk is lost. Trying again…')).toBeVisible();
  const views = page.getByRole('navigation', { name: 'Views' });
  for (const name of ['Cache', 'Backups', 'Positions']) {
    await views.getByRole('button', { name }).click();
    await expect(views.locator('[aria-current=page]')).toHaveAccessibleName(name);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  await page.getByRole('columnheader', { name: 'Stop' }).click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Hide Stop' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});

test('a view that cannot be drawn takes nothing else with it', async ({ page, serve }) => {
  await page.route(/cache-view.*\.js/, (route) => route.abort());
  const desk = await serve();
  await page.goto(desk.url);
  await expect(page.getByRole('grid', { name: 'Positions' })).toBeVisible();
  await page.keyboard.press('2');
  await expect(page.getByRole('alert').filter({ hasText: 'This screen failed.' })).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.getByRole('grid', { name: 'Positions' })).toBeVisible();
});
