import { expect, test } from 'vitest';
import type { AccountRow } from '../../src-preload/contract/accounts.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import type { Connection } from '../../src-renderer/client/connection.ts';
import { criticalNews } from '../../src-renderer/frame/critical-news.tsx';
import { isFilled } from '../../src-renderer/parts/ladder.tsx';
import type { DeskState } from '../../src-renderer/state/desk-state.ts';
import { doubtfulKeys } from '../../src-renderer/views/positions/doubt.ts';
import {
  attentionOf,
  profitIfStopped,
  profitShare,
  protectionOf,
} from '../../src-renderer/views/positions/protection.ts';
import { mayWait } from '../../src-renderer/views/positions/sample.ts';
import { totalsOf } from '../../src-renderer/views/positions/totals.ts';
import { verdictOf } from '../../src-renderer/views/positions/verdict.ts';
import { fixtureState } from './fixture-state.ts';

const now = 1_800_000_000_000;
const open: Connection = { state: 'open', since: now, attempts: 0, refused: false };
const { accounts } = fixtureState({ positions: 2, now, seed: 1 }).lists;

const position = (part: Partial<PositionRow> = {}): PositionRow => ({
  account: 'main',
  symbol: 'ETHUSDT',
  side: 'long',
  positionIdx: 0,
  size: '2',
  entryPrice: '100',
  markPrice: '110',
  unrealisedPnl: '20',
  leverage: '5',
  liquidationPrice: '60',
  stop: { price: '95', quantity: 'full', source: 'position' },
  protectedSize: '2',
  takeProfits: [],
  phase: 'protected',
  urgency: 'stable',
  breakevenMoved: false,
  nearest: null,
  priceDecimals: 2,
  quantityDecimals: 1,
  asOf: now,
  source: 'stream',
  ...part,
});

const say = (
  positions: PositionRow[] | null,
  rows: AccountRow[] | null = accounts,
  part: { connection?: Connection; paused?: boolean } = {},
): string => {
  const facts = { connection: open, paused: false, ttlMs: 15_000, now, ...part };
  const { alarm, rest } = verdictOf({ accounts: rows, positions, ...facts });
  return `${alarm} ${rest}`.trim().replaceAll('\u2009', ' ');
};

test('all protected is said only when all are', () => {
  expect(say([position(), position()])).toBe('All 2 positions are protected.');
  expect(say([position()])).toBe('The one open position is protected.');
  expect(say([])).toBe('No open positions.');
});

test('P21 a position without a stop is said first', () => {
  const naked = position({ stop: null, protectedSize: '0' });
  expect(say([naked, position()])).toBe('1 position has no stop. 1 is protected.');
});

test('a stop that covers part of the size is not protection', () => {
  expect(say([position({ protectedSize: '1.999' })])).toBe('1 is only partly protected.');
  expect(protectionOf(position({ protectedSize: '2.0000' })).state).toBe('full');
});

test('what a stop covers is unknown until the desk has looked: neither safe nor unprotected', () => {
  const unchecked = position({ protectedSize: '0' });
  expect(protectionOf(unchecked).state).toBe('unknown');
  expect(say([unchecked, position()])).toBe('1 position is not checked yet. 1 is protected.');
});

test('a stop beyond liquidation is not protection', () => {
  expect(say([position({ liquidationPrice: '96' })])).toBe('1 has its stop beyond liquidation.');
  const short = position({
    side: 'short',
    stop: { price: '130', quantity: 'full', source: 'order' },
  });
  expect(protectionOf({ ...short, liquidationPrice: '120' }).stopBeyondLiquidation).toBe(true);
  expect(protectionOf({ ...short, liquidationPrice: '150' }).stopBeyondLiquidation).toBe(false);
});

test('P18 an account that was not read is never shown as safe or empty', () => {
  const unread = accounts.map((row) => (row.id === 'mirror' ? { ...row, asOf: null } : row));
  expect(say([position()], unread)).toBe(
    'Mirror is not known yet. 1 was protected when last seen.',
  );
  expect(say([], unread)).toBe('Mirror is not known yet.');
  expect(say(null)).toBe('Reading the accounts…');
});

test('old facts and a lost connection are said, not shown as now', () => {
  const old = accounts.map((row) => ({ ...row, asOf: now - 120_000 }));
  expect(say([position()], old)).toBe(
    'What you see of Main and Mirror is 2 min old and not certain. 1 was protected when last seen.',
  );
});

test('what was read is not certain one TTL after its stream went', () => {
  const down = accounts.map(
    (row): AccountRow =>
      row.id === 'main' ? { ...row, streamState: 'down' } : { ...row, asOf: now },
  );
  const other = position({ account: 'mirror', asOf: now - 20_000 });
  const within = position({ asOf: now - 15_000 });
  expect(say([within, other], down)).toBe('All 2 positions are protected.');
  const beyond = position({ symbol: 'BTCUSDT', asOf: now - 49_000 });
  expect(say([within, beyond, other], down)).toBe(
    'What you see of Main is 49 s old and not certain. 3 were protected when last seen.',
  );
  expect([...doubtfulKeys(down, [within, beyond, other], 15_000, now)]).toEqual(['main/BTCUSDT/0']);
  // A ready stream tells of every change: a fact that nothing changed is old and still true.
  expect(doubtfulKeys(accounts, [beyond], 15_000, now).size).toBe(0);
});

test('a lost connection leaves what is shown as old as the oldest of it', () => {
  const connection: Connection = {
    state: 'lost',
    since: now - 12_000,
    attempts: 3,
    refused: false,
  };
  const lost = 'Not known: the connection to the desk is lost. What you see was true';
  expect(say([position()], accounts, { connection })).toBe(`${lost} 12 s ago.`);
  const older = position({ asOf: now - 61_000 });
  const never = position({ asOf: 0 });
  expect(say([position(), older, never], accounts, { connection })).toBe(`${lost} 1 min ago.`);
});

test('a paused Holdfast says that it does not act and whose protection is shown', () => {
  const paused = true;
  expect(say([position(), position()], accounts, { paused })).toBe(
    'Holdfast is paused and does not act. All 2 positions are protected by what stands at the exchange.',
  );
  const naked = position({ stop: null, protectedSize: '0' });
  expect(say([naked, position()], accounts, { paused })).toBe(
    '1 position has no stop. Holdfast is paused and does not act. 1 is protected by what stands at the exchange.',
  );
  expect(say([], accounts, { paused })).toBe(
    'Holdfast is paused and does not act. No open positions.',
  );
});

test('reasons to look are in words and name every one', () => {
  expect(attentionOf(position(), now)).toEqual([]);
  const worst = position({ protectedSize: '1', liquidationPrice: '99', asOf: now - 61_000 });
  expect(attentionOf(worst, now)).toEqual([
    'partly protected',
    'stop beyond liquidation',
    'not seen lately',
  ]);
});

test('totals are exact and say what they leave out', () => {
  const rows = [
    position({ unrealisedPnl: '0.1' }),
    position({ unrealisedPnl: '0.2' }),
    position({ unrealisedPnl: null, stop: null, protectedSize: '0' }),
  ];
  expect(totalsOf(rows)).toMatchObject({
    positions: 3,
    unrealisedPnl: '0.3',
    withoutPnl: 1,
    ifStopped: '-20',
    withoutStop: 1,
  });
  expect(profitIfStopped(position({ side: 'short' }))).toBe('10');
});

test('P52 the share of P&L is of price times quantity; leverage changes nothing', () => {
  expect(profitShare(position())).toBeCloseTo(0.1, 12);
  expect(profitShare(position({ leverage: '50' }))).toBe(profitShare(position()));
  expect(profitShare(position({ unrealisedPnl: null }))).toBeNull();
});

test('P14 a take-profit filled in part is not counted as filled', () => {
  const rung = { level: 1, price: '120', quantity: '0.85', filledQuantity: '0.849', orderId: 'a' };
  expect(isFilled(rung)).toBe(false);
  expect(isFilled({ ...rung, filledQuantity: '0.850' })).toBe(true);
});

test('P50 what a screen reader is told at once changes only when the news does', () => {
  const naked = position({ stop: null, protectedSize: '0' });
  const state = (row: PositionRow): Pick<DeskState, 'connection' | 'slices'> => ({
    connection: open,
    slices: {
      positions: { epoch: 'e', version: 1, asking: false, value: new Map([['k', row]]) },
    },
  });
  expect(criticalNews(state(naked))).toBe('No stop on ETHUSDT, main.');
  expect(criticalNews(state({ ...naked, markPrice: '1' }))).toBe(criticalNews(state(naked)));
  expect(criticalNews(state(position()))).toBe('');
});

test('a move of marks may wait for the next sample; a stop that goes may not', () => {
  const key = 'main/ETHUSDT/0';
  const before = new Map([[key, position()]]);
  expect(mayWait(before, new Map([[key, position({ markPrice: '111' })]]))).toBe(true);
  expect(mayWait(before, new Map([[key, position({ stop: null, protectedSize: '0' })]]))).toBe(
    false,
  );
  expect(mayWait(before, new Map())).toBe(false);
});
