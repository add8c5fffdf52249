import { isDeepStrictEqual } from 'node:util';
import { closes } from '../domain/close-reason.ts';
import type { Execution } from '../domain/execution.ts';
import { positionKey } from '../domain/keys.ts';
import { type Decimal, equal, isPositive, less, minus, plus, smallest } from '../domain/numbers.ts';
import type { OrderSide } from '../domain/order.ts';
import type { TradeRecord } from '../persistence/records.ts';
import { hasOtherAverage, nextToBook } from './next-to-book.ts';
import { inSequence } from './sequence.ts';
import {
  bookInput,
  closable,
  copied,
  type Input,
  nothingTold,
  type ReasonOf,
  type Told,
  type TradeBook,
} from './trade-book.ts';
import { TRADING } from './trade-rebuild.ts';
import { FOLLOWS_WITHIN_MS } from './venue-word.ts';

/**
 * Inputs remembered so that one that was overtaken can still be booked in its place: those of the last
 * two stretches, each of so many inputs or ms. Executions overtake others while a list is read after an
 * outage: for seconds, or minutes when the list cannot be had.
 */
const STRETCH = { inputs: 50, ms: 1_800_000 };

/** An input as it was booked. */
type Booked = Input & {
  /** What a Buy and a Sell could close before it. */
  before: Record<OrderSide, Decimal>;
  /** It said that more was open than was seen to be entered. */
  assumed: boolean;
};

interface Stretch {
  before: TradeBook;
  inputs: Booked[];
  told: Told;
}

/** What changed; what an earlier order of booking had made and the right one does not is removed. */
export interface Rebooked extends Told {
  removedTrades: string[];
  removedEvents: string[];
}

/** The books of one symbol of one account, the same in whatever order its executions are learned. */
export interface Rebooking {
  take(inputs: readonly Input[]): Rebooked;
  /** True when the monitor of this key was told of. */
  knows(key: string): boolean;
}

export function createRebooking(from: TradeBook, reasonOf: ReasonOf): Rebooking {
  let book = from;
  const begun = (): Stretch => ({ before: copied(book), inputs: [], told: nothingTold() });
  let stretches: [Stretch, ...Stretch[]] = [begun()];

  /** Books inputs one after the other, in an order in which they can have happened. */
  function run(inputs: readonly Input[], into: Booked[]): Told {
    const told = nothingTold();
    const left = [...inputs];
    for (let first = left[0]; first; first = left[0]) {
      for (const input of nextToBook(book, first, left, reasonOf)) {
        left.splice(left.indexOf(input), 1);
        const before = { Buy: closable(book, 'Buy'), Sell: closable(book, 'Sell') };
        const assumed = bookInput(book, input, reasonOf, told);
        into.push({ ...input, before, assumed });
      }
    }
    return told;
  }

  /** Where an execution belongs among the inputs that were booked; `null` when it is the next one. */
  function placeOf(input: Input): { inputs: Booked[]; index: number } | null {
    if (input.kind !== 'execution') return null;
    const now = closable(book, input.execution.side);
    for (const { inputs } of stretches) {
      const index = inputs.findIndex((one) => hasOvertaken(one, input.execution, now));
      if (index >= 0) return { inputs, index };
    }
    return null;
  }

  /** True for what may tell how the inputs that were booked are to be read. */
  function decides(input: Input): boolean {
    const booked = stretches.flatMap(({ inputs }) => inputs);
    if (input.kind === 'execution') return booked.some((one) => foretold(one, input.execution));
    return (
      input.kind === 'word' && hasOtherAverage(book, input.monitor) && booked.some(isOneOfMany)
    );
  }

  function insert(input: Input): void {
    const place = placeOf(input);
    if (place === null || input.kind !== 'execution') {
      lastOf(stretches).inputs.push({ ...input, before: NOTHING, assumed: false });
      return;
    }
    const { inputs, index } = place;
    const { before = NOTHING, at = input.at } = inputs[index] ?? {};
    for (const later of inputs.slice(index))
      later.before = closableAfter(later.before, input.execution);
    // As if it had been learned in its turn.
    inputs.splice(index, 0, { ...input, at, before, assumed: false });
  }

  /** Books everything that is remembered anew, with what was overtaken in its place. */
  function rebook(news: readonly Input[]): Rebooked {
    for (const input of news) insert(input);
    const [start, ...others] = stretches;
    const was = merged([start, ...others].map(({ told }) => told));
    const again = (stretch: Stretch): Stretch => {
      const anew = begun();
      return { ...anew, told: run(stretch.inputs, anew.inputs) };
    };
    book = copied(start.before);
    stretches = [again(start), ...others.map(again)];
    const is = merged(stretches.map(({ told }) => told));
    const known = tradesOf(start.before);
    const gone = [...was.trades.keys()].filter((id) => !is.trades.has(id));
    for (const id of gone) {
      const before = known.get(id);
      if (before) is.trades.set(id, before);
    }
    return {
      trades: without(is.trades, was.trades),
      events: without(is.events, was.events),
      removedTrades: gone.filter((id) => !known.has(id)),
      removedEvents: [...was.events.keys()].filter((id) => !is.events.has(id)),
    };
  }

  /** The stretch that what comes at `at` belongs to. */
  function current(at: number): Stretch {
    const last = lastOf(stretches);
    const [first] = last.inputs;
    if (!first || (last.inputs.length < STRETCH.inputs && at - first.at < STRETCH.ms)) return last;
    const next = begun();
    stretches = [last, next];
    return next;
  }

  return {
    take(inputs) {
      if (inputs.some((input) => placeOf(input) !== null || decides(input))) return rebook(inputs);
      const stretch = current(inputs[0]?.at ?? 0);
      const told = run(inputs, stretch.inputs);
      stretch.told = merged([stretch.told, told]);
      return { ...told, removedTrades: [], removedEvents: [] };
    },
    knows: (key) => [...book.monitors.values()].some((monitor) => positionKey(monitor) === key),
  };
}

const NOTHING: Booked['before'] = { Buy: '0', Sell: '0' };

const lastOf = ([first, ...others]: readonly [Stretch, ...Stretch[]]): Stretch =>
  others.at(-1) ?? first;

/** True when an execution that is learned only now, and could close so much, belongs before what was booked. */
function hasOvertaken(
  { assumed, before, ...booked }: Booked,
  late: Execution,
  possible: Decimal,
): boolean {
  if (booked.kind === 'execution') {
    const { execution } = booked;
    const order = inSequence(late, execution);
    if (order !== 0 || late.side === null || execution.side === null) return order < 0;
    const fits =
      closesAll(late, possible) && closesAll(execution, before[execution.side]) && !assumed;
    return late.side !== execution.side && (!fits || mayEnd(before, late, execution));
  }
  const isOlder = late.executedAt < booked.at - FOLLOWS_WITHIN_MS;
  if (!assumed || !isOlder || late.side === null || !TRADING.has(late.type)) return false;
  const opens = less(late.closedSize ?? '0', late.quantity);
  // One leg of a hedge says nothing of the other.
  const isOfLong = opens === (late.side === 'Buy');
  if (booked.kind === 'word' && booked.monitor.positionIdx !== 0)
    if (isOfLong !== (booked.monitor.side === 'long')) return false;
  // What was found open was entered in the past; an exit belongs there where it had something to close.
  return opens || isPositive(before[late.side]);
}

/** True when it closed all it could, as it must where one position is held at a time. */
const closesAll = ({ quantity, closedSize }: Execution, possible: Decimal): boolean =>
  equal(closedSize ?? '0', smallest(quantity, possible));

/** True when of two that filled at once one may have ended the position, and the other opened the next. */
const mayEnd = (before: Booked['before'], ...two: [Execution, Execution]): boolean =>
  two[0].side !== two[1].side &&
  two.some(
    (one) => one.side !== null && closes(one) && equal(before[one.side], one.closedSize ?? '0'),
  );

/** True for a word that told of more than was booked, and may have known of this execution. */
const foretold = (booked: Booked, { type, executedAt }: Execution): boolean =>
  booked.kind === 'word' &&
  booked.assumed &&
  TRADING.has(type) &&
  executedAt <= booked.at + FOLLOWS_WITHIN_MS;

/** True for an execution that filled at once with the one before. */
const isOneOfMany = (booked: Booked, index: number, all: readonly Booked[]): boolean => {
  const before = all[index - 1];
  return (
    booked.kind === 'execution' &&
    before?.kind === 'execution' &&
    inSequence(before.execution, booked.execution) === 0
  );
};

/** What could be closed once this execution is booked before. */
function closableAfter(
  before: Record<OrderSide, Decimal>,
  { side, quantity, closedSize }: Execution,
): Record<OrderSide, Decimal> {
  if (side === null) return before;
  const [closed, other] = [closedSize ?? '0', side === 'Buy' ? 'Sell' : 'Buy'] as const;
  const opening = plus(before[other], minus(quantity, closed));
  return { ...before, [side]: minus(before[side], closed), [other]: opening };
}

const tradesOf = ({ open, ended }: TradeBook): Map<string, TradeRecord> =>
  new Map([...ended, ...open.values()].map(({ trade }) => [trade.id, trade]));

/** What is not as it was told already. */
const without = <T>(is: ReadonlyMap<string, T>, was: ReadonlyMap<string, T>): Map<string, T> =>
  new Map([...is].filter(([id, one]) => !isDeepStrictEqual(one, was.get(id))));

const merged = (told: readonly Told[]): Told => ({
  trades: new Map(told.flatMap(({ trades }) => [...trades])),
  events: new Map(told.flatMap(({ events }) => [...events])),
});
