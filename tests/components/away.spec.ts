import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixture.ts';

const rows = [
  ['main', 'BTCUSDT', 7 * 60, 'Take-profit 1 hit: 0.350 closed at 105120.0.'],
  ['main', 'ETHUSDT', 9 * 60, 'Position of 1.35 closed: stop.'],
  ['mirror', 'BTCUSDT', 6 * 60, 'Entry order filled: 0.048 of 0.096.'],
  ['main', 'BTCUSDT', 26 * 60, 'Entry order filled: 0.206 of 0.412.'],
] as const;

test('what happened while the desk was off is told per account in order, until it is dismissed', async ({
  page,
  bench,
  complaints,
}) => {
  await bench('view=positions');
  const panel = page.getByRole('region', { name: 'While Holdfast was off' });
  await expect(panel).toHaveCount(0);
  await page.evaluate((told) => {
    const { fixture, store } = window.workbench;
    const { now } = store.getState();
    fixture.state.lists.away = told.map(([account, symbol, minutes, text], n) => ({
      id: `away-${n}`,
      account,
      symbol,
      at: now - minutes * 60_000,
      text,
    }));
    fixture.change('away', fixture.state.lists.away);
  }, rows);
  await expect(panel).toContainText('4 things happened');
  const main = panel.getByRole('region', { name: 'Main' });
  await expect(main.getByRole('listitem')).toHaveText([
    /^Yesterday, \d\d:\d\d:\d\d.*BTC.*0\.206/,
    /^\d\d:\d\d:\d\d.*ETH.*stop/,
    /^\d\d:\d\d:\d\d.*BTC.*Take-profit 1/,
  ]);
  await expect(panel.getByRole('region', { name: 'Mirror' }).getByRole('listitem')).toHaveCount(1);
  const { violations } = await new AxeBuilder({ page }).include('main section section').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await panel.getByRole('button', { name: 'Dismiss' }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByText(/^Dismissed: 4 events\./)).toBeVisible();
  expect(complaints).toEqual([]);
});
