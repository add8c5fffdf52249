import { writeFileSync } from 'node:fs';
import { dividedBy, fromNumber, largest, times, toStep } from '../../src-main/domain/numbers.ts';
import { fault } from '../../src-main/practice/control/fault.ts';
import { cancel, close, order, price, stop } from '../../src-main/practice/control/hands.ts';
import type { Account } from '../../src-main/practice/engine/state/state.ts';
import { contractOf, isOpen, quoteOf } from '../../src-main/practice/engine/state/venue.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import type { World } from '../../src-main/practice/world.ts';
import type { ProcessTime } from '../support/in-process/time.ts';

type Row = Record<string, unknown>;

/** The exchange's own calls, past the network. */
const calls = { fault, close, stop, cancel, order, price };

const MINUTE = 60_000;
/** The usual time between two events of a kind; each draws its own, ms. */
const EVERY = { hand: 2 * MINUTE, market: MINUTE, fault: 12 * MINUTE, file: 5 * MINUTE };

export interface Events {
  /** How often each happened; hands the venue refused are counted as such. */
  readonly counts: Record<string, number>;
  /** Until when the venue was made hard to reach or to believe, ms. */
  readonly faultsUntil: number;
  /** Whether something makes requests fail just now. */
  unreachable(): boolean;
  /** Nothing happens while it is true. */
  rest(resting: boolean): void;
}

/**
 * A busy desk's days, by the seed: prices wander, another hand opens, changes and closes positions on
 * the venue's own screen, the line fails in many ways, and a protected file is written.
 */
export function startEvents(options: {
  time: ProcessTime;
  world: World;
  random: () => number;
  /** Prices come from a tape: they are not led anywhere. */
  taped: boolean;
  file: string;
}): Events {
  const { time, world, random, taped, file } = options;
  const counts: Record<string, number> = {};
  let faultsUntil = 0;
  let unreachableUntil = 0;
  let resting = false;
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const hand = (call: keyof typeof calls, body: Row): boolean => {
    try {
      void calls[call](world, body);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      count('refused');
      return false;
    }
  };
  const every = (ms: number, happen: () => void): void => {
    const next = (): void => void time.after(Math.round(-Math.log(1 - random()) * ms), again);
    const again = (): void => {
      if (!resting) happen();
      next();
    };
    next();
  };

  /** What each account holds at the start is what it holds, opened anew, all the time. */
  const symbols = new Map(
    world.venue.accounts.map((account) => [
      account.name,
      [...account.positions.values()].filter(isOpen).map(({ symbol }) => symbol),
    ]),
  );

  function someHand(): void {
    const account = pick(world.venue.accounts);
    const held = symbols.get(account.name) ?? [];
    const flat = held.filter((symbol) => !openIn(account, symbol));
    const symbol = flat.length > 0 && random() < 0.8 ? pick(flat) : pick(held);
    const position = openIn(account, symbol);
    const about = { account: account.name, symbol };
    if (!position) return open(account, symbol);
    const what = random();
    if (what < 0.35) {
      count('closed by hand');
      hand('close', { ...about, side: position.side });
    } else if (what < 0.6) {
      count('stop moved by hand');
      const away = (position.side === 'Buy' ? -1 : 1) * (0.015 + random() * 0.03);
      hand('stop', { ...about, price: levelOf(symbol, away) });
    } else if (what < 0.8) {
      count('order cancelled by hand');
      const entry = [...(account.openBySymbol.get(symbol) ?? [])].find(
        (one) => !one.reduceOnly && one.status === 'New',
      );
      if (entry) hand('cancel', { ...about, orderId: entry.orderId });
    } else {
      count('entry added by hand');
      const away = (position.side === 'Buy' ? -1 : 1) * (0.002 + random() * 0.01);
      const qty = quantityOf(symbol, 300);
      const limit = { orderType: 'Limit', qty, price: levelOf(symbol, away) };
      hand('order', { ...about, positionIdx: 0, side: position.side, ...limit });
    }
  }

  /** A whole position as an operator builds it: entry with its stop, a ladder, an entry further away. */
  function open(account: Account, symbol: string): void {
    count('opened by hand');
    const side = random() < 0.5 ? 'Buy' : 'Sell';
    const other = side === 'Buy' ? 'Sell' : 'Buy';
    const sign = side === 'Buy' ? 1 : -1;
    const about = { account: account.name, symbol, positionIdx: 0 };
    const value = 1_200 + random() * 1_500;
    const level = levelOf(symbol, -0.03 * sign);
    const entry = { ...about, side, orderType: 'Market', qty: quantityOf(symbol, value) };
    if (!hand('order', { ...entry, stopLoss: level })) return;
    const limit = { ...about, orderType: 'Limit' };
    for (const [at, share] of [0.85, 0.05, 0.05, 0.05].entries())
      hand('order', {
        ...limit,
        side: other,
        reduceOnly: true,
        qty: quantityOf(symbol, value * share),
        price: levelOf(symbol, sign * (0.004 + 0.006 * at)),
      });
    if (random() < 0.5)
      hand('order', {
        ...limit,
        side,
        qty: quantityOf(symbol, value / 3),
        price: levelOf(symbol, -0.006 * sign),
      });
  }

  /** A market that goes somewhere: to a target, an entry or a stop within the next hours. */
  function wander(): void {
    const symbol = pick(symbols.get(pick(world.venue.accounts).name) ?? []);
    const quote = quoteOf(world.venue, symbol);
    quote.anchor = Math.max(1, Math.round(quote.last * Math.exp((random() - 0.5) * 0.16)));
  }

  function someFault(): void {
    const { kind, forMs, ...more } = pick(FAULTS)(random);
    count(`fault ${kind}`);
    const account = random() < 0.5 ? {} : { account: pick(world.venue.accounts).name };
    hand('fault', { kind, ...(forMs ? { forMs } : {}), ...account, ...more });
    const lasts = forMs ?? (kind === 'ban403' ? BAN_MS : MINUTE);
    faultsUntil = Math.max(faultsUntil, time.now() + lasts);
    if (['http500', 'rateLimit', 'ban403', 'garbage', 'latency', 'clockSkew'].includes(kind))
      unreachableUntil = Math.max(unreachableUntil, time.now() + lasts);
  }

  let written = 0;
  function writeFile(): void {
    const { accounts } = world.venue;
    const positions = accounts.map(({ name, positions: all }) => ({ name, held: all.size }));
    writeFileSync(file, JSON.stringify({ written: ++written, at: time.now(), positions }));
  }

  /** A price so far (a share) from the last one, on the tick. */
  function levelOf(symbol: string, away: number): string {
    const { contract, last } = quoteOf(world.venue, symbol);
    return contract.grid.price(Math.max(1, Math.round(last * (1 + away))));
  }

  function quantityOf(symbol: string, value: number): string {
    const contract = contractOf(world.venue, symbol);
    const at = levelOf(symbol, 0);
    const least = largest(contract.minQty, dividedBy(times(contract.minNotional, '1.1'), at));
    const wanted = dividedBy(fromNumber(Number(value.toFixed(2))), at);
    return toStep(largest(least, wanted), contract.step, 'up');
  }

  writeFile();
  every(EVERY.hand, someHand);
  if (!taped) every(EVERY.market, wander);
  every(EVERY.fault, someFault);
  every(EVERY.file, writeFile);
  return {
    counts,
    get faultsUntil() {
      return faultsUntil;
    },
    unreachable: () => time.now() < unreachableUntil,
    rest(now) {
      resting = now;
    },
  };
}

const openIn = (account: Account, symbol: string) =>
  [...account.positions.values()].find((one) => one.symbol === symbol && isOpen(one));

/** A ban lasts ten minutes from the next request on. */
const BAN_MS = 12 * MINUTE;

type Draw = (random: () => number) => { kind: string; forMs?: number } & Row;

const some = (random: () => number, most: number): number => 1 + Math.floor(random() * most);

/** What goes wrong; what stands more than once goes wrong more often. */
const FAULTS: Draw[] = [
  () => ({ kind: 'dropSocket' }),
  (random) => ({ kind: 'dropSocket', afterFrames: some(random, 5) }),
  (random) => ({ kind: 'lag', ms: 1_000 + some(random, 4_000), forMs: 30_000 }),
  (random) => ({ kind: 'http500', count: some(random, 10) }),
  () => ({ kind: 'http500', forMs: 20_000 }),
  (random) => ({ kind: 'rateLimit', count: some(random, 5) }),
  (random) => ({ kind: 'clockSkew', ms: some(random, 40_000) - 20_000, forMs: 30_000 }),
  (random) => ({ kind: 'duplicate', count: some(random, 20) }),
  (random) => ({ kind: 'reorder', count: some(random, 5) }),
  (random) => ({ kind: 'garbage', count: some(random, 3) }),
  (random) => ({ kind: 'missingPage', count: some(random, 3) }),
  (random) => ({ kind: 'latency', ms: 300 + some(random, 3_000), count: some(random, 20) }),
  () => ({ kind: 'acceptThenDrop' }),
  (random) => (random() < 0.1 ? { kind: 'ban403' } : { kind: 'forgetClosed' }),
];
