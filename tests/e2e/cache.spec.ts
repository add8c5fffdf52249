import { expect, test } from './fixture.ts';

test('the cache view shows what is asked, answered and saved', async ({
  page,
  serve,
  complaints,
}) => {
  const desk = await serve();
  await page.goto(desk.url);
  await page.keyboard.press('2');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(
    /\d+(\.\d)?\s?% of questions are answered without the exchange/,
  );
  const { kinds } = await desk.slice('cache');
  expect(new Set(kinds.map((row) => row.account)).size).toBeGreaterThanOrEqual(2);
  await page.getByRole('button', { name: 'Sweep now' }).click();
  await expect(page.getByRole('status')).toContainText('Swept');
  expect(complaints).toEqual([]);
});
