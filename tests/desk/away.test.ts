import { expect, test } from 'vitest';
import { AWAY, createAway } from '../../src-main/desk/away.ts';
import type { TimelineRecord, TradeEventRecord } from '../../src-main/persistence/records.ts';
import { sampleTrade } from '../persistence/samples.ts';

const startedAt = 1_000_000;

const line = (id: string, at: number, text = `Line ${id}.`): TimelineRecord => ({
  id,
  account: 'main',
  symbol: 'BTCUSDT',
  positionIdx: 0,
  at,
  stage: 'confirmed',
  text,
  detail: null,
});

const step = (id: string, kind: TradeEventRecord['kind'], at: number): TradeEventRecord => ({
  id,
  trade: 'trade',
  account: 'main',
  kind,
  at,
  price: null,
  quantity: null,
  fee: null,
  text: `Step ${id}.`,
});

const awayWith = (of: Partial<Parameters<typeof createAway>[0]> = {}) =>
  createAway({ saved: undefined, hasRun: true, startedAt, onChange: () => {}, ...of });

test('P16 what happened before the start is listed oldest first, once, and saved with the change that tells it', () => {
  const away = awayWith();
  const change = away.noticed({ timeline: [line('b', 900_000), line('now', startedAt)] });
  expect(change.settings).toEqual({ [AWAY]: [expect.objectContaining({ id: 'b' })] });
  away.noticed({ timeline: [line('b', 900_000), line('a', 800_000)] });
  expect(away.rows().map(({ id, at }) => [id, at])).toEqual([
    ['a', 800_000],
    ['b', 900_000],
  ]);
  const quiet = { timeline: [line('later', startedAt + 1)] };
  expect(away.noticed(quiet)).toBe(quiet);
});

test('H5 a trade that lived wholly meanwhile is listed by its first and last step', () => {
  const away = awayWith();
  away.noticed({
    trades: [sampleTrade({ id: 'trade', symbol: 'SOLUSDT' })],
    tradeEvents: [
      step('o', 'opened', 500_000),
      step('e', 'entry', 500_000),
      step('x', 'exit', 600_000),
      step('c', 'closed', 600_000),
    ],
  });
  expect(away.rows().map(({ symbol, text }) => [symbol, text])).toEqual([
    ['SOLUSDT', 'Step o.'],
    ['SOLUSDT', 'Step c.'],
  ]);
});

test('the list is there again after a restart until it is dismissed; a first run was not away', () => {
  const before = awayWith();
  const { settings } = before.noticed({ timeline: [line('a', 1)] });
  const after = awayWith({ saved: JSON.parse(JSON.stringify(settings?.[AWAY])) });
  expect(after.rows()).toEqual(before.rows());
  expect(after.dismiss()).toEqual({ dismissed: 1, change: { settings: { [AWAY]: [] } } });
  expect(after.rows()).toEqual([]);
  expect(awayWith({ saved: 'nonsense' }).rows()).toEqual([]);
  const first = awayWith({ hasRun: false });
  first.noticed({ timeline: [line('a', 1)] });
  expect(first.rows()).toEqual([]);
});
