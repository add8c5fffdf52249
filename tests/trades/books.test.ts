import { expect, test } from 'vitest';
import type { Execution } from '../../src-main/domain/execution.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import type { TradeRecord } from '../../src-main/persistence/records.ts';
import type { Change } from '../../src-main/persistence/store.ts';
import { createTradeLog } from '../../src-main/trades/trade-log.ts';
import { sampleExecution, sampleMonitor } from '../persistence/samples.ts';

const NOW = 1_748_737_000_000;
const START = NOW - 100_000;
const nothingBefore = {
  openTrades: [],
  endedTrades: [],
  monitors: [],
  recentExecutions: new Set<string>(),
};
const reasonOf = (_: Monitor | null, exits: readonly Execution[]): string =>
  exits.at(-1)?.type === 'AdlTrade' ? 'auto-deleveraging' : 'closed by hand';
const newLog = () => createTradeLog(nothingBefore, reasonOf, () => NOW);

/** The last version of every trade in these changes, as the table would hold it. */
function tradesIn(changes: readonly Change[]): TradeRecord[] {
  const trades = new Map<string, TradeRecord>();
  for (const change of changes) {
    for (const trade of change.trades ?? []) trades.set(trade.id, trade);
    for (const id of change.removedTrades ?? []) trades.delete(id);
  }
  return [...trades.values()];
}
const told = (changes: readonly Change[]): string =>
  changes
    .flatMap((change) => change.tradeEvents ?? [])
    .map(({ text }) => text)
    .join('\n');

let at = START;
const fill = (
  side: 'Buy' | 'Sell',
  quantity: string,
  price: string,
  more: Partial<Execution> = {},
) => {
  at += 10;
  return sampleExecution({
    execId: `x${at}`,
    symbol: 'SOLUSDT',
    side,
    quantity,
    price,
    closedSize: '0',
    fee: '0',
    executedAt: at,
    seq: at,
    ...more,
  });
};
const long = (size: string, entryPrice: string, more: Partial<Monitor> = {}): Monitor =>
  sampleMonitor({ symbol: 'SOLUSDT', side: 'long', size, entryPrice, ...more });

test('H2 entries that fill just before the stop are in size, entry and result', () => {
  const log = newLog();
  const first = fill('Buy', '10', '150.01', { fee: '0.82' });
  const changes = [log.booked({ executions: [first], monitors: [long('10', '150.01')] })];
  // The stop's fill ends it before any frame or sweep told the monitor of the two entries.
  const entries = [
    fill('Buy', '5', '148', { fee: '0.148' }),
    fill('Buy', '5', '146', { fee: '0.146' }),
  ];
  const stop = fill('Sell', '20', '139', { closedSize: '20', fee: '1.529' });
  changes.push(log.booked({ executions: [stop, ...entries], monitors: [long('10', '150.01')] }));
  changes.push(log.booked({ monitors: [long('0', '150.01', { phase: 'closed' })] }));
  expect(tradesIn(changes)).toMatchObject([
    {
      entered: '20',
      left: '20',
      entryPrice: '148.505',
      exitPrice: '139',
      grossPnl: '-190.1',
      fees: '2.643',
      realisedPnl: '-192.743',
      adopted: false,
      closedAt: stop.executedAt,
    },
  ]);
});

test('H2 the same of a position that was found open: only what was there before is the venue’s word', () => {
  const log = newLog();
  const changes = [log.booked({ monitors: [long('10', '150.01')] })];
  changes.push(
    log.booked({
      executions: [
        fill('Buy', '10', '147', { executedAt: NOW - 2 }),
        fill('Sell', '20', '139', { closedSize: '20', executedAt: NOW - 1 }),
      ],
      monitors: [long('0', '150.01', { phase: 'closed' })],
    }),
  );
  expect(tradesIn(changes)).toMatchObject([{ left: '20', entered: '20', adopted: true }]);
});

test('H2 a monitor that ended, and whose entry still rested, does not end the next trade of its place', () => {
  const log = newLog();
  const over = long('0', '100', { phase: 'closed' });
  log.booked({ executions: [fill('Buy', '2', '100')], monitors: [long('2', '100')] });
  log.booked({ executions: [fill('Sell', '2', '101', { closedSize: '2' })], monitors: [over] });
  // Its word comes once more with the executions of what was opened meanwhile.
  const changes = [log.booked({ executions: [fill('Buy', '3', '102')], monitors: [over] })];
  changes.push(log.booked({ removedMonitors: [positionKey(over)] }));
  changes.push(log.booked({ monitors: [long('3', '102')] }));
  expect(tradesIn(changes)).toMatchObject([{ size: '3', closedAt: null, adopted: false }]);
});

test('H2 an entry and its exit of one moment and one sequence number are booked in the order they happened', () => {
  const log = newLog();
  const together = { executedAt: NOW - 1, seq: 7 };
  const entry = fill('Buy', '2', '100', { ...together, execId: 'z' });
  const exit = fill('Sell', '2', '99', { ...together, execId: 'a', closedSize: '2' });
  const changes = [log.booked({ executions: [exit, entry] })];
  expect(tradesIn(changes)).toMatchObject([{ left: '2', grossPnl: '-2', adopted: false }]);
});

test('H2 results add up to the last digit though the average has no end', () => {
  const log = newLog();
  const entries = [fill('Buy', '1', '100'), fill('Buy', '2', '100.1')];
  const exits = ['1', '1', '1'].map((size) => fill('Sell', size, '101', { closedSize: size }));
  const changes = [log.booked({ executions: entries })];
  for (const exit of exits) changes.push(log.booked({ executions: [exit] }));
  expect(tradesIn(changes)).toMatchObject([{ grossPnl: '2.8', realisedPnl: '2.8' }]);
});

test('H2 the fee of an execution that turned a position over is split as the exchange does it', () => {
  const log = newLog();
  const flip = { closedSize: '0.001', fee: '0.13200011', feeRate: '0.00055' };
  const changes = [
    log.booked({ executions: [fill('Sell', '0.001', '120000.1')] }),
    log.booked({ executions: [fill('Buy', '0.002', '120000.1', flip)] }),
  ];
  expect(tradesIn(changes)).toMatchObject([{ fees: '0.06600006' }, { fees: '0.06600005' }]);
});

test('H5 a close and a new entry that are learned together after an outage are two trades', () => {
  const log = newLog();
  const changes = [
    log.booked({ executions: [fill('Buy', '2', '100')], monitors: [long('2', '100')] }),
  ];
  const exit = fill('Sell', '2', '99', { closedSize: '2' });
  const entry = fill('Buy', '5', '101');
  changes.push(log.booked({ executions: [entry, exit], monitors: [long('5', '101')] }));
  expect(tradesIn(changes)).toMatchObject([
    { entered: '2', left: '2', realisedPnl: '-2' },
    { entered: '5', left: '0', size: '5', adopted: false },
  ]);
});

test('H5 a trade that lived wholly while nobody looked is booked and told, from its executions', () => {
  const log = newLog();
  const changes = [
    log.booked({
      executions: [
        fill('Buy', '2', '100', { fee: '0.11' }),
        fill('Sell', '2', '103', { closedSize: '2', fee: '0.1133' }),
      ],
    }),
  ];
  expect(tradesIn(changes)).toMatchObject([
    { side: 'long', entered: '2', realisedPnl: '5.7767', adopted: false, positionIdx: 0 },
  ]);
  expect(told(changes)).toContain('Opened long, 2 at 100.');
  expect(told(changes)).toContain('Result: 5.7767');
});

test('H7 with both legs of a hedge open, funding goes to the leg it was paid for', () => {
  const log = newLog();
  const legs = [fill('Buy', '3', '100'), fill('Sell', '2', '101')];
  const funding = (side: 'Buy' | 'Sell' | null, quantity: string, fee: string) =>
    fill('Buy', quantity, '100', { side, type: 'Funding', closedSize: '0', fee });
  const changes = [
    log.booked({ executions: legs }),
    log.booked({ executions: [funding('Buy', '3', '0.03'), funding('Sell', '2', '-0.02')] }),
    // Of the same size: by its side.
    log.booked({ executions: [fill('Sell', '1', '100', { closedSize: '1' })] }),
    log.booked({ executions: [funding('Sell', '2', '-0.01')] }),
  ];
  expect(tradesIn(changes)).toMatchObject([
    { side: 'long', funding: '0.03' },
    { side: 'short', funding: '-0.03' },
  ]);
  // Neither size nor side tells: in no result, and both say so.
  changes.push(log.booked({ executions: [funding(null, '2', '0.5')] }));
  changes.push(
    log.booked({
      executions: [
        fill('Sell', '2', '100', { closedSize: '2' }),
        fill('Buy', '2', '101', { closedSize: '2' }),
      ],
    }),
  );
  expect(tradesIn(changes)).toMatchObject([{ funding: '0.03' }, { funding: '-0.03' }]);
  expect(told(changes).match(/named no leg/g)).toHaveLength(2);
});

test('the worked example V8: averages, a flip, funding both ways and an auto-deleveraging', () => {
  const log = newLog();
  const funding = (quantity: string, fee: string, side: 'Buy' | 'Sell') =>
    fill(side, quantity, '108', { type: 'Funding', fee });
  const changes = [
    log.booked({
      executions: [
        fill('Buy', '10', '100', { fee: '.55' }),
        fill('Buy', '10', '110', { fee: '.605' }),
        funding('20', '.216', 'Buy'),
        fill('Sell', '5', '120', { closedSize: '5', fee: '.33' }),
        fill('Sell', '25', '115', { closedSize: '15', fee: '1.58125' }),
        funding('10', '-.112', 'Sell'),
        fill('Buy', '10', '110', { closedSize: '10', fee: '.605', type: 'AdlTrade' }),
      ],
    }),
  ];
  expect(tradesIn(changes)).toMatchObject([
    {
      side: 'long',
      entered: '20',
      entryPrice: '105',
      exitPrice: '116.25',
      grossPnl: '225',
      fees: '2.43375',
      funding: '0.216',
      realisedPnl: '222.35025',
    },
    {
      side: 'short',
      entered: '10',
      entryPrice: '115',
      exitPrice: '110',
      grossPnl: '50',
      fees: '1.2375',
      funding: '-0.112',
      realisedPnl: '48.8745',
      closeReason: 'auto-deleveraging',
    },
  ]);
});

test('H9 the average is the executions’ own, also when the venue’s rounded one was told first', () => {
  const log = newLog();
  const changes = [log.booked({ monitors: [long('3', '100.33')] })];
  const entries = [fill('Buy', '1', '100', { fee: '0' }), fill('Buy', '2', '100.5', { fee: '0' })];
  changes.push(log.booked({ executions: entries }));
  changes.push(log.booked({ executions: [fill('Sell', '3', '101', { closedSize: '3' })] }));
  expect(tradesIn(changes)).toMatchObject([
    { entered: '3', grossPnl: '2', realisedPnl: '2', adopted: false },
  ]);
});

test('a kind of execution nobody knows is no entry and no exit', () => {
  const log = newLog();
  expect(
    tradesIn([log.booked({ executions: [fill('Buy', '1', '100', { type: 'other' })] })]),
  ).toEqual([]);
});

test('H5 a trade whose entry is learned after its exit, in a later batch, is booked and not open for ever', () => {
  const log = newLog();
  const [entry, exit] = [
    fill('Buy', '2', '100', { fee: '0.11' }),
    fill('Sell', '2', '103', { closedSize: '2', fee: '0.1133' }),
  ];
  const changes = [exit, entry].map((execution) => log.booked({ executions: [execution] }));
  expect(tradesIn(changes)).toMatchObject([
    { side: 'long', entered: '2', realisedPnl: '5.7767', adopted: false, size: '0' },
  ]);
});

test('H5 an exit that is learned after the next entry parts the two trades again', () => {
  const log = newLog();
  const first = fill('Buy', '2', '100');
  const exit = fill('Sell', '2', '99', { closedSize: '2' });
  const next = fill('Buy', '5', '101');
  const changes = [first, next, exit].map((execution) => log.booked({ executions: [execution] }));
  expect(tradesIn(changes)).toMatchObject([
    { entered: '2', left: '2', realisedPnl: '-2' },
    { entered: '5', left: '0', size: '5', adopted: false },
  ]);
});

test('H2 an entry that is learned after the exit that closed it is neither unseen nor a trade of its own', () => {
  const log = newLog();
  const first = fill('Buy', '2', '100');
  const more = fill('Buy', '1', '106');
  const exit = fill('Sell', '3', '104', { closedSize: '3' });
  const changes = [first, exit, more].map((execution) => log.booked({ executions: [execution] }));
  expect(tradesIn(changes)).toMatchObject([
    { entered: '3', left: '3', entryPrice: '102', realisedPnl: '6', adopted: false },
  ]);
  expect(changes.at(-1)?.trades).toHaveLength(1);
});
