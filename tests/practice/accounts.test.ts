import { expect, it } from 'vitest';
import { startPractice } from '../../src-main/practice/server.ts';
import { bareWorld, practiceCall, type Rows } from './support.ts';

it('X9 as many accounts as asked for, main and mirror in turns, each with its positions', async () => {
  const { venue } = bareWorld({ scenario: 'desk', accounts: 5 });
  expect(venue.accounts.map(({ name, role }) => [name, role])).toEqual([
    ['main', 'main'],
    ['mirror', 'mirror'],
    ['main-2', 'main'],
    ['mirror-2', 'mirror'],
    ['main-3', 'main'],
  ]);
  for (const account of venue.accounts)
    expect([...account.positions.values()].filter((one) => one.side !== '')).toHaveLength(30);
  expect(new Set(venue.accounts.map((one) => one.apiKey)).size).toBe(5);
});

it('X9 each is known by its name; two are the default', async () => {
  const three = await startPractice({ scenario: 'empty', clock: 'stepped', accounts: 3 });
  expect(three.accounts.map(({ id }) => id)).toEqual(['main', 'mirror', 'main-2']);
  const order = { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.01' };
  await practiceCall(three, 'order', { account: 'main-2', ...order });
  const { accounts } = (await practiceCall(three, 'truth')) as {
    accounts: { account: string; positions: Rows }[];
  };
  expect(accounts.map(({ positions }) => positions.length)).toEqual([0, 0, 1]);
  await three.stop();
  const usual = await startPractice({ scenario: 'empty', clock: 'stepped' });
  expect(usual.accounts.map(({ id }) => id)).toEqual(['main', 'mirror']);
  await usual.stop();
});
