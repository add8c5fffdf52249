import { expect, test } from 'vitest';
import type { Cache } from '../../../src-main/cache/cache.ts';
import type { Sight } from '../../../src-main/cache/facts.ts';
import type { Monitor } from '../../../src-main/domain/monitor.ts';
import { legFacts } from '../../../src-main/monitor/act/leg-facts.ts';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import { defaultPlaybook, goalsFor } from '../../../src-main/monitor/rules/playbook-goals.ts';
import { newWatch, type Watch } from '../../../src-main/monitor/watch/watch.ts';
import { aPosition } from '../../cache/rows.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { contract } from '../goals/facts.ts';
import { anEntry, aStop, found, ladder } from '../rows.ts';

const fee = { symbol: 'BTCUSDT', maker: '0.0002', taker: '0.00055' };
const clock = manualClock();

/** A long found with its ladder, a stop and an entry, whose first take-profit has been filled since. */
function hit(of: Partial<Monitor> = {}): Watch {
  const monitor = found(aPosition({ stopLoss: '95' }), [...ladder(), anEntry('e1', '98', '1')]);
  const [first, ...rest] = monitor.takeProfits;
  if (!first) throw new Error('no ladder');
  const filled = { ...first, filledQuantity: first.quantity, state: 'filled' as const };
  const entries = monitor.entries.map((entry) => ({ ...entry, open: false }));
  const look = { known: true } as Parameters<typeof newWatch>[1];
  return newWatch(
    { ...monitor, takeProfits: [filled, ...rest], entries, ...of },
    look,
    clock.now(),
  );
}

const withEntry = () => ({ entries: found(null, [anEntry('e1', '98', '1')]).entries });

/** What is to be done on these rows, the price as told `age` ms ago. */
function planned(watch: Watch, rows: Partial<Sight>, { price = '102', age = 0 } = {}) {
  const asOf = clock.now() - age;
  const cache = {
    ticker: () => ({ ticker: { lastPrice: price, markPrice: price, indexPrice: price }, asOf }),
    instrument: () => ({ ...contract, tickSize: '0.01' }),
    feeRate: () => fee,
    version: () => 1,
    look: () => ({ wholeAsOf: 1 }),
  } as unknown as Cache;
  const sight: Sight = {
    positions: [aPosition({ size: '0.15', stopLoss: '95' })],
    orders: ladder().slice(1),
    ...rows,
  };
  const facts = legFacts({ cache, clock }, watch, sight);
  const goals = goalsFor({ facts, monitor: watch.monitor, settings: defaultPlaybook });
  return difference(facts, goals);
}
const writes = (watch: Watch, rows: Partial<Sight>) =>
  planned(watch, rows).steps.map(({ write }) => write);

test('the stop on the position is moved to breakeven first, then the open entries are cancelled', () => {
  const orders = [...ladder().slice(1), anEntry('e1', '98', '1')];
  expect(writes(hit(withEntry()), { orders })).toEqual([
    { do: 'set-stop', stopLoss: '100.13', triggerBy: 'LastPrice' },
    { do: 'cancel', orderId: 'e1' },
  ]);
});

test('P64 the venue’s own breakeven, which nets what was realised before, is not used', () => {
  const positions = [aPosition({ size: '0.15', stopLoss: '95', venueBreakEvenPrice: '89.4' })];
  expect(writes(hit(), { positions })).toMatchObject([{ stopLoss: '100.13' }]);
});

test('a stop only ever moves in the better direction', () => {
  const at = (stopLoss: string) => writes(hit(), { positions: [aPosition({ stopLoss })] });
  expect(at('100.13')).toEqual([]);
  expect(at('101')).toEqual([]);
  expect(at('100.12')).toHaveLength(1);
});

test('P08 only own entries are cancelled: not the ladder, not the stop, not an order never adopted', () => {
  const others = [aStop('s', '95', '1'), anEntry('later', '97', '1')];
  const orders = [...ladder().slice(1), anEntry('e1', '98', '1'), ...others];
  const cancels = writes(hit(withEntry()), { orders }).filter((write) => write.do === 'cancel');
  expect(cancels).toEqual([{ do: 'cancel', orderId: 'e1' }]);
});

test('P22 a stop order is amended; where the venue does not, the new one is placed before the old one goes', () => {
  const rows = {
    positions: [aPosition({ size: '0.15' })],
    orders: [...ladder().slice(1), aStop('s', '95', '1')],
  };
  expect(writes(hit(), rows)).toMatchObject([
    { do: 'amend', orderId: 's', triggerPrice: '100.13' },
  ]);
  const watch = hit();
  watch.doing.unamendable.add('s');
  const { steps } = planned(watch, rows);
  expect(steps.map(({ write }) => write)).toMatchObject([
    { do: 'place', side: 'Sell', quantity: '0.15', triggerPrice: '100.13', triggerDirection: 2 },
    { do: 'cancel', orderId: 's' },
  ]);
  expect(steps[1]?.after).toEqual([steps[0]?.wish]);
});

test('P35 sizes are the account’s own: a replaced stop is for what is really open', () => {
  for (const size of ['0.15', '0.051', '3']) {
    const watch = hit();
    watch.doing.unamendable.add('s');
    const orders = [...ladder().slice(1), aStop('s', '95', '1')];
    const [place] = writes(watch, { positions: [aPosition({ size })], orders });
    expect(place).toMatchObject({ do: 'place', quantity: size });
  }
});

test('P27 nothing is wanted of a flat position but that its entries go', () => {
  const rows = { positions: [], orders: [...ladder().slice(1), anEntry('e1', '98', '1')] };
  expect(writes(hit(withEntry()), rows)).toEqual([{ do: 'cancel', orderId: 'e1' }]);
});

test('M6 a price that is older than 3 s is not known, and a price beyond breakeven leaves the old stop and says so', () => {
  expect(planned(hit(), {}, { price: '100.05' }).blocked.map(({ sentence }) => sentence)).toEqual([
    'The price 100.05 is below the breakeven of 100.13.',
  ]);
  const { steps, waiting } = planned(hit(), {}, { age: 3_001 });
  expect(steps).toEqual([]);
  expect(waiting).toMatchObject([{ goal: { want: { kind: 'covered' } } }]);
});

test('H4 a fill of our own is newer evidence of the price than what was told of the contract before it', () => {
  const watch = hit();
  const at = clock.now();
  const fill = { seq: 1, executedAt: at, price: '102', markPrice: '101.9', ticks: 0, asked: false };
  watch.traded = { ...fill, at };
  expect(planned(watch, {}, { price: '99', age: 200 }).steps).toMatchObject([
    { write: { do: 'set-stop', stopLoss: '100.13' } },
  ]);
  watch.traded = { ...fill, at: at - 400 };
  expect(planned(watch, {}, { price: '99', age: 200 }).blocked).toHaveLength(1);
});

test('a leg that another position has taken is not planned for', () => {
  const positions = [aPosition({ side: 'short', size: '2' })];
  expect(planned(hit(), { positions })).toMatchObject({ steps: [], blocked: [] });
});
