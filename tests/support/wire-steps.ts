import { dividedBy, rounded, times, toStep } from '../../src-main/domain/numbers.ts';
import type { WriteResult } from '../../src-main/exchange/gateway.ts';
import { MOST_LAG, openWire, seeded, type Wire } from './wire-model.ts';

type Row = Record<string, unknown>;
interface HeldPosition {
  symbol: string;
  positionIdx: 0 | 1 | 2;
  side: 'long' | 'short';
  size: string;
  entryPrice: string;
}
interface OpenOrder {
  orderId: string;
  symbol: string;
  quantity: string;
  price: string | null;
  triggerPrice: string | null;
}

export interface Run {
  /** Median latency of a message, ms. */
  jitterMs: number;
  /** The most by which lists lag, ms. */
  lagMs: number;
  steps: number;
  /** Only what the first runs were made of: the seeds found with them repeat themselves. */
  narrow?: boolean;
  /** Called with every event and time of the run: two runs of a seed call it alike. */
  trace?: (line: string) => void;
}

const SYMBOL = 'BTCUSDT';
const OTHER = 'SOLUSDT';
const prices: Record<string, number> = { [SYMBOL]: 104_000, [OTHER]: 147 };
const quantities: Record<string, string> = { [SYMBOL]: '0.1', [OTHER]: '40' };

/** The symbols traded in hedge mode: every third seed has one, every sixth both. */
function hedgedIn(seed: number): Set<string> {
  const first = seed % 3 === 0 ? [SYMBOL] : [];
  return new Set(seed % 6 === 0 ? [SYMBOL, OTHER] : seed % 6 === 1 ? [OTHER] : first);
}

/**
 * A position with a ladder of targets, a stop, a conditional stop and an entry further away; in hedge
 * mode a short leg beside it.
 */
function layOut({ hand }: Pick<Wire, 'hand'>, hedged: ReadonlySet<string>): void {
  for (const symbol of [SYMBOL, OTHER]) {
    const price = prices[symbol] ?? 1;
    const at = (share: number): string => priceAt(symbol, price * share);
    const part = (share: number): string => quantityAt(symbol, share);
    const isHedged = hedged.has(symbol);
    if (isHedged) {
      hand('mode', { symbol, mode: '3' });
      const short = { symbol, positionIdx: 2, side: 'Sell', orderType: 'Market', qty: part(0.6) };
      hand('order', short);
    }
    const order = { symbol, positionIdx: isHedged ? 1 : 0 };
    hand('order', { ...order, side: 'Buy', orderType: 'Market', qty: quantities[symbol] });
    for (const [level, share] of [0.5, 0.25, 0.25].entries()) {
      const target = { side: 'Sell', orderType: 'Limit', reduceOnly: true, qty: part(share) };
      hand('order', { ...order, ...target, price: at(1.02 + 0.01 * level) });
    }
    hand('order', { ...order, side: 'Buy', orderType: 'Limit', qty: part(0.5), price: at(0.98) });
    hand('stop', { symbol, price: at(0.95) });
    const stop = { side: 'Sell', orderType: 'Market', triggerDirection: 2, closeOnTrigger: true };
    hand('order', { ...order, ...stop, qty: part(1), reduceOnly: true, triggerPrice: at(0.94) });
  }
}

/** One random run: commands, other hands, fills, prices and faults. The first thing wrong, or `null`. */
export async function runSequence(seed: number, run: Run): Promise<string | null> {
  const random = seeded(seed);
  const hedged = run.narrow === true ? new Set<string>() : hedgedIn(seed);
  const steps = run.narrow === true ? STEPS : [...STEPS, ...WIDER_STEPS];
  const wire = await openWire({
    seed,
    jitterMs: run.jitterMs,
    lagMs: run.lagMs,
    prepare: (prepared) => layOut(prepared, hedged),
    onFrame: (frame) => run.trace?.(`${frame.creationTime} ${frame.topic} ${frame.id}`),
    onState: (state, reason) => run.trace?.(`${state} ${reason}`),
  });
  const wrong: string[] = [];
  const writing: Promise<unknown>[] = [];
  const checkedAt = async (step: number, write: Promise<string | null>): Promise<void> => {
    const said = await write;
    run.trace?.(`${wire.time.now()} ${said}`);
    if (said !== null) wrong.push(`step ${step}: ${said}`);
  };
  try {
    wire.gateway.start();
    if (random() < 0.7) await wire.ready();
    for (let step = 0; step < run.steps && wire.falsehood() === null; step++) {
      const write = stepOf(wire, random, { name: `m${seed}-${step}`, steps, hedged });
      if (write !== null) {
        const checked = checkedAt(step, write);
        writing.push(checked);
        if (random() < 0.5) await wire.until(checked);
      }
      if (random() < 0.6) await wire.pass(Math.floor(random() ** 3 * 3_000));
    }
    await wire.until(Promise.all(writing));
    wire.hand('fault', { kind: 'clear' });
    const difference = wire.falsehood() ?? (await wire.settled());
    if (difference !== null) wrong.unshift(difference);
    return wrong.length === 0 ? null : `seed ${seed}: ${wrong.slice(0, 2).join(' | ')}`;
  } catch (thrown) {
    return `seed ${seed}: ${String(thrown)}`;
  } finally {
    await wire.stop();
  }
}

/** Does one thing. A write answers what was wrong with its result, `null` for nothing. */
function stepOf(
  wire: Wire,
  random: () => number,
  about: { name: string; steps: readonly Step[]; hedged: Set<string> },
): Promise<string | null> | null {
  const { name, steps, hedged } = about;
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const picture = wire.shown();
  const position = pick(Object.values(picture.positions)) as HeldPosition | undefined;
  const order = pick(Object.values(picture.orders)) as OpenOrder | undefined;
  const symbol = position?.symbol ?? pick([SYMBOL, OTHER]);
  const near = (width: number): string =>
    priceAt(symbol, (prices[symbol] ?? 1) * (1 + (random() - 0.5) * width));
  const { gateway, hand } = wire;
  const legOf = (side: 'Buy' | 'Sell') =>
    ({ symbol, positionIdx: hedged.has(symbol) ? (side === 'Buy' ? 1 : 2) : 0 }) as const;

  switch (pick(steps)) {
    case 'fill':
      if (order !== undefined)
        hand('fill', {
          orderId: order.orderId,
          ...(random() < 0.5 ? {} : { quantity: halfOf(order) }),
        });
      return null;
    case 'price':
      hand('price', { symbol, price: near(0.1) });
      return null;
    case 'close':
      if (position !== undefined) hand('close', { symbol, side: position.side });
      return null;
    case 'elsewhere':
      elsewhere(wire, random, { symbol, near, position, order, legOf });
      return null;
    case 'fault':
      hand('fault', faultOf(random, symbol));
      return null;
    case 'ask':
      void askOf(wire, random, symbol, order);
      return null;
    case 'enter': {
      const type = random() < 0.6 ? 'Limit' : 'Market';
      const side = pick(['Buy', 'Sell'] as const);
      const quantity = quantityAt(symbol, 0.1 + random());
      const wish = { ...legOf(side), side, type, quantity } as const;
      return placed(wire, name, { ...wish, price: near(0.06) });
    }
    case 'target': {
      if (position === undefined) return null;
      const side = position.side === 'long' ? 'Sell' : 'Buy';
      const leg = { symbol, positionIdx: position.positionIdx };
      const wish = { ...leg, side, type: 'Limit', reduceOnly: true } as const;
      return placed(wire, name, { ...wish, quantity: quantityAt(symbol, 0.3), price: near(0.1) });
    }
    case 'conditional': {
      const triggerPrice = near(0.08);
      const side = pick(['Buy', 'Sell'] as const);
      return placed(wire, name, {
        ...legOf(side),
        side,
        type: 'Market',
        quantity: quantityAt(symbol, 0.2),
        triggerPrice,
        triggerDirection: Number(triggerPrice) > (prices[symbol] ?? 0) ? 1 : 2,
        ...(steps === STEPS ? {} : { triggerBy: pick(['LastPrice', 'MarkPrice', 'IndexPrice']) }),
      });
    }
    case 'amend': {
      if (order === undefined) return null;
      const own = (prices[order.symbol] ?? 1) * (1 + (random() - 0.5) * 0.08);
      const level = priceAt(order.symbol, own);
      const change =
        order.triggerPrice === null
          ? random() < 0.5
            ? { price: level }
            : { quantity: quantityAt(order.symbol, 0.1 + random()) }
          : { triggerPrice: level };
      const named = { symbol: order.symbol, orderId: order.orderId };
      return gateway
        .amend({ ...named, ...change }, 'manual')
        .then((result) => amended(wire, order.orderId, change, result));
    }
    case 'cancel':
      if (order === undefined) return null;
      return gateway
        .cancel({ symbol: order.symbol, orderId: order.orderId }, 'cancel')
        .then((result) => cancelled(wire, order.orderId, result));
    case 'stop': {
      if (position === undefined) return null;
      const level = priceAt(symbol, (prices[symbol] ?? 1) * (0.9 + random() * 0.2));
      const values =
        random() < 0.7
          ? { stopLoss: level }
          : { trailingStop: priceAt(symbol, (prices[symbol] ?? 1) * (0.005 + random() * 0.02)) };
      return gateway
        .setTradingStop({ symbol, positionIdx: position.positionIdx, ...values }, 'protect')
        .then((result) => stopped(wire, position, values, result));
    }
    case 'own prices':
      hand('price', { symbol, price: near(0.1), mark: near(0.1), index: near(0.1) });
      return null;
    case 'odd row':
      hand('fault', { kind: 'oddRow', symbol, ...oddOf(random) });
      return null;
    case 'clock':
      wire.setClock(random() < 0.3 ? 0 : Math.round((random() - 0.5) * 40_000));
      return null;
    case 'mode': {
      const mode = hedged.has(symbol) ? '0' : '3';
      if (hand('mode', { symbol, mode })['error'] !== undefined) return null;
      if (mode === '3') hedged.add(symbol);
      else hedged.delete(symbol);
      return null;
    }
    default:
      return null;
  }
}

const STEPS = [
  'fill',
  'fill',
  'price',
  'price',
  'close',
  'elsewhere',
  'elsewhere',
  'fault',
  'fault',
  'ask',
  'enter',
  'enter',
  'target',
  'conditional',
  'amend',
  'amend',
  'cancel',
  'stop',
  'stop',
] as const;

/** What came to be tried later. */
const WIDER_STEPS = ['own prices', 'own prices', 'odd row', 'clock', 'mode'] as const;

type Step = (typeof STEPS)[number] | (typeof WIDER_STEPS)[number];

/** What another hand does, past the gateway. */
function elsewhere(
  { hand }: Wire,
  random: () => number,
  at: {
    symbol: string;
    near: (width: number) => string;
    position: HeldPosition | undefined;
    order: OpenOrder | undefined;
    legOf(side: 'Buy' | 'Sell'): { positionIdx: 0 | 1 | 2 };
  },
): void {
  const { symbol, near, position, order, legOf } = at;
  const what = random();
  if (what < 0.3) {
    const side = random() < 0.5 ? 'Buy' : 'Sell';
    const wish = {
      symbol,
      ...legOf(side),
      side,
      orderType: 'Limit',
      qty: quantityAt(symbol, 0.2),
      price: near(0.05),
    };
    hand('order', {
      ...wish,
      ...(random() < 0.4 ? { stopLoss: near(0.3), takeProfit: near(0.3) } : {}),
    });
  } else if (what < 0.5 && order !== undefined) hand('cancel', { orderId: order.orderId });
  else if (what < 0.75) stopElsewhere(random() < 0.3 ? null : near(0.1));
  else if (position !== undefined) hand('fault', { kind: 'adl', symbol, share: '0.3' });

  function stopElsewhere(price: string | null): void {
    const leg = position === undefined ? {} : { positionIdx: position.positionIdx };
    hand('stop', { symbol, ...leg, price });
  }
}

/** What is not understood of a symbol: in the stream, in one list or wherever it is told. */
const ODD = [
  { field: 'size', value: '' },
  { field: 'side', value: 'Both' },
  { field: 'positionIdx', value: 7 },
  { field: 'orderStatus', value: 'Frozen' },
  { field: 'cumExecQty', value: 'many' },
  { field: 'execQty', value: null },
];
const ODD_AT = [
  {},
  { topic: 'position' },
  { topic: 'order' },
  { topic: 'execution' },
  { path: 'position/list' },
  { path: 'order/realtime' },
  { path: 'execution/list' },
];

function oddOf(random: () => number): Row {
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const bound =
    random() < 0.5 ? { count: 1 + Math.floor(random() * 3) } : { forMs: random() * 3_000 };
  return { ...pick(ODD), ...pick(ODD_AT), ...bound };
}

const FAULTS = [
  'latency',
  'dropSocket',
  'dropSocket',
  'duplicate',
  'reorder',
  'http500',
  'rateLimit',
  'ban403',
  'garbage',
  'acceptThenDrop',
  'clockSkew',
  'missingPage',
  'forgetClosed',
  'lag',
  'dropTopic',
  'dropTopic',
  'mark',
  'delist',
];
const TOPICS = ['order', 'position', 'execution', 'wallet'];

function faultOf(random: () => number, symbol: string): Row {
  const kind = FAULTS[Math.floor(random() * FAULTS.length)];
  if (kind === 'lag') return { kind, ms: random() * MOST_LAG, forMs: random() * 3_000 };
  if (kind === 'mark') return { kind, symbol, share: 0.9 + random() * 0.2, forMs: 5_000 };
  if (kind === 'delist') return { kind, symbol: OTHER };
  const topic = kind === 'dropTopic' ? TOPICS[Math.floor(random() * TOPICS.length)] : undefined;
  return {
    kind,
    topic,
    account: '',
    count: 1 + Math.floor(random() * 3),
    afterFrames: Math.floor(random() * 5),
    ms: kind === 'clockSkew' ? Math.round((random() - 0.5) * 40_000) : Math.round(random() * 500),
    ...(kind === 'clockSkew' ? { forMs: 1_000 } : {}),
  };
}

/** What the desk asks between its sweeps, about anything and at any time; the answers go into its book. */
async function askOf(
  { cache, account }: Wire,
  random: () => number,
  symbol: string,
  order: OpenOrder | undefined,
): Promise<void> {
  const what = random();
  if (what < 0.3) await cache.sweep();
  else if (what < 0.5) await cache.askPosition(account, symbol);
  else if (what < 0.6) await cache.lookAgain(account);
  else if (what < 0.7) await cache.facts(account, symbol);
  else if (what < 0.8) await cache.refreshDue();
  else if (order !== undefined)
    await cache.askOrder(account, { symbol: order.symbol, orderId: order.orderId });
}

type Wish = Parameters<Wire['gateway']['place']>[0];

async function placed(
  wire: Wire,
  orderLinkId: string,
  wish: Omit<Wish, 'orderLinkId'>,
): Promise<string | null> {
  const result = await wire.gateway.place({ ...wish, orderLinkId }, 'manual');
  const made = [...wire.truth.orders().values()].filter(
    ([first]) => first?.orderLinkId === orderLinkId,
  );
  const said = `place ${orderLinkId} said ${JSON.stringify(result)}`;
  if (made.length > 1) return `${said}, and it was made ${made.length} times`;
  const [first] = made[0] ?? [];
  if (result.state === 'refused') return first === undefined ? null : `${said}, but it was made`;
  if (result.state === 'unknown') return null;
  if (first === undefined) return `${said}, but it was never made`;
  if (result.orderId !== null && result.orderId !== first.orderId)
    return `${said}, but its id is ${String(first.orderId)}`;
  const same = first.side === wish.side && first.symbol === wish.symbol && first.type === wish.type;
  return same ? null : `${said}, but made was ${JSON.stringify(first)}`;
}

function amended(
  wire: Wire,
  orderId: string,
  change: { price?: string; quantity?: string; triggerPrice?: string },
  result: WriteResult,
): string | null {
  const states = wire.truth.orders().get(orderId) ?? [];
  const had = states.some((state) =>
    Object.entries(change).every(([field, value]) => Number(state[field]) === Number(value)),
  );
  // A reducing order's quantity is cut to what there is to reduce.
  const cut = change.quantity !== undefined && states[0]?.reduceOnly === true;
  const said = `amend ${orderId} to ${JSON.stringify(change)} said ${JSON.stringify(result)}`;
  if (result.state === 'accepted' && !had && !cut) return `${said}, but it never was so`;
  if (result.state === 'already' && !had && !cut) return `${said}, but it never was so`;
  return null;
}

function cancelled(wire: Wire, orderId: string, result: WriteResult): string | null {
  const last = wire.truth.orders().get(orderId)?.at(-1);
  const ended = ['Filled', 'Cancelled', 'Rejected', 'Deactivated'].includes(String(last?.status));
  const wants = result.state === 'accepted' || result.state === 'already';
  return wants && !ended
    ? `cancel ${orderId} said ${JSON.stringify(result)}, but it is ${String(last?.status)}`
    : null;
}

function stopped(
  wire: Wire,
  { symbol, positionIdx }: HeldPosition,
  values: Row,
  result: WriteResult,
): string | null {
  const states = [...wire.truth.positions().values()]
    .flat()
    .filter((row) => row.symbol === symbol && row.positionIdx === positionIdx);
  const had = states.some((state) =>
    Object.entries(values).every(([field, value]) => Number(state[field]) === Number(value)),
  );
  const flat = states.at(-1)?.side === null;
  const said = `stop of ${symbol} at ${JSON.stringify(values)} said ${JSON.stringify(result)}`;
  if (result.state === 'accepted' && !had) return `${said}, but it never was so`;
  if (result.state === 'already' && !had && !flat) return `${said}, but it never was so`;
  return null;
}

const ticks: Record<string, string> = { [SYMBOL]: '0.10', [OTHER]: '0.010' };
const steps: Record<string, string> = { [SYMBOL]: '0.001', [OTHER]: '0.1' };

const priceAt = (symbol: string, price: number): string =>
  rounded(toStep(String(price), ticks[symbol] ?? '0.1', 'nearest'), 8);

const quantityAt = (symbol: string, share: number): string =>
  rounded(
    toStep(times(quantities[symbol] ?? '1', share.toFixed(4)), steps[symbol] ?? '0.1', 'up'),
    8,
  );

const halfOf = (order: OpenOrder): string =>
  rounded(toStep(dividedBy(order.quantity, '2'), steps[order.symbol] ?? '0.1', 'up'), 8);
