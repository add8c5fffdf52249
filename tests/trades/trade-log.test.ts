import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Execution } from '../../src-main/domain/execution.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import { fromNumber, minus, plus, rounded, times } from '../../src-main/domain/numbers.ts';
import type { TradeEventRecord, TradeRecord } from '../../src-main/persistence/records.ts';
import type { Change, Store } from '../../src-main/persistence/store.ts';
import { createTradeLog, type TradeLog } from '../../src-main/trades/trade-log.ts';
import { sampleExecution, sampleMonitor } from '../persistence/samples.ts';
import { countOf, openBench, openLoaded } from '../persistence/support.ts';
import { savedRows } from '../support/saved-rows.ts';

/** When ends are learned: after every execution. */
const LEARNED = 1_748_737_000_000;

const byExits = (_: Monitor | null, exits: readonly Execution[]): string =>
  exits.at(-1)?.stopOrderType === 'StopLoss' ? 'stop' : 'take-profit';

const eventsOf = (store: Store): TradeEventRecord[] =>
  savedRows<TradeEventRecord>(store, 'trade_events')
    .filter(({ trade }) => trade === 'main/BTCUSDT/0/e1')
    .toReversed();

const logOf = (store: Store): TradeLog => createTradeLog(store.load(), byExits, () => LEARNED);
const nothingBefore = {
  openTrades: [],
  endedTrades: [],
  monitors: [],
  recentExecutions: new Set<string>(),
};

const entry = (execId: string, quantity: string, price: string, changes: Partial<Execution> = {}) =>
  sampleExecution({
    execId,
    quantity,
    price,
    side: 'Buy',
    closedSize: '0',
    fee: '0.1',
    ...changes,
  });
const exit = (execId: string, quantity: string, price: string, changes: Partial<Execution> = {}) =>
  entry(execId, quantity, price, { side: 'Sell', closedSize: quantity, seq: 2, ...changes });
const at = (size: string, entryPrice: string, changes: Partial<Monitor> = {}): Monitor =>
  sampleMonitor({ size, entryPrice, ...changes });

/** The last version of every trade in these changes, as the table would hold it. */
function tradesIn(changes: readonly Change[]): TradeRecord[] {
  const trades = new Map<string, TradeRecord>();
  for (const change of changes) {
    for (const trade of change.trades ?? []) trades.set(trade.id, trade);
    for (const id of change.removedTrades ?? []) trades.delete(id);
  }
  return [...trades.values()];
}

test('a trade is logged from its first fill to flat, every step once', async () => {
  const { store } = await openLoaded();
  const log = logOf(store);
  const save = (change: Change): unknown => store.save('fill', log.booked(change));
  save({ executions: [entry('e1', '1', '100')] });
  save({ monitors: [at('1', '100')] });
  save({ monitors: [at('3', '106')], executions: [entry('e2', '2', '109')] });
  const stop = { price: '106.1', quantity: 'full', source: 'position', orderId: null } as const;
  save({ monitors: [at('3', '106', { stop })] });
  save({ executions: [sampleExecution({ execId: 'f1', type: 'Funding', fee: '-0.3' })] });
  save({ monitors: [at('1', '106', { stop })], executions: [exit('t1', '2', '116')] });
  const closing = exit('s1', '1', '105', {
    stopOrderType: 'StopLoss',
    executedAt: 1_748_736_900_000,
  });
  save({ monitors: [at('0', '106', { stop, phase: 'closed' })], executions: [closing] });

  const [trade, ...others] = store.closedTrades({ limit: 9 });
  expect(others).toEqual([]);
  expect(trade).toMatchObject({
    id: 'main/BTCUSDT/0/e1',
    entered: '3',
    left: '3',
    entryPrice: '106',
    grossPnl: '19', // 2 x 10 - 1
    fees: '0.4',
    funding: '-0.3',
    realisedPnl: '18.9',
    closeReason: 'stop',
    closedAt: 1_748_736_900_000,
    adopted: false,
  });
  expect(
    eventsOf(store)
      .map((event) => event.kind)
      .sort(),
  ).toEqual(['opened', 'entry', 'entry', 'change', 'funding', 'exit', 'exit', 'closed'].sort());
  expect(eventsOf(store).find((event) => event.kind === 'change')?.text).toBe(
    'Stop moved from 62000 to 106.1.',
  );
});

test('P51 executions replayed after a restart are not booked again', async () => {
  const first = await openLoaded();
  const executions = [entry('e1', '2', '100')];
  const log = logOf(first.store);
  first.store.save('fill', log.booked({ executions }));
  first.store.save('monitor-created', log.booked({ monitors: [at('2', '100')] }));
  const half = { executions: [exit('t1', '1', '110')], monitors: [at('1', '100')] };
  first.store.save('take-profit-hit', log.booked(half));
  first.store.close();

  const second = await openBench(first.dataDir);
  const again = logOf(second.store);
  for (const change of [{ executions }, half]) {
    second.store.save('fill', again.booked(change));
  }
  const rest = {
    executions: [exit('t1', '1', '110'), exit('t2', '1', '120')],
    removedMonitors: [positionKey(at('0', '100'))],
  };
  second.store.save('position-closed', again.booked(rest));
  second.store.save('position-closed', again.booked(rest));
  expect(second.store.closedTrades({ limit: 9 })).toMatchObject([
    { left: '2', grossPnl: '30', fees: '0.3', realisedPnl: '29.7' },
  ]);
  expect([countOf(first.dataDir, 'trades'), countOf(first.dataDir, 'executions')]).toEqual([1, 3]);
});

test('P52 the result is price difference x quantity less costs, whatever the order of events', () => {
  const step = fc.record({
    grow: fc.boolean(),
    quantity: fc.integer({ min: 1, max: 40 }),
    price: fc.integer({ min: 500, max: 1500 }),
    monitorFirst: fc.boolean(),
    again: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.boolean(),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      (long, endFirst, steps) => {
        const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
        const side = long ? 'long' : 'short';
        const changes: Change[] = [];
        let size = '0';
        let average = '0';
        let cash = '0';
        let fees = '0';
        let seq = 0;
        const move = (id: string, grow: boolean, quantity: string, price: string): Execution => {
          const cost = times(quantity, price);
          const bought = grow === long;
          cash = bought ? minus(cash, cost) : plus(cash, cost);
          fees = plus(fees, '0.1');
          seq += 1;
          if (grow) {
            const total = plus(times(average, size), cost);
            size = plus(size, quantity);
            average = rounded(String(Number(total) / Number(size)), 20);
          } else size = minus(size, quantity);
          return entry(id, quantity, price, {
            side: bought ? 'Buy' : 'Sell',
            closedSize: grow ? '0' : quantity,
            seq,
          });
        };
        const tell = (executions: Execution[], monitorFirst: boolean, closed = false): void => {
          const monitors = [at(size, average, { side, phase: closed ? 'closed' : 'protected' })];
          if (monitorFirst) changes.push(log.booked({ monitors }), log.booked({ executions }));
          else changes.push(log.booked({ monitors, executions }));
        };
        for (const [index, { grow, quantity, price, monitorFirst, again }] of steps.entries()) {
          const amount = fromNumber(
            grow || index === 0 ? quantity : Math.min(quantity, Number(size) - 1),
          );
          if (amount === '0') continue;
          const execution = move(`x${index}`, grow || index === 0, amount, fromNumber(price));
          tell([execution], monitorFirst && index > 0);
          if (again) tell([execution], false);
        }
        tell([move('last', false, size, '1000')], endFirst, true);
        const [trade, ...others] = tradesIn(changes);
        expect(others).toEqual([]);
        expect(trade?.closedAt).not.toBeNull();
        const difference = Number(minus(trade?.realisedPnl ?? 'nothing', minus(cash, fees)));
        expect(Math.abs(difference)).toBeLessThan(1e-6); // the model's average is a float
      },
    ),
    { numRuns: 200, seed: 11 },
  );
});

test('P51 exits learned after the end complete the trade, also after a restart, and only once', async () => {
  const first = await openLoaded();
  const log = logOf(first.store);
  const save = (change: Change): unknown => first.store.save('fill', log.booked(change));
  save({ executions: [entry('e1', '3', '100')] });
  save({ monitors: [at('3', '100')] });
  save({ monitors: [at('2', '100')], executions: [exit('t1', '1', '110')] });
  save({ removedMonitors: [positionKey(at('2', '100'))] });
  const trades = (store: Store): TradeRecord[] => store.closedTrades({ limit: 9 });
  expect(trades(first.store)).toMatchObject([{ left: '1', realisedPnl: null, closedAt: LEARNED }]);
  const half = { executions: [exit('t2', '1', '120')] };
  save(half);
  save(half);
  expect(trades(first.store)).toMatchObject([{ left: '2', fees: '0.3', realisedPnl: null }]);
  first.store.close();

  const second = await openBench(first.dataDir);
  const again = logOf(second.store);
  const last = exit('s1', '1', '95', { stopOrderType: 'StopLoss', executedAt: LEARNED - 5 });
  for (const executions of [[exit('t2', '1', '120'), last], [last]]) {
    second.store.save('fill', again.booked({ executions }));
  }
  expect(trades(second.store)).toMatchObject([
    {
      id: 'main/BTCUSDT/0/e1',
      entered: '3',
      left: '3',
      grossPnl: '25', // 10 + 20 - 5
      fees: '0.4',
      realisedPnl: '24.6',
      closeReason: 'stop',
      closedAt: LEARNED - 5,
    },
  ]);
  const kinds = eventsOf(second.store).map((event) => event.kind);
  expect(kinds.filter((kind) => kind === 'exit')).toHaveLength(3);
  const complete = trades(second.store);
  second.store.save(
    'fill',
    again.booked({ executions: [exit('s2', '1', '90', { executedAt: LEARNED - 4 })] }),
  );
  expect(trades(second.store)).toEqual(complete);
});

test('what is learned late goes to the trade it fits, not to the next one of the same symbol', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  const first = at('2', '100', { phaseChangedAt: 1 });
  // The venue gives both the same `openedAt`: when the symbol was first held.
  const next = at('5', '200', { phaseChangedAt: LEARNED + 1_000 });
  const booked = [
    log.booked({ monitors: [first] }),
    log.booked({ removedMonitors: [positionKey(first)] }),
    log.booked({ monitors: [next] }),
    log.booked({
      executions: [
        sampleExecution({ execId: 'f1', type: 'Funding', fee: '0.2', executedAt: LEARNED - 60 }),
        exit('late', '2', '110', { executedAt: LEARNED - 50 }),
        exit('new', '1', '210', { executedAt: LEARNED + 2_000 }),
        sampleExecution({ execId: 'f2', type: 'Funding', fee: '0.3', executedAt: LEARNED + 3_000 }),
      ],
    }),
  ];
  expect(tradesIn(booked)).toMatchObject([
    { entered: '2', left: '2', funding: '0.2', realisedPnl: '19.7', closedAt: LEARNED - 50 },
    { entered: '5', left: '1', funding: '0.3', grossPnl: '10', closedAt: null },
  ]);
});

test('funding learned after a complete end changes the result by just that', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  const last = exit('x', '2', '110', { stopOrderType: 'StopLoss', executedAt: LEARNED - 10 });
  const funding = sampleExecution({
    execId: 'f',
    type: 'Funding',
    fee: '0.5',
    executedAt: LEARNED - 20,
  });
  const before = tradesIn([
    log.booked({ monitors: [at('2', '100')] }),
    log.booked({ executions: [last], removedMonitors: [positionKey(at('2', '100'))] }),
  ]);
  const [after] = tradesIn([log.booked({ executions: [funding] })]);
  expect(before).toMatchObject([{ realisedPnl: '19.9' }]);
  expect(after).toEqual({ ...before[0], funding: '0.5', realisedPnl: '19.4' });
  expect(
    log.booked({ executions: [{ ...funding, execId: 'g', executedAt: LEARNED }] }).trades,
  ).toBe(undefined);
});

test('an adopted position says that its entries were not all seen', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  const adopted = log.booked({ monitors: [at('2', '100')] });
  expect(adopted.trades).toMatchObject([{ adopted: true, entered: '2', entryPrice: '100' }]);
  expect(adopted.tradeEvents?.[0]?.text).toContain('Not all of its entries were seen');
});

test('a position that went flat unseen has no invented result', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  log.booked({ monitors: [at('3', '100')] });
  log.booked({ monitors: [at('2', '100')], executions: [exit('t1', '1', '110')] });
  const [trade] = tradesIn([log.booked({ removedMonitors: [positionKey(at('2', '100'))] })]);
  expect(trade).toMatchObject({
    left: '1',
    grossPnl: '10',
    realisedPnl: null,
    closeReason: 'take-profit',
  });
});

test('an execution that turns a position over ends one trade and opens the other', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  const first = log.booked({ monitors: [at('2', '100')], executions: [entry('e1', '2', '100')] });
  const over = log.booked({
    monitors: [at('1', '110', { side: 'short', openedAt: 1_748_737_000_000 })],
    executions: [exit('x', '3', '110', { closedSize: '2', fee: '0.3' })],
  });
  const [long, short] = tradesIn([first, over]);
  expect(long).toMatchObject({ side: 'long', left: '2', grossPnl: '20', fees: '0.3' });
  expect(long?.realisedPnl).toBe('19.7');
  expect(short).toMatchObject({ side: 'short', entered: '1', fees: '0.1', adopted: false });
});

test('P08 the two legs of a hedge are two trades', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  const legs = [
    at('2', '100', { positionIdx: 1, side: 'long' }),
    at('2', '100', { positionIdx: 2, side: 'short' }),
  ];
  log.booked({ monitors: legs });
  const [trade, ...others] = tradesIn([log.booked({ executions: [exit('x', '2', '90')] })]);
  expect(others).toEqual([]);
  expect(trade).toMatchObject({ side: 'long', left: '2', grossPnl: '-20' });
  const buy = exit('y', '1', '90', { side: 'Buy' });
  expect(tradesIn([log.booked({ executions: [buy] })])).toMatchObject([
    { side: 'short', left: '1', grossPnl: '10' },
  ]);
});

test('E1 an execution of a kind nobody knows is in no result, and the trade says that its result is not known', () => {
  const log = createTradeLog(nothingBefore, byExits, () => LEARNED);
  const before = log.booked({ executions: [entry('e1', '2', '100')] });
  const merge = exit('m', '1', '120', { type: 'other', others: { execType: 'Merge' } });
  const told = log.booked({ executions: [merge] });
  expect(told.tradeEvents?.[0]?.text).toBe(
    'An execution of a kind that is not known here (Merge) is not booked: 1 at 120. The result is not known.',
  );
  const end = log.booked({ executions: [exit('x', '2', '110')] });
  expect(tradesIn([before, told, end])).toMatchObject([
    { size: '0', left: '2', grossPnl: null, realisedPnl: null },
  ]);
  expect(end.tradeEvents?.at(-1)?.text).toContain('of a kind that is not known here');
});

test('H7 a fee or funding payment that cannot be told leaves the result not known, never better than it is', async () => {
  const costs: [string, Partial<Execution>, string][] = [
    ['fees', { fee: null }, 'a fee'],
    ['funding', { fee: null, type: 'Funding', closedSize: null }, 'a funding payment'],
  ];
  for (const [field, odd, what] of costs) {
    const { store } = await openLoaded();
    const log = logOf(store);
    const save = (change: Change): unknown => store.save('fill', log.booked(change));
    save({ executions: [entry('e1', '1', '100')], monitors: [at('1', '100')] });
    if (field === 'funding') save({ executions: [entry('f1', '1', '100', odd)] });
    save({
      executions: [exit('x1', '1', '110', field === 'fees' ? odd : {})],
      monitors: [at('0', '100', { phase: 'closed' })],
    });
    const [trade] = savedRows<TradeRecord>(store, 'trades');
    expect(trade).toMatchObject({ [field]: null, grossPnl: '10', realisedPnl: null });
    expect(eventsOf(store).map(({ text }) => text)).toContainEqual(
      expect.stringContaining(`not known, because ${what} of it is not known`),
    );
  }
});
