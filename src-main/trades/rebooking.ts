import type { Execution } from '../domain/execution.ts';
import { positionKey } from '../domain/keys.ts';
import { type Decimal, isPositive, less, minus, plus } from '../domain/numbers.ts';
import type { OrderSide } from '../domain/order.ts';
import type { TradeRecord } from '../persistence/records.ts';
import { firstToBook, inSequence } from './sequence.ts';
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
  /** Set when it said that more was open than was seen to be entered: what a Buy and a Sell could close then. */
  assumed: Record<OrderSide, Decimal> | null;
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

  /** Books inputs one after the other, those of one moment in an order in which they can have happened. */
  function run(inputs: readonly Input[], into: Booked[]): Told {
    const told = nothingTold();
    const left = [...inputs];
    while (left.length > 0) {
      const first = firstToBook(left, ({ side }) => closable(book, side));
      for (const input of left.splice(first, 1)) {
        const before = { Buy: closable(book, 'Buy'), Sell: closable(book, 'Sell') };
        const assumed = bookInput(book, input, reasonOf, told);
        into.push({ ...input, assumed: assumed ? before : null });
      }
    }
    return told;
  }

  /** Where an execution belongs among the inputs that were booked; `null` when it is the next one. */
  function placeOf(input: Input): { inputs: Booked[]; index: number } | null {
    if (input.kind !== 'execution') return null;
    for (const { inputs } of stretches) {
      const index = inputs.findIndex((one) => hasOvertaken(one, input.execution));
      if (index >= 0) return { inputs, index };
    }
    return null;
  }

  function insert(input: Input): void {
    const place = placeOf(input);
    if (place === null || input.kind !== 'execution') {
      lastOf(stretches).inputs.push({ ...input, assumed: null });
      return;
    }
    const { inputs, index } = place;
    for (const later of inputs.slice(index))
      if (later.assumed) later.assumed = closableAfter(later.assumed, input.execution);
    // As if it had been learned in its turn.
    inputs.splice(index, 0, { ...input, at: inputs[index]?.at ?? input.at, assumed: null });
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
      ...is,
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
      if (inputs.some((input) => placeOf(input) !== null)) return rebook(inputs);
      const stretch = current(inputs[0]?.at ?? 0);
      const told = run(inputs, stretch.inputs);
      stretch.told = merged([stretch.told, told]);
      return { ...told, removedTrades: [], removedEvents: [] };
    },
    knows: (key) => [...book.monitors.values()].some((monitor) => positionKey(monitor) === key),
  };
}

const lastOf = ([first, ...others]: readonly [Stretch, ...Stretch[]]): Stretch =>
  others.at(-1) ?? first;

/** True when an execution that is learned only now belongs before what was booked. */
function hasOvertaken({ assumed, ...booked }: Booked, late: Execution): boolean {
  if (booked.kind === 'execution') {
    const order = inSequence(late, booked.execution);
    return order < 0 || (order === 0 && assumed !== null);
  }
  const isOlder = late.executedAt < booked.at - FOLLOWS_WITHIN_MS;
  if (assumed === null || !isOlder || late.side === null || !TRADING.has(late.type)) return false;
  const opens = less(late.closedSize ?? '0', late.quantity);
  // One leg of a hedge says nothing of the other.
  const isOfLong = opens === (late.side === 'Buy');
  if (booked.kind === 'word' && booked.monitor.positionIdx !== 0)
    if (isOfLong !== (booked.monitor.side === 'long')) return false;
  // What was found open was entered in the past; an exit belongs there where it had something to close.
  return opens || isPositive(assumed[late.side]);
}

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

const merged = (told: readonly Told[]): Told => ({
  trades: new Map(told.flatMap(({ trades }) => [...trades])),
  events: new Map(told.flatMap(({ events }) => [...events])),
});
