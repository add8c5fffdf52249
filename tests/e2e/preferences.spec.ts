import { expect, test } from './fixture.ts';

test('how the screens look is kept by the desk: at the next start, on another port, in another browser', async ({
  page,
  serve,
  browser,
}) => {
  const first = await serve();
  await page.goto(first.url);
  const frame = page.locator('html');
  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(frame).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Phase' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Phase' })).toBeVisible();
  await page.keyboard.press('3');
  await expect(page.getByRole('button', { name: 'Backups' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await expect
    .poll(async () => (await first.slice('preferences')).view, { timeout: 5_000 })
    .toBe('backups');
  expect(await first.end('SIGTERM')).toBe(0);

  const second = await serve();
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(second.url);
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(other.getByRole('button', { name: 'Backups' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await other.keyboard.press('1');
  await expect(other.getByRole('columnheader', { name: 'Phase' })).toBeVisible();
  await stranger.close();
});

test('two windows agree on how they look, and each goes to its own view', async ({
  page,
  serve,
}) => {
  const desk = await serve();
  await page.goto(desk.url);
  const other = await page.context().newPage();
  await other.goto(new URL('/', desk.url).href);
  const current = (window: typeof page) =>
    window.getByRole('navigation', { name: 'Views' }).locator('[aria-current=page]');
  await expect(current(other)).toHaveAccessibleName('Positions');
  await other.getByRole('button', { name: 'Appearance' }).click();
  await other.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('2');
  await expect(current(page)).toHaveAccessibleName('Cache');
  await expect.poll(async () => (await desk.slice('preferences')).view).toBe('cache');
  await expect(current(other)).toHaveAccessibleName('Positions');
  // The next window opens with what was gone to last.
  const third = await page.context().newPage();
  await third.goto(new URL('/', desk.url).href);
  await expect(current(third)).toHaveAccessibleName('Cache');
});
