import {
  compare,
  type Decimal,
  dividedBy,
  isZero,
  largest,
  less,
  minus,
  plus,
  sum,
  times,
  toStep,
} from '../../domain/numbers.ts';
import { applyFill } from '../engine/orders/fill.ts';
import { setFull } from '../engine/orders/legs.ts';
import { during } from '../engine/state/batch.ts';
import { newOrder } from '../engine/state/new-order.ts';
import {
  type Account,
  type Order,
  opposite,
  type PositionIdx,
  type Side,
} from '../engine/state/state.ts';
import {
  book,
  contractOf,
  lastPrice,
  positionOf,
  quoteOf,
  type Venue,
} from '../engine/state/venue.ts';
import type { Contract } from '../prices/contracts.ts';

/** How far along a position is when the exchange opens. */
export type Stage = 'building' | 'built' | 'running' | 'after-tp1' | 'after-tp2' | 'after-tp3';

export interface Plan {
  symbol: string;
  side: Side;
  stage: Stage;
  /** Settle coin, of the main account's whole entry. */
  value: Decimal;
  leverage: Decimal;
  /** The stop is an order of its own instead of the position's. */
  conditionalStop: boolean;
  idx: PositionIdx;
}

export function fund(account: Account, balance: Decimal): void {
  account.coins.USDT = { walletBalance: balance, cumRealised: '0' };
}

/** What a scenario finds was built over these last days, one position after the other. */
const history = 5 * 86_400_000;
/** More than any position takes: entries, targets and a stop. */
const stepsEach = 16;

/** Opens positions, the first the oldest. */
export function openAll(venue: Venue, account: Account, plans: Plan[], scale: Decimal): void {
  const stepMs = Math.floor(history / (plans.length * stepsEach));
  for (const [at, plan] of plans.entries()) {
    const past = { agoMs: (plans.length - at) * stepsEach * stepMs, stepMs };
    openPlan(venue, account, plan, scale, past);
  }
}

const shares: Decimal[] = ['0.85', '0.05', '0.05', '0.05'];
/** Distance of the levels from the entry, as shares of the price. */
const targets: Decimal[] = ['0.02', '0.035', '0.05', '0.075'];
const ladder: Decimal[] = ['0.01', '0.018', '0.026'];

/** How far from the market a position was entered, and how many targets it has met since. */
const entryDistance: Record<Stage, Decimal> = {
  building: '0.004',
  built: '0.004',
  running: '0.006',
  'after-tp1': '0.026',
  'after-tp2': '0.042',
  'after-tp3': '0.06',
};
const targetsMet: Partial<Record<Stage, number>> = {
  'after-tp1': 1,
  'after-tp2': 2,
  'after-tp3': 3,
};

interface Builder {
  venue: Venue;
  account: Account;
  contract: Contract;
  plan: Plan;
  /** A price so far from the market, in profit's direction (negative: against). */
  level: (distance: Decimal) => Decimal;
  /** How long ago the last step was, and how long one takes. */
  past: { agoMs: number; stepMs: number };
}

/** Brings one position to its stage: fills, entry ladder, TP ladder, stop. */
function openPlan(
  venue: Venue,
  account: Account,
  plan: Plan,
  scale: Decimal,
  past: Builder['past'],
): void {
  venue.time.lookBack(past.agoMs);
  const contract = contractOf(venue, plan.symbol);
  const market = lastPrice(quoteOf(venue, plan.symbol));
  // A position past its first TP was entered further away: the market has come to meet it.
  const entry = entryDistance[plan.stage];
  const anchor = times(market, plan.side === 'Buy' ? minus('1', entry) : plus('1', entry));
  const level = (distance: Decimal): Decimal => {
    const factor = plan.side === 'Buy' ? plus('1', distance) : minus('1', distance);
    return toStep(times(anchor, factor), contract.tick, 'nearest');
  };
  const builder = { venue, account, contract, plan, level, past };
  const whole = quantityFor(contract, times(plan.value, scale), market);
  positionOf(venue, account, contract, plan.idx).leverage = plan.leverage;
  enterLadder(builder, whole);
  const size = positionOf(venue, account, contract, plan.idx).size;
  takeLadder(builder, size);
  protect(builder);
}

/** Large enough that a twentieth is still a legal order. */
function quantityFor(contract: Contract, value: Decimal, price: Decimal): Decimal {
  const smallestOrder = largest(contract.minQty, dividedBy(contract.minNotional, price));
  const least = times(smallestOrder, '40');
  const wanted = dividedBy(value, price);
  return toStep(less(wanted, least) ? least : wanted, contract.step, 'up');
}

function enterLadder(builder: Builder, whole: Decimal): void {
  const { plan, contract } = builder;
  const half = toStep(times(whole, '0.5'), contract.step, 'down');
  fillAt(builder, plan.side, half, builder.level('0'), false, 'Market');
  const rest = minus(whole, half);
  const part = toStep(dividedBy(rest, '3'), contract.step, 'down');
  if (isZero(part)) return;
  const open = plan.stage === 'building' ? 2 : plan.stage === 'built' ? 1 : 0;
  for (const [at, distance] of ladder.entries()) {
    const quantity = at === 2 ? minus(rest, times(part, '2')) : part;
    const price = builder.level(`-${distance}`);
    if (at >= ladder.length - open)
      restAt(builder, plan.side, quantity, price, false, `entry${at}`);
    else fillAt(builder, plan.side, quantity, price, true, 'Limit');
  }
}

function takeLadder(builder: Builder, size: Decimal): void {
  const { plan, contract } = builder;
  const filled = targetsMet[plan.stage] ?? 0;
  const quantities = split(size, contract);
  const side = opposite(plan.side);
  for (const [at, quantity] of quantities.entries()) {
    const price = builder.level(targets[at] ?? '0.1');
    if (isZero(quantity)) continue;
    if (at < filled) fillAt(builder, side, quantity, price, true, 'Limit', true);
    else restAt(builder, side, quantity, price, true, `tp${at + 1}`);
  }
}

/** 85/5/5/5 in steps; the last takes the remainder. */
function split(size: Decimal, contract: Contract): Decimal[] {
  const parts = shares
    .slice(0, 3)
    .map((share) => toStep(times(size, share), contract.step, 'down'));
  return [...parts, minus(size, sum(parts))];
}

/** Stop 3 % away; at the entry once the first TP is done. */
function protect(builder: Builder): void {
  const { venue, account, plan, contract } = builder;
  const position = positionOf(venue, account, contract, plan.idx);
  if (position.side === '' || isZero(position.size)) return;
  const moved = targetsMet[plan.stage] !== undefined;
  const entry = dividedBy(position.entryValue, position.size);
  const long = position.side === 'Buy';
  const margin = moved ? '0.0012' : '-0.032';
  const factor = long ? plus('1', margin) : minus('1', margin);
  const stop = toStep(times(entry, factor), contract.tick, long ? 'up' : 'down');
  if (!plan.conditionalStop) {
    during(venue, account, (batch) =>
      setFull(venue, account, batch, position, {
        takeProfit: '',
        stopLoss: stop,
        tpTriggerBy: 'LastPrice',
        slTriggerBy: 'LastPrice',
      }),
    );
    return;
  }
  const order: Order = {
    ...draft(builder, opposite(plan.side), 'Market', '0', position.size, 'stop'),
    status: 'Untriggered',
    stopOrderType: 'Stop',
    timeInForce: 'IOC',
    triggerPrice: stop,
    triggerBy: 'LastPrice',
    triggerDirection: long ? 2 : 1,
    reduceOnly: true,
    closeOnTrigger: true,
  };
  place(builder, order);
}

function draft(
  builder: Builder,
  side: Side,
  orderType: 'Limit' | 'Market',
  price: Decimal,
  qty: Decimal,
  tag: string,
): Order {
  const { venue, account, plan, past } = builder;
  past.agoMs -= past.stepMs;
  venue.time.lookBack(past.agoMs);
  const order = newOrder(venue, {
    symbol: plan.symbol,
    side,
    positionIdx: plan.idx,
    orderType,
    price,
    qty,
  });
  const name = plan.symbol.replace('USDT', '').toLowerCase();
  const linkId = `${account.name}-${name}-${tag}${plan.idx === 0 ? '' : `-${plan.idx}`}`.slice(
    0,
    36,
  );
  order.orderLinkId = account.linkIds.has(linkId) ? '' : linkId;
  order.lastPriceOnCreated = lastPrice(quoteOf(venue, plan.symbol));
  return order;
}

function place(builder: Builder, order: Order): void {
  const { venue, account } = builder;
  if (order.orderLinkId !== '') account.linkIds.set(order.orderLinkId, order.orderId);
  book(account, order);
  during(venue, account, (batch) => batch.order(order));
}

function restAt(
  builder: Builder,
  side: Side,
  quantity: Decimal,
  price: Decimal,
  reduceOnly: boolean,
  tag: string,
): void {
  if (compare(quantity, '0') <= 0) return;
  place(builder, { ...draft(builder, side, 'Limit', price, quantity, tag), reduceOnly });
}

function fillAt(
  builder: Builder,
  side: Side,
  quantity: Decimal,
  price: Decimal,
  maker: boolean,
  orderType: 'Limit' | 'Market',
  reduceOnly = false,
): void {
  if (compare(quantity, '0') <= 0) return;
  const { venue, account } = builder;
  const tag = reduceOnly ? 'tpf' : maker ? 'entryf' : 'open';
  const order = { ...draft(builder, side, orderType, price, quantity, tag), reduceOnly };
  if (orderType === 'Market') order.timeInForce = 'IOC';
  if (order.orderLinkId !== '') account.linkIds.set(order.orderLinkId, order.orderId);
  during(venue, account, (batch) =>
    applyFill(venue, account, batch, { order, quantity, price, maker }),
  );
}
