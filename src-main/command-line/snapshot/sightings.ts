import type { TakeProfit } from '../../domain/monitor.ts';
import { type Decimal, toStep } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, Side } from '../../domain/position.ts';
import { type Fact, type Facts, known, type Rules } from '../../monitor/goals/facts.ts';
import { factsOf } from '../../monitor/rules/facts-of.ts';
import type { RecordedMonitor, RecordedPosition, Snapshot } from './read.ts';

/** The exchange's rate for an account without a discount. */
const FEES = { maker: '0.0002', taker: '0.00055' };

/** One leg as a snapshot has it: its position, its monitor, or both. */
export interface Recorded {
  account: string;
  symbol: string;
  side: Side;
  position: RecordedPosition | null;
  monitor: RecordedMonitor | null;
}

/** Every leg that has a position or a monitor, by account, symbol and side. */
export function recordedLegs({ bybit_positions, pickle_monitors }: Snapshot): Recorded[] {
  const legs = new Map<string, Recorded>();
  const leg = (account: string, { symbol, side }: { symbol: string; side: Side }): Recorded => {
    const key = JSON.stringify([account, symbol, side]);
    const found = legs.get(key) ?? { account, symbol, side, position: null, monitor: null };
    legs.set(key, found);
    return found;
  };
  for (const [account, rows] of Object.entries(bybit_positions))
    for (const row of rows) leg(account, row).position = row;
  for (const monitor of Object.values(pickle_monitors))
    leg(monitor.account_type, monitor).monitor = monitor;
  return [...legs.values()];
}

/**
 * The facts of a leg, as if what its monitor recorded stood on the exchange. Prices the record spells
 * finer than the tick are brought to it, for the exchange holds no others.
 */
export function factsFrom(leg: Recorded, at: number, rules: Rules | null): Facts {
  const { account, symbol, side, position, monitor } = leg;
  const takeProfits = (monitor?.tp_orders ?? [])
    .map((rung) => recordedRung(rung, monitor?.filled_tps ?? [], rules))
    .sort((a, b) => a.level - b.level);
  const open = takeProfits.filter(({ state }) => state === 'open');
  const stop = monitor?.sl_order;
  const base = { account, symbol, side, at };
  const orders = [
    ...open.map(({ orderId, price, quantity }) =>
      recordedOrder(base, orderId ?? '', quantity, { price, type: 'Limit' }),
    ),
    ...(stop
      ? [
          recordedOrder(base, stop.order_id, stop.quantity, {
            type: 'Market',
            stopOrderType: 'Stop',
            triggerPrice: onTick(stop.price, rules),
            triggerBy: 'LastPrice',
            triggerDirection: side === 'long' ? 2 : 1,
            closeOnTrigger: true,
          }),
        ]
      : []),
  ];
  const mark = position?.markPrice ?? null;
  const reason = `${symbol} is not in this program’s table of contracts.`;
  const instrument: Fact<Rules> = rules ? known(rules) : { known: false, reason, since: at };
  return factsOf({
    account,
    symbol,
    positionIdx: 0,
    at,
    position: known(position && recordedPosition(base, position)),
    orders: known(orders),
    prices: known({ last: mark, mark, index: null, asOf: at }),
    instrument,
    fees: known({ symbol, ...FEES }),
    plan: { side, takeProfits, entries: [] },
    isOurs: () => true,
    // A snapshot is one look; what is gone in it is taken for gone.
    gone: { since: at - 60_000, reads: 2 },
    followed: null,
    unamendable: [],
    spent: [],
    refused: [],
  });
}

const onTick = (price: Decimal, rules: Rules | null): Decimal =>
  rules ? toStep(price, rules.tickSize, 'nearest') : price;

function recordedRung(
  { order_id, tp_number, price, quantity }: RecordedMonitor['tp_orders'][number],
  filled: readonly number[],
  rules: Rules | null,
): TakeProfit {
  const isFilled = filled.includes(tp_number);
  return {
    level: tp_number,
    orderId: order_id,
    price: onTick(price, rules),
    quantity,
    filledQuantity: isFilled ? quantity : '0',
    state: isFilled ? 'filled' : 'open',
  };
}

interface Base {
  account: string;
  symbol: string;
  side: Side;
  at: number;
}

const recordedPosition = (
  { account, symbol, at }: Base,
  { side, size, avgPrice, markPrice }: RecordedPosition,
): Position => ({
  account,
  symbol,
  positionIdx: 0,
  side,
  size,
  entryPrice: avgPrice,
  markPrice,
  positionValue: null,
  leverage: null,
  liquidationPrice: null,
  venueBreakEvenPrice: null,
  unrealisedPnl: null,
  currentRealisedPnl: null,
  cumulativeRealisedPnl: null,
  initialMargin: null,
  maintenanceMargin: null,
  takeProfit: null,
  stopLoss: null,
  trailingStop: null,
  status: 'Normal',
  adlRank: 0,
  reduceOnly: false,
  openedAt: null,
  createdAt: null,
  updatedAt: at,
  seq: 0,
});

const recordedOrder = (
  { account, symbol, side, at }: Base,
  orderId: string,
  quantity: Decimal,
  of: Partial<Order>,
): Order => ({
  account,
  symbol,
  orderId,
  orderLinkId: null,
  parentOrderLinkId: null,
  positionIdx: 0,
  side: side === 'long' ? 'Sell' : 'Buy',
  type: 'Limit',
  timeInForce: 'GTC',
  price: null,
  quantity,
  filledQuantity: '0',
  averagePrice: null,
  fees: null,
  status: of.stopOrderType ? 'Untriggered' : 'New',
  reduceOnly: true,
  closeOnTrigger: false,
  stopOrderType: null,
  triggerPrice: null,
  triggerBy: null,
  triggerDirection: null,
  takeProfit: null,
  stopLoss: null,
  tpslMode: null,
  createType: null,
  cancelType: null,
  rejectReason: null,
  createdAt: at,
  updatedAt: at,
  ...of,
});
