import { dividedBy, fromNumber, largest, times, toStep } from '../../src-main/domain/numbers.ts';
import { fault } from '../../src-main/practice/control/fault.ts';
import { cancel, close, fill, order, price, stop } from '../../src-main/practice/control/hands.ts';
import type { Account, Order, Position } from '../../src-main/practice/engine/state/state.ts';
import {
  contractOf,
  isOpen,
  openOrdersOf,
  positionOf,
  quoteOf,
} from '../../src-main/practice/engine/state/venue.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import type { World } from '../../src-main/practice/world.ts';

type Row = Record<string, unknown>;

const calls = { fault, close, stop, cancel, order, price, fill };

/** What happens at the venue without the desk: other hands, the market, faults. By the seed alone. */
export interface Hands {
  /** One thing that happens; a sentence of what it was. */
  any(): string;
  /** Nobody watches what is opened from now on. */
  unseen(is: boolean): void;
  /** A whole position as an operator builds it, where the symbol is flat. */
  open(account: Account, symbol: string): string;
  fault(): { told: string; forMs: number };
  /** Every position that was opened with a ladder, and what it was built of. */
  readonly built: readonly Built[];
  random: () => number;
  pick<Item>(items: readonly Item[]): Item;
}

/** A position as it was built: which opening, its first target, its entries. */
export interface Built {
  account: Account;
  symbol: string;
  openTime: number;
  target: string;
  entries: string[];
}

export const SYMBOLS = ['BTCUSDT', 'SOLUSDT', 'DOGEUSDT'] as const;

export function handsOf(world: World, random: () => number): Hands {
  const { venue } = world;
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const built: Built[] = [];
  let unseen = false;
  /** `null` when the venue refused. */
  const answerTo = (call: keyof typeof calls, body: Row): Row | null => {
    try {
      return calls[call](world, body) as Row;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return null;
    }
  };
  const hand = (call: keyof typeof calls, body: Row): boolean => answerTo(call, body) !== null;
  const placed = (body: Row): string => {
    const id = answerTo('order', body)?.['orderId'];
    return typeof id === 'string' ? id : '';
  };
  const levelOf = (symbol: string, away: number): string => {
    const { contract, last } = quoteOf(venue, symbol);
    return contract.grid.price(Math.max(1, Math.round(last * (1 + away))));
  };
  const quantityOf = (symbol: string, value: number): string => {
    const contract = contractOf(venue, symbol);
    const at = levelOf(symbol, 0);
    const least = largest(contract.minQty, dividedBy(times(contract.minNotional, '1.1'), at));
    const wanted = dividedBy(fromNumber(Number(value.toFixed(2))), at);
    return toStep(largest(least, wanted), contract.step, 'up');
  };
  const setPrice = (symbol: string, to: string): string => {
    hand('price', { symbol, price: to, holdMs: 86_400_000 });
    return `${symbol} goes to ${to}`;
  };

  /** Entry with or without its stop, a ladder or none, entries further away. */
  function open(account: Account, symbol: string): string {
    const side = random() < 0.5 ? 'Buy' : 'Sell';
    const other = side === 'Buy' ? 'Sell' : 'Buy';
    const sign = side === 'Buy' ? 1 : -1;
    const about = { account: account.name, symbol, positionIdx: 0 };
    const value = pick([400, 1_500, 6_000]);
    const level = levelOf(symbol, -0.03 * sign);
    const stopped = random();
    const entry = { ...about, side, orderType: 'Market', qty: quantityOf(symbol, value) };
    if (!hand('order', stopped < 0.7 ? { ...entry, stopLoss: level } : entry))
      return `${account.name} ${symbol} could not be opened`;
    const said = [`${account.name} ${symbol} ${side} opened`];
    if (stopped >= 0.7 && stopped < 0.9) {
      const halves = random() < 0.5 ? 1 : 2;
      for (let at = 0; at < halves; at += 1)
        hand('order', {
          ...about,
          side: other,
          orderType: 'Market',
          qty: quantityOf(symbol, value / halves),
          triggerPrice: levelOf(symbol, -(0.03 + at * 0.005) * sign),
          triggerDirection: side === 'Buy' ? 2 : 1,
          reduceOnly: true,
          closeOnTrigger: true,
        });
      said.push(`with ${halves} conditional stop(s)`);
    } else if (stopped >= 0.9) said.push('without a stop');
    const limit = { ...about, orderType: 'Limit' };
    const targets =
      random() < 0.85
        ? [0.85, 0.05, 0.05, 0.05].map((share, at) =>
            placed({
              ...limit,
              side: other,
              reduceOnly: true,
              qty: quantityOf(symbol, value * share),
              price: levelOf(symbol, sign * (0.01 + 0.01 * at)),
            }),
          )
        : [];
    const entries = [1, 2].slice(0, Math.floor(random() * 3)).map((at) =>
      placed({
        ...limit,
        side,
        qty: quantityOf(symbol, value / 3),
        price: levelOf(symbol, -0.008 * at * sign),
      }),
    );
    const [target] = targets;
    if (target) said.push('with a ladder');
    if (target && !unseen) {
      const { openTime } = positionOf(venue, account, contractOf(venue, symbol), 0);
      built.push({ account, symbol, openTime, target, entries });
    }
    if (entries.length > 0) said.push(`and ${entries.length} entries`);
    return said.join(' ');
  }

  const held = (account: Account): Position[] => [...account.positions.values()].filter(isOpen);
  const roles = (account: Account, position: Position) => {
    const resting = openOrdersOf(account, position.symbol).filter(
      (one) => one.status !== 'Untriggered',
    );
    const inwards = (one: Order): boolean => one.side === position.side;
    const near = (a: Order, b: Order): number =>
      (Number(a.price) - Number(b.price)) * (position.side === 'Buy' ? 1 : -1);
    return {
      rungs: resting.filter((one) => !inwards(one) && one.reduceOnly).sort(near),
      entries: resting.filter((one) => inwards(one) && !one.reduceOnly).sort((a, b) => near(b, a)),
    };
  };

  function any(): string {
    const account = pick(venue.accounts);
    const openLegs = held(account);
    const flat = SYMBOLS.filter((symbol) => !openLegs.some((one) => one.symbol === symbol));
    if (openLegs.length === 0 || (flat.length > 0 && random() < 0.25))
      return open(account, pick(flat));
    const position = pick(openLegs);
    const { symbol, side } = position;
    const about = { account: account.name, symbol };
    const { rungs, entries } = roles(account, position);
    const draw = random();
    const [rung] = rungs;
    const [entry] = entries;
    if (draw < 0.2 && rung) return setPrice(symbol, rung.price);
    if (draw < 0.26 && rung) {
      const quantity = toStep(times(rung.qty, '0.4'), contractOf(venue, symbol).step, 'down');
      const filled = hand('fill', { account: account.name, orderId: rung.orderId, quantity });
      return `${account.name} ${symbol}: 40 % of the next target ${filled ? 'filled' : 'not filled'}`;
    }
    if (draw < 0.36 && entry) return setPrice(symbol, entry.price);
    if (draw < 0.42) {
      const orders = openOrdersOf(account, symbol);
      if (orders.length > 0) {
        const one = pick(orders);
        hand('cancel', { ...about, orderId: one.orderId });
        return `${account.name} ${symbol}: ${one.stopOrderType || one.orderType} ${one.side} ${one.qty} at ${one.triggerPrice || one.price} cancelled by hand`;
      }
    }
    if (draw < 0.5) {
      hand('stop', { ...about, price: null });
      return `${account.name} ${symbol}: the stop removed by hand`;
    }
    if (draw < 0.56) {
      const away = (side === 'Buy' ? -1 : 1) * (0.005 + random() * 0.04);
      hand('stop', { ...about, price: levelOf(symbol, away) });
      return `${account.name} ${symbol}: the stop moved by hand to ${levelOf(symbol, away)}`;
    }
    if (draw < 0.62) {
      hand('close', { ...about, side });
      return `${account.name} ${symbol}: closed by hand`;
    }
    if (draw < 0.67) {
      const half = toStep(times(position.size, '0.5'), contractOf(venue, symbol).step, 'down');
      hand('order', {
        ...about,
        positionIdx: 0,
        side: side === 'Buy' ? 'Sell' : 'Buy',
        orderType: 'Market',
        qty: half,
        reduceOnly: true,
      });
      return `${account.name} ${symbol}: half of it closed by hand`;
    }
    if (draw < 0.7) {
      const double = times(position.size, '2');
      hand('order', {
        ...about,
        positionIdx: 0,
        side: side === 'Buy' ? 'Sell' : 'Buy',
        orderType: 'Market',
        qty: double,
      });
      return `${account.name} ${symbol}: turned over by hand`;
    }
    if (draw < 0.75) {
      hand('order', {
        ...about,
        positionIdx: 0,
        side,
        orderType: 'Limit',
        qty: quantityOf(symbol, 300),
        price: levelOf(symbol, (side === 'Buy' ? -1 : 1) * 0.006),
      });
      return `${account.name} ${symbol}: an entry added by hand`;
    }
    if (draw < 0.8)
      return setPrice(
        symbol,
        levelOf(symbol, (side === 'Buy' ? -1 : 1) * (0.03 + random() * 0.04)),
      );
    return setPrice(symbol, levelOf(symbol, (random() - 0.5) * 0.02));
  }

  return {
    built,
    any,
    unseen(is) {
      unseen = is;
    },
    open,
    fault() {
      const { kind, forMs = LIES_IN_WAIT, ...more } = pick(FAULTS)(random);
      const account = random() < 0.5 ? {} : { account: pick(venue.accounts).name };
      hand('fault', { kind, forMs, ...account, ...more });
      return { told: `fault ${JSON.stringify({ kind, forMs, ...account, ...more })}`, forMs };
    },
    random,
    pick,
  };
}

type Draw = (random: () => number) => { kind: string; forMs?: number } & Row;

const some = (random: () => number, most: number): number => 1 + Math.floor(random() * most);

/** What strikes a number of times does so within this time or not at all, ms. */
const LIES_IN_WAIT = 5_000;

const FAULTS: Draw[] = [
  () => ({ kind: 'dropSocket' }),
  (random) => ({ kind: 'dropSocket', afterFrames: some(random, 5) }),
  (random) => ({ kind: 'lag', ms: 1_000 + some(random, 3_000), forMs: 10_000 }),
  (random) => ({ kind: 'http500', count: some(random, 5) }),
  () => ({ kind: 'http500', forMs: 5_000 }),
  (random) => ({ kind: 'rateLimit', count: some(random, 4) }),
  (random) => ({ kind: 'duplicate', count: some(random, 20) }),
  (random) => ({ kind: 'reorder', count: some(random, 5) }),
  (random) => ({ kind: 'garbage', count: some(random, 2) }),
  (random) => ({ kind: 'missingPage', count: some(random, 2) }),
  (random) => ({ kind: 'latency', ms: 200 + some(random, 1_500), count: some(random, 10) }),
  (random) => ({ kind: 'acceptThenDrop', count: some(random, 2) }),
];
