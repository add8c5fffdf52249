import { expect, test } from 'vitest';
import type { Order } from '../../../src-main/domain/order.ts';
import type { Position } from '../../../src-main/domain/position.ts';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import { known } from '../../../src-main/monitor/goals/facts.ts';
import { factsOf, type Sighting } from '../../../src-main/monitor/rules/facts-of.ts';
import { aPosition } from '../../cache/rows.ts';
import { contract, covered, now, prices, writes } from '../goals/facts.ts';
import { anEntry, aStop, aTakeProfit, found, ladder } from '../rows.ts';

/** The facts of a position whose monitor adopted `planned`, with `orders` open now. */
function sighted(position: Position | null, orders: Order[], of: Partial<Sighting> = {}) {
  const { side, takeProfits, entries } = found(aPosition(), [
    ...ladder(),
    anEntry('e1', '98', '1'),
  ]);
  return factsOf({
    account: 'main',
    symbol: 'BTCUSDT',
    positionIdx: 0,
    at: now,
    position: known(position),
    orders: known(orders),
    prices: prices('100'),
    instrument: known({ ...contract, tickSize: '0.01' }),
    fees: known({ symbol: 'BTCUSDT', maker: '0.0002', taker: '0.00055' }),
    plan: { side, takeProfits, entries },
    isOurs: () => true,
    gone: { since: now - 20_000, reads: 2 },
    followed: null,
    unamendable: [],
    spent: [],
    refused: [],
    ...of,
  });
}

const all = () => [...ladder(), anEntry('e1', '98', '1')];
const ordersIn = (facts: ReturnType<typeof sighted>) =>
  facts.orders.known ? facts.orders.value : null;

test('what is in the plan is ours by order id, with the venue’s totals; the rest is another’s', () => {
  const [, ...rest] = all();
  const filled = { ...aTakeProfit('tp1', '102', '0.85'), filledQuantity: '0.10' };
  const other = aTakeProfit('x', '120', '0.2');
  const facts = sighted(aPosition(), [filled, ...rest, other]);
  expect(ordersIn(facts)).toMatchObject({
    rungs: [{ level: 1, filledQuantity: '0.10' }, { level: 2 }, { level: 3 }, { level: 4 }],
    entries: [{ orderId: 'e1', state: 'open' }],
    foreign: [{ orderId: 'x', quantity: '0.2', reduces: true }],
  });
});

test('the position’s own stop is part of the position, with the price that sets it off', () => {
  const own = aStop('sl', '95', '1', { stopOrderType: 'StopLoss', triggerBy: 'MarkPrice' });
  const part = aStop('p', '94', '0.5', { stopOrderType: 'PartialStopLoss' });
  const close = aStop('w', '93', '0', { closeOnTrigger: true });
  const facts = sighted(aPosition({ stopLoss: '95' }), [...all(), own, part, close]);
  expect(facts.position).toMatchObject({
    value: { stop: { price: '95', triggerBy: 'MarkPrice' } },
  });
  expect(ordersIn(facts)?.stops).toMatchObject([
    { orderId: 'p', quantity: '0.5', leg: true },
    { orderId: 'w', quantity: 'whole', leg: false },
  ]);
});

test('a planned order that is on no list makes the orders unknown: it may have been filled', () => {
  const facts = sighted(aPosition(), all().slice(1));
  expect(facts.orders).toMatchObject({
    known: false,
    reason: 'Order tp1 is on no list, and it is not known how it ended.',
  });
  expect(difference(facts, [covered('95')]).steps).toEqual([]);
});

test('example 22: a short opened against a resting own buy: the buy is foreign to the short, which gets its stop', () => {
  const short = aPosition({ side: 'short', size: '3' });
  const facts = sighted(short, [anEntry('e1', '98', '3')], {
    plan: { ...plan(), takeProfits: [] },
  });
  expect(ordersIn(facts)).toMatchObject({
    entries: [],
    foreign: [{ orderId: 'e1', side: 'Buy', quantity: '3', reduces: false }],
  });
  expect(writes(difference(facts, [covered('105')]).steps)).toEqual([
    { do: 'set-stop', stopLoss: '105.00', triggerBy: 'LastPrice' },
  ]);
});

const plan = () => {
  const { side, entries, takeProfits } = found(null, [anEntry('e1', '98', '3')]);
  return { side, entries, takeProfits };
};
