import { expect, test } from 'vitest';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import { titleOf } from '../../src-preload/contract/verdict.ts';
import type { Connection } from '../../src-renderer/client/connection.ts';
import { criticalNews } from '../../src-renderer/frame/critical-news.tsx';
import { isFilled } from '../../src-renderer/parts/figures/ladder.tsx';
import { shownVerdict } from '../../src-renderer/parts/verdict-text.ts';
import type { DeskState } from '../../src-renderer/state/desk-state.ts';
import { profitShare } from '../../src-renderer/views/positions/figures.ts';
import { mayWait } from '../../src-renderer/views/positions/sample.ts';
import { totalsOf } from '../../src-renderer/views/positions/totals.ts';
import { judged, verdictOfRows } from '../support/judged.ts';
import { fixtureState } from './fixture-state.ts';

const now = 1_800_000_000_000;
const { accounts } = fixtureState({ positions: 2, now, seed: 1 }).lists;

const position = (part: Partial<PositionRow> = {}): PositionRow =>
  judged({
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

const link = (part: Partial<Connection> = {}): Connection => ({
  state: 'open',
  since: now,
  attempts: 0,
  refused: false,
  ...part,
});

const wide = (text: string): string => text.replaceAll('\u2009', ' ');

test('the screen says what the desk says, word for word', () => {
  const rows = [position(), position({ symbol: 'BTCUSDT', stop: null, protectedSize: '0' })];
  const verdict = verdictOfRows(accounts, rows, { paused: false, now });
  expect(shownVerdict(link(), verdict, now)).toBe(verdict);
  expect(shownVerdict(link(), null, now).sentence).toBe('Reading the accounts…');
});

test('a lost connection makes the verdict old, as old as what the desk knew then', () => {
  const verdict = verdictOfRows(accounts, [position()], { paused: false, now });
  const lost = link({ state: 'lost', since: now - 12_000, attempts: 3 });
  const said = (asOf: number | null): string =>
    wide(shownVerdict(lost, { ...verdict, asOf }, now).sentence);
  const words = 'Not known: the connection to the desk is lost. What you see was true';
  expect(said(now)).toBe(`${words} 12 s ago.`);
  expect(said(now - 61_000)).toBe(`${words} 1 min ago.`);
  expect(said(null)).toBe(`${words} 12 s ago.`);
  const { alarm, sentence, severity } = shownVerdict(lost, verdict, now);
  expect(severity).toBe('unknown');
  expect(sentence.startsWith(alarm)).toBe(true);
  expect(titleOf({ severity, sentence })).toMatch(/^\(!\) Not known/);
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
    connection: link(),
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
