import { closes } from '../domain/close-reason.ts';
import type { Execution } from '../domain/execution.ts';
import type { Monitor } from '../domain/monitor.ts';
import {
  absolute,
  type Decimal,
  equal,
  greater,
  less,
  minus,
  negated,
  plus,
  smallest,
  times,
} from '../domain/numbers.ts';
import { inSequence } from './sequence.ts';
import {
  bookInput,
  closable,
  copied,
  type Input,
  nothingTold,
  type ReasonOf,
  type TradeBook,
} from './trade-book.ts';
import { FOLLOWS_WITHIN_MS } from './venue-word.ts';

type Fill = Extract<Input, { kind: 'execution' }>;
type Word = Extract<Input, { kind: 'word' }>;

/** The venue rounds an average as it likes; one further off than this part of it is another one. */
const SAME_AVERAGE = '0.001';

/**
 * What of `left`, which begins with `first`, is booked next, in this order: all that filled at once, or a word
 * after what explains it.
 */
export function nextToBook(
  book: TradeBook,
  first: Input,
  left: readonly Input[],
  reasonOf: ReasonOf,
): Input[] {
  if (first.kind === 'word') return [...explaining(book, first, left, reasonOf), first];
  if (first.kind === 'removed') return [first];
  const fills = together(first, left);
  return fills.length === 1 ? fills : inPossibleOrder(book, fills, wordsIn(left), reasonOf);
}

/** True when a side holds what the venue says, at another average: what filled at once had another order. */
export function hasOtherAverage(book: TradeBook, { side, size, entryPrice }: Monitor): boolean {
  const trade = book.open.get(side)?.trade;
  if (!trade || entryPrice === null || trade.entryPrice === null) return false;
  const apart = absolute(minus(trade.entryPrice, entryPrice));
  return equal(trade.size, size) && greater(apart, times(entryPrice, SAME_AVERAGE));
}

const wordsIn = (inputs: readonly Input[]): Monitor[] =>
  inputs.flatMap((one) => (one.kind === 'word' ? [one.monitor] : []));

/** What filled at once with the first of these. */
function together(first: Fill, left: readonly Input[]): Fill[] {
  const isSame = (one: Input): one is Fill =>
    one.kind === 'execution' && inSequence(one.execution, first.execution) === 0;
  const end = left.findIndex((one) => !isSame(one));
  return left.slice(0, end < 0 ? left.length : end).filter(isSame);
}

/**
 * The executions that lead to a position of which the venue told before them, or nothing where they do
 * not by themselves.
 */
function explaining(
  book: TradeBook,
  told: Word,
  left: readonly Input[],
  reasonOf: ReasonOf,
): Fill[] {
  const { side, size, phase } = told.monitor;
  if (phase === 'closed' || !greater(size, book.open.get(side)?.trade.size ?? '0')) return [];
  const end = left.findIndex(
    (one) => one.kind === 'removed' || (one.kind === 'word' && one.monitor.phase === 'closed'),
  );
  let fills = left
    .slice(0, end < 0 ? left.length : end)
    .filter((one) => one.kind === 'execution')
    .filter(({ execution }) => execution.executedAt <= told.at + FOLLOWS_WITHIN_MS);
  const trial = copied(book);
  const taken: Fill[] = [];
  for (let first = fills[0]; first; first = fills[0]) {
    const next = inPossibleOrder(trial, together(first, fills), [told.monitor], reasonOf);
    fills = fills.slice(next.length);
    for (const fill of next) {
      if (bookInput(trial, fill, reasonOf, nothingTold())) return [];
      taken.push(fill);
      const isThere = equal(trial.open.get(side)?.trade.size ?? '0', size);
      if (isThere && !hasOtherAverage(trial, told.monitor)) return taken;
    }
  }
  return [];
}

/**
 * What filled at once bears one time and one number in the venue's sequence, and a list may tell it in any
 * order. An exit waits for what it closes; one that leaves its side flat comes before the entries, which
 * then begin another trade: unless the result the venue names for it, or its average afterwards, says that
 * the entries came first.
 */
function inPossibleOrder(
  book: TradeBook,
  fills: readonly Fill[],
  words: readonly Monitor[],
  reasonOf: ReasonOf,
): Fill[] {
  const endFirst = tried(book, fills, isEnd, words, reasonOf);
  const entriesFirst = tried(
    book,
    fills,
    (_, { execution }) => !closes(execution),
    words,
    reasonOf,
  );
  return less(entriesFirst.off, endFirst.off) ? entriesFirst.order : endFirst.order;
}

const isEnd = (book: TradeBook, { execution }: Fill): boolean =>
  closes(execution) && equal(closable(book, execution.side), execution.closedSize ?? '0');

/** What it closes is open now, and, where one position is held at a time, nothing of that is left beside what it opens. */
function fits(
  book: TradeBook,
  { execution: { side, quantity, closedSize } }: Fill,
  compares: (closed: Decimal, possible: Decimal) => boolean,
): boolean {
  return compares(closedSize ?? '0', smallest(quantity, closable(book, side)));
}

const isUpTo = (closed: Decimal, possible: Decimal): boolean => !less(possible, closed);

/** The fills in an order that prefers some, and how far the venue's word is from what it gives. */
function tried(
  book: TradeBook,
  fills: readonly Fill[],
  prefers: (book: TradeBook, fill: Fill) => boolean,
  words: readonly Monitor[],
  reasonOf: ReasonOf,
): { order: Fill[]; off: Decimal } {
  const trial = copied(book);
  const left = [...fills];
  const order: Fill[] = [];
  let off: Decimal = '0';
  while (left.length > 0) {
    const exact = left.filter((fill) => fits(trial, fill, equal));
    const able = exact.length > 0 ? exact : left.filter((fill) => fits(trial, fill, isUpTo));
    const next = able.find((fill) => prefers(trial, fill)) ?? able[0] ?? left[0];
    if (!next) break;
    left.splice(left.indexOf(next), 1);
    off = plus(off, resultOff(trial, next.execution));
    bookInput(trial, next, reasonOf, nothingTold());
    order.push(next);
  }
  for (const { trade } of trial.open.values()) {
    const word = words.find(({ side, size }) => side === trade.side && equal(size, trade.size));
    if (word?.entryPrice && trade.entryPrice !== null)
      off = plus(off, absolute(times(minus(word.entryPrice, trade.entryPrice), trade.size)));
  }
  return { order, off };
}

/** By how much the result of an exit, booked now, is not what the venue says of it. */
function resultOff(book: TradeBook, execution: Execution): Decimal {
  const { side, price, closedSize, pnl } = execution;
  const trade = book.open.get(side === 'Buy' ? 'short' : 'long')?.trade;
  if (!closes(execution) || closedSize === null || pnl === null || !trade?.entryPrice) return '0';
  const gain = times(minus(price, trade.entryPrice), closedSize);
  return absolute(minus(trade.side === 'long' ? gain : negated(gain), pnl));
}
