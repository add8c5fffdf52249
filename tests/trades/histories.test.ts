import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Execution } from '../../src-main/domain/execution.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import { dividedBy, rounded } from '../../src-main/domain/numbers.ts';
import type { PositionIdx, Side } from '../../src-main/domain/position.ts';
import { mapExecution } from '../../src-main/exchange/bybit/map-execution.ts';
import type { Change } from '../../src-main/persistence/store.ts';
import { deleverage } from '../../src-main/practice/engine/account/deleverage.ts';
import { delist } from '../../src-main/practice/engine/account/delist.ts';
import { payFunding } from '../../src-main/practice/engine/account/funding.ts';
import { switchMode } from '../../src-main/practice/engine/account/settings.ts';
import { contractOf, isOpen } from '../../src-main/practice/engine/state/venue.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import { sampleMonitor } from '../persistence/samples.ts';
import { bareWorld } from '../practice/support.ts';
import { keptLog } from './kept-log.ts';
import { differencesOf } from './venue-trades.ts';

const opening = { BTCUSDT: 60_000, SOLUSDT: 150, ETHUSDT: 2_500 };
const lot = { BTCUSDT: 0.001, SOLUSDT: 0.1, ETHUSDT: 0.01 };
type Symbol = keyof typeof opening;
const symbols = Object.keys(opening) as Symbol[];

const step = fc.record({
  symbol: fc.constantFrom(...symbols),
  what: fc.oneof(
    { weight: 12, arbitrary: fc.constant('market' as const) },
    { weight: 6, arbitrary: fc.constant('limit' as const) },
    { weight: 3, arbitrary: fc.constant('close' as const) },
    { weight: 3, arbitrary: fc.constant('stop' as const) },
    { weight: 2, arbitrary: fc.constant('funding' as const) },
    { weight: 2, arbitrary: fc.constant('adl' as const) },
    { weight: 2, arbitrary: fc.constant('crash' as const) },
  ),
  buy: fc.boolean(),
  /** In hedge mode: the leg a closing order names, rather than the one it would open. */
  closes: fc.boolean(),
  lots: fc.integer({ min: 1, max: 60 }),
  move: fc.integer({ min: -300, max: 300 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What was open at a time (ms). */
interface Look {
  at: number;
  held: {
    symbol: string;
    positionIdx: PositionIdx;
    side: Side;
    size: string;
    entryPrice: string;
  }[];
}

/**
 * What a venue went through, ending flat; every execution it told of, oldest first, and its positions
 * after each step.
 */
function history(
  steps: readonly Step[],
  mode: 'one-way' | 'hedge',
  isolated: boolean,
  every = 1_000,
) {
  const { main, place, price, venue, rowsOf, world } = bareWorld();
  const levels: Record<Symbol, number> = { ...opening };
  const to = (symbol: Symbol, level: number): void => {
    levels[symbol] = Math.round(level * 100) / 100;
    price(symbol, levels[symbol].toFixed(2));
  };
  const looks: Look[] = [];
  const tried = (work: () => unknown): void => {
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
    }
  };
  main.marginMode = isolated ? 'ISOLATED_MARGIN' : 'REGULAR_MARGIN';
  for (const symbol of symbols) {
    if (mode === 'hedge') switchMode(venue, main, { symbol, mode: '3' });
    to(symbol, opening[symbol]);
  }
  const open = () => [...main.positions.values()].filter(isOpen);
  const leg = (symbol: Symbol) => open().find((one) => one.symbol === symbol);

  for (const { symbol, what, buy, closes, lots, move } of steps) {
    world.venue.time.step(every);
    const side = buy ? 'Buy' : 'Sell';
    const positionIdx = mode === 'one-way' ? 0 : buy === closes ? 2 : 1;
    const qty = (lots * lot[symbol]).toFixed(3);
    const about = { symbol, side, positionIdx, qty };
    const drift = levels[symbol] * (1 + move / 10_000);
    if (what === 'market') tried(() => place({ ...about, orderType: 'Market' }));
    else if (what === 'limit')
      tried(() => place({ ...about, orderType: 'Limit', price: drift.toFixed(2) }));
    else if (what === 'stop')
      tried(() =>
        place({
          ...about,
          orderType: 'Market',
          triggerPrice: drift.toFixed(2),
          triggerDirection: move > 0 ? 1 : 2,
          reduceOnly: closes,
        }),
      );
    else if (what === 'funding')
      payFunding(venue, venue.time.now() - 1, venue.time.now() + 28_800_000);
    else if (what === 'crash') to(symbol, levels[symbol] * (buy ? 1.35 : 0.7));
    else {
      const position = leg(symbol);
      if (position && what === 'adl') deleverage(venue, main, position, `0.${(lots % 9) + 1}`);
      if (position && what === 'close')
        tried(() =>
          place({
            ...about,
            side: position.side === 'Buy' ? 'Sell' : 'Buy',
            positionIdx: position.idx,
            orderType: 'Market',
            reduceOnly: true,
          }),
        );
    }
    if (what !== 'crash') to(symbol, drift);
    const held = open().map(({ symbol: of, idx, side: bought, size, entryValue }) => ({
      symbol: of,
      positionIdx: idx,
      side: bought === 'Buy' ? ('long' as const) : ('short' as const),
      size,
      entryPrice: rounded(dividedBy(entryValue, size), 8),
    }));
    looks.push({ at: venue.time.now(), held });
  }
  looks.push({ at: venue.time.now() + every, held: [] });
  // Everything ends: two contracts in the market, the third by its settlement.
  delist(venue, contractOf(venue, 'ETHUSDT'));
  for (const order of main.open.values()) if (!order.reduceOnly) tried(() => undefined);
  for (const position of open())
    place({
      symbol: position.symbol,
      side: position.side === 'Buy' ? 'Sell' : 'Buy',
      positionIdx: position.idx,
      orderType: 'Market',
      qty: position.size,
      reduceOnly: true,
    });
  const executions = rowsOf('execution').map((row) => mapExecution('main', row));
  return { account: main, executions, looks };
}

const delivery = fc.array(
  fc.record({
    many: fc.integer({ min: 1, max: 6 }),
    again: fc.boolean(),
    restart: fc.integer({ min: 0, max: 9 }),
  }),
  {
    minLength: 10,
    maxLength: 10,
  },
);

for (const mode of ['one-way', 'hedge'] as const) {
  test(`H2 H5 H7 ${mode}: over random histories every trade agrees with the exchange’s own log to the last digit`, () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        delivery,
        (steps, isolated, batches) => {
          const { account, executions } = history(steps, mode, isolated);
          for (const { type } of executions) kinds.set(type, (kinds.get(type) ?? 0) + 1);
          const log = keptLog(() => Date.UTC(2025, 5, 2));
          for (let from = 0, batch = 0; from < executions.length; batch += 1) {
            const { many, again, restart } = batches[batch % batches.length] as (typeof batches)[0];
            // In whatever order they come within a message, some of them twice, over restarts.
            const some: Execution[] = executions.slice(
              Math.max(0, from - (again ? 3 : 0)),
              from + many,
            );
            log.take({ executions: some.toSorted((a, b) => b.executedAt - a.executedAt) });
            if (restart === 0) log.restart();
            from += many;
          }
          expect(differencesOf(log.trades(), account)).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 5 },
    );
    expect([...kinds.keys()].sort()).toEqual([
      'AdlTrade',
      'BustTrade',
      'Funding',
      'Settle',
      'Trade',
    ]);
  });
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

for (const mode of ['one-way', 'hedge'] as const) {
  test(`H2 H5 ${mode}: executions that overtake each other on the way give the books they give in their order`, () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 40, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 10, maxLength: 10 }),
        (steps, delays, batches) => {
          const { account, executions } = history(steps, mode, false);
          const inOrder = keptLog(() => Date.UTC(2025, 5, 2));
          inOrder.take({ executions });
          const late = executions
            .map((execution, index) => ({ execution, at: index + (delays[index % 40] ?? 0) }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ execution }) => execution);
          const log = keptLog(() => Date.UTC(2025, 5, 2));
          for (let from = 0, batch = 0; from < late.length; batch += 1) {
            const many = batches[batch % batches.length] ?? 1;
            log.take({ executions: late.slice(from, from + many) });
            from += many;
          }
          expect(differencesOf(log.trades(), account)).toEqual([]);
          expect(log.trades().toSorted(byId)).toEqual(inOrder.trades().toSorted(byId));
          expect(log.events().toSorted(byId)).toEqual(inOrder.events().toSorted(byId));
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
}

/** A monitor's words: of what is open, and of what ended since the look before. */
function wordsOf(look: Look, before: Look | undefined): Monitor[] {
  const word = (held: Look['held'][number]): Monitor =>
    sampleMonitor({ ...held, phaseChangedAt: look.at, updatedAt: look.at });
  const ended = (before?.held ?? []).filter(
    ({ symbol, side }) => !look.held.some((one) => one.symbol === symbol && one.side === side),
  );
  return [
    ...ended.map((held) => ({ ...word(held), size: '0', phase: 'closed' as const })),
    ...look.held.map(word),
  ];
}

for (const mode of ['one-way', 'hedge'] as const) {
  test(`H2 H5 ${mode}: over outages, after which the positions are told first and the executions late, every trade agrees`, () => {
    const MINUTE = 60_000;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        fc.integer({ min: 1, max: 90_000 }),
        (steps, cut, listed) => {
          const { account, executions, looks } = history(steps, mode, false, MINUTE);
          const began = (looks[0]?.at ?? 0) - MINUTE / 2;
          const isCut = (at: number): boolean => cut[Math.floor((at - began) / MINUTE)] ?? false;
          const backAt = (at: number): number => {
            let end = at;
            while (isCut(end)) end += MINUTE;
            return began + Math.floor((end - began) / MINUTE) * MINUTE;
          };
          const changes = executions.map((execution): { at: number; change: Change } => {
            const at = execution.executedAt;
            const learned = isCut(at) ? backAt(at) + listed : at + 200;
            return { at: learned, change: { executions: [execution] } };
          });
          let last: Look | undefined;
          for (const [index, look] of looks.entries()) {
            const next = looks[index + 1];
            // After an outage only the last of the positions is told.
            if (isCut(look.at) && next && next.at < backAt(look.at)) continue;
            const at = isCut(look.at) ? backAt(look.at) : look.at + 300;
            changes.push({ at, change: { monitors: wordsOf(look, last) } });
            last = look;
          }
          let now = began;
          const log = keptLog(() => now);
          for (const { at, change } of changes.toSorted((a, b) => a.at - b.at)) {
            now = at;
            log.take(change);
          }
          expect(differencesOf(log.trades(), account)).toEqual([]);
        },
      ),
      { numRuns: 100, seed: 9 },
    );
  });
}
