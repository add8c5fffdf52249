import {
  greater,
  isPositive,
  less,
  minus,
  plus,
  sum,
  times,
} from '../../src-main/domain/numbers.ts';
import type { Account, Order, Position } from '../../src-main/practice/engine/state/state.ts';
import { isOpen, openOrdersOf, quoteOf } from '../../src-main/practice/engine/state/venue.ts';
import type { World } from '../../src-main/practice/world.ts';

const STOPS = new Set(['Stop', 'StopLoss', 'PartialStopLoss', 'TrailingStop']);

/** The stop orders that would close some of the position. */
export const stopsOf = (account: Account, position: Position): Order[] =>
  openOrdersOf(account, position.symbol).filter(
    (order) =>
      order.status === 'Untriggered' &&
      order.side !== position.side &&
      (order.reduceOnly || order.closeOnTrigger) &&
      STOPS.has(order.stopOrderType),
  );

/** Whether every unit has a stop at `level` or better; at any price without one. */
export function isCovered(account: Account, position: Position, level?: string): boolean {
  const long = position.side === 'Buy';
  const holds = (price: string): boolean =>
    level === undefined || !(long ? less(price, level) : greater(price, level));
  if (position.stopLoss !== '' && holds(position.stopLoss)) return true;
  const covering = stopsOf(account, position).filter(
    (order) => order.triggerPrice !== '' && holds(order.triggerPrice),
  );
  return !less(sum(covering.map((order) => order.qty)), position.size);
}

export interface Lack {
  key: string;
  account: string;
  symbol: string;
  ms: number;
  from: number;
}

export interface CoverWatch {
  /** At every rest: `counting` names the accounts whose desk could have acted. */
  look(counting: ReadonlySet<string>): void;
  /** Positions without a stop for longer than that while it counted, the longest first. */
  readonly longest: Lack | null;
  /** When a symbol was last seen without cover, ms; `undefined` never. */
  uncoveredAt(account: string, symbol: string): number | undefined;
  /** Whether a stop where the position last had one cannot be set, since the price is beyond it. */
  isBeyond(account: Account, position: Position): boolean;
}

/** How far from the entry the playbook sets a stop, as a share, where none was ever. */
const PLAYBOOK = '0.05';

/** Keeps how long the venue's positions are without the stop they should have. */
export function watchCover(world: World): CoverWatch {
  const { venue } = world;
  const lacking = new Map<string, Lack>();
  const planned = new Map<string, string>();
  const seen = new Map<string, number>();
  let longest: Lack | null = null;
  let lookedAt = venue.time.now();

  const keyOf = (account: Account, position: Position): string =>
    `${account.name} ${position.symbol} ${position.idx} ${position.side} ${position.openTime}`;

  function isBeyond(account: Account, position: Position): boolean {
    const long = position.side === 'Buy';
    const entry = Number(position.entryValue) / Number(position.size);
    const away = times(String(entry), PLAYBOOK);
    const level =
      planned.get(keyOf(account, position)) ??
      (long ? minus(String(entry), away) : plus(String(entry), away));
    const quote = quoteOf(venue, position.symbol);
    const last = quote.contract.grid.price(quote.last);
    return long ? !greater(last, level) : !less(last, level);
  }

  return {
    look(counting) {
      const now = venue.time.now();
      const passed = now - lookedAt;
      lookedAt = now;
      for (const lack of lacking.values()) {
        if (!counting.has(lack.account)) continue;
        lack.ms += passed;
        if (longest === null || lack.ms > longest.ms) longest = { ...lack };
      }
      for (const account of venue.accounts)
        for (const position of account.positions.values()) {
          const key = keyOf(account, position);
          if (!isOpen(position)) continue;
          const level = position.stopLoss || stopsOf(account, position)[0]?.triggerPrice;
          if (isPositive(level || '0') && level) planned.set(key, level);
          if (isCovered(account, position)) lacking.delete(key);
          else {
            seen.set(`${account.name} ${position.symbol}`, now);
            if (isBeyond(account, position)) lacking.delete(key);
            else if (!lacking.has(key))
              lacking.set(key, {
                key,
                account: account.name,
                symbol: position.symbol,
                ms: 0,
                from: now,
              });
          }
        }
      const open = new Set(
        venue.accounts.flatMap((account) =>
          [...account.positions.values()].filter(isOpen).map((one) => keyOf(account, one)),
        ),
      );
      for (const key of lacking.keys()) if (!open.has(key)) lacking.delete(key);
    },
    get longest() {
      return longest;
    },
    uncoveredAt: (account, symbol) => seen.get(`${account} ${symbol}`),
    isBeyond,
  };
}
