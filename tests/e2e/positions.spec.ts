import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixture.ts';

const positions = (page: Page): Locator => page.getByRole('grid', { name: 'Positions' });

/** The mark prices of the rows in sight, by row. */
const marks = async (page: Page): Promise<string[]> => {
  const heads = await positions(page).getByRole('columnheader').allInnerTexts();
  const column = heads.findIndex((head) => head.startsWith('Mark'));
  const rows = await positions(page).locator('[data-row]').all();
  return Promise.all(rows.map((row) => row.locator('> *').nth(column).innerText()));
};

test('60 positions of two accounts, with marks that move', async ({ page, serve, complaints }) => {
  const desk = await serve();
  await page.goto(desk.url);
  // A head, sixty positions, a foot.
  await expect(positions(page)).toHaveAttribute('aria-rowcount', '62');
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const before = await marks(page);
  expect(before.length).toBeGreaterThan(10);
  expect(before.every((mark) => /\d/.test(mark))).toBe(true);
  await expect.poll(() => marks(page)).not.toEqual(before);
  expect(complaints).toEqual([]);
});

test('the screen says what the desk says, and the desk what the exchange holds', async ({
  page,
  serve,
}) => {
  const desk = await serve();
  await page.goto(desk.url);
  await expect(positions(page)).toHaveAttribute('aria-rowcount', '62');
  const { practiceUrl } = await desk.slice('health');
  const truth = (await (await fetch(`${practiceUrl}/practice/truth`)).json()) as object;
  const held = JSON.stringify(truth);
  const { rows } = await desk.slice('positions');
  expect(rows).toHaveLength(60);
  for (const row of rows) expect(held).toContain(row.symbol);
  await page.getByLabel('Show only symbols containing').fill('BTCUSDT');
  const btc = rows.filter((row) => row.symbol.includes('BTCUSDT'));
  await expect(positions(page)).toHaveAttribute('aria-rowcount', String(btc.length + 2));
});

test('a position closed at the exchange leaves the screen', async ({ page, serve }) => {
  const desk = await serve();
  await page.goto(desk.url);
  await expect(positions(page)).toHaveAttribute('aria-rowcount', '62');
  const [first] = (await desk.slice('positions')).rows;
  const { practiceUrl } = await desk.slice('health');
  await fetch(`${practiceUrl}/practice/close`, {
    method: 'POST',
    body: JSON.stringify({ account: first?.account, symbol: first?.symbol, side: first?.side }),
  });
  await expect(positions(page)).toHaveAttribute('aria-rowcount', '61');
});

test('after a kill and a new start the same monitors are there', async ({ serve }) => {
  const identity = (rows: { account: string; symbol: string; positionIdx: number }[]): string[] =>
    rows.map((row) => `${row.account}/${row.symbol}/${row.positionIdx}`).toSorted();
  const first = await serve();
  await expect.poll(async () => (await first.slice('monitors')).rows.length).toBe(60);
  await expect.poll(async () => (await first.slice('saves')).lastSavedAt).not.toBeNull();
  const before = (await first.slice('monitors')).rows;
  await first.end('SIGKILL');
  const second = await serve();
  await expect.poll(async () => (await second.slice('monitors')).rows.length).toBe(60);
  const after = (await second.slice('monitors')).rows;
  expect(identity(after)).toEqual(identity(before));
  // Known again, not adopted anew.
  const openedAt = new Map(before.map((row) => [identity([row])[0], row.openedAt]));
  for (const row of after) expect(row.openedAt).toBe(openedAt.get(identity([row])[0]));
});
