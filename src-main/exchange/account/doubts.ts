import type { Clock } from '../../domain/clock.ts';
import { positionKey } from '../../domain/keys.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Source } from '../../domain/read.ts';
import type { Oddity } from '../../domain/set-aside.ts';
import type { Sorted } from '../bybit/sort-error.ts';
import type { GatewayEvent } from '../gateway.ts';
import { joinWalks, type Walk } from '../rest/page-walk.ts';
import { isNoSuchSymbol, type Reads } from '../rest/reads.ts';
import type { RestClient } from '../rest/rest-client.ts';
import type { Book } from './book.ts';
import { AHEAD } from './lag.ts';
import type { OrderDoubt } from './taken.ts';

/** More doubtful orders than this are looked for in the history before they are asked about by name. */
const HANDFUL = 10;

/** Sets the symbols of what is odd aside from now on. */
export type SetAsideNow = (odd: readonly Oddity[], from: Source) => void;

/** What settling needs: the belief, the questions, and the venue's time. */
export interface Settling {
  setAside: SetAsideNow;
  book: Book;
  reads: Reads;
  clock: Clock;
  rest: RestClient;
}

/** What the messages alone cannot settle: positions by symbol, orders by id. */
export interface Doubts {
  symbols: string[];
  orders: OrderDoubt[];
}

export const noDoubts = (): Doubts => ({ symbols: [], orders: [] });

export const anyDoubt = ({ symbols, orders }: Doubts): boolean =>
  symbols.length > 0 || orders.length > 0;

export const joinDoubts = (a: Doubts, b: Doubts): Doubts => ({
  symbols: [...a.symbols, ...b.symbols],
  orders: [...a.orders, ...b.orders],
});

/**
 * Believed open, not in the venue's lists: absence alone proves nothing (P19, P58), and of a symbol that is
 * set aside it does not even raise a doubt.
 */
export function missingFrom(
  book: Book,
  positions: readonly Position[],
  orders: readonly Order[],
  concerns = isUnderstood(book),
): Doubts {
  const listedIds = new Set(orders.map((row) => row.orderId));
  return {
    symbols: symbolsMissingFrom(book, positions, concerns),
    orders: book.openOrders().filter((row) => concerns(row.symbol) && !listedIds.has(row.orderId)),
  };
}

const isUnderstood =
  (book: Book) =>
  (symbol: string): boolean =>
    book.setAsideOf(symbol) === null;

function symbolsMissingFrom(
  book: Book,
  positions: readonly Position[],
  concerns = isUnderstood(book),
): string[] {
  const listed = new Set<string>(positions.map((row) => positionKey(row)));
  const missing = book
    .openPositions()
    .filter((row) => concerns(row.symbol) && !listed.has(positionKey(row)));
  return [...new Set(missing.map(({ symbol }) => symbol))];
}

/**
 * The open positions, and of each that is held and not among them what the venue says by its name. The
 * flat row bears marks of time, which absence from a list does not: a list that lags proves nothing gone.
 */
export async function positionsWithHeld(settling: Settling): Promise<Walk<Position>> {
  const listed = await settling.reads.positions();
  if (!listed.ok) return listed;
  const missing = symbolsMissingFrom(settling.book, listed.rows);
  const named = await Promise.all(missing.map((symbol) => legsOf(symbol, settling)));
  return joinWalks([listed, ...named.filter((walk) => walk !== null)]);
}

/**
 * Asks the venue about each doubt by name (many orders: in its history first) and takes its answers
 * into the book, telling what changed. `null`, or the trouble when one could not be answered.
 */
export async function settleDoubts(
  doubts: Doubts,
  settling: Settling,
  say: (event: GatewayEvent) => void,
): Promise<Sorted | null> {
  const symbols = [...new Set(doubts.symbols)];
  const [positionsAsked, ordersAsked] = await Promise.all([
    Promise.all(symbols.map((symbol) => settlePosition(symbol, settling, say))),
    settleOrders(doubts.orders, settling, say),
  ]);
  return [...positionsAsked, ...ordersAsked].find((trouble) => trouble) ?? null;
}

type Say = (event: GatewayEvent) => void;

/** Not understood when asked about by name: its symbol is set aside, which leaves no doubt to settle. */
function aside(walk: Walk<unknown>, setAside: SetAsideNow): boolean {
  if (walk.ok || walk.odd === undefined) return false;
  setAside(walk.odd, 'rest');
  return true;
}

/** What the venue says of a symbol by its name; `null` when that sets it aside. */
async function legsOf(symbol: string, settling: Settling): Promise<Walk<Position> | null> {
  const { reads, clock, rest } = settling;
  const walk = await reads.position(symbol);
  if (aside(walk, settling.setAside)) return null;
  if (walk.ok || !isNoSuchSymbol(walk.trouble)) return walk;
  // Delisted or renamed: no list holds it and its name means nothing, so nothing of it is open.
  return { ok: true, rows: [], odd: [], time: clock.now() + rest.clockOffset() };
}

async function settlePosition(symbol: string, settling: Settling, say: Say) {
  const { book } = settling;
  const asked = book.now();
  const walk = await legsOf(symbol, settling);
  if (walk === null) return null;
  if (!walk.ok) return walk.trouble;
  const changed = book.answerLegs(symbol, walk.rows, asked);
  if (changed.length > 0) say({ kind: 'positions', rows: changed, asOf: walk.time });
  return null;
}

async function settleOrders(doubts: readonly OrderDoubt[], settling: Settling, say: Say) {
  const left = new Map(doubts.map((doubt) => [doubt.orderId, doubt]));
  if (left.size > HANDFUL) {
    for (const orderId of await settleFromHistory([...left.keys()], settling, say)) {
      left.delete(orderId);
    }
  }
  return Promise.all([...left.values()].map((order) => settleOrder(order, settling, say)));
}

/**
 * The ids of the orders the history told the end of. A history that cannot be read tells none: asking
 * by name then decides. Which of an order's times the venue's window means is not documented, so it
 * begins where the oldest of them was made.
 */
async function settleFromHistory(
  orderIds: readonly string[],
  { book, reads, clock, rest }: Settling,
  say: Say,
): Promise<string[]> {
  const asked = book.now();
  const until = clock.now() + rest.clockOffset() + AHEAD;
  const made = orderIds.flatMap((orderId) => book.order({ orderId })?.createdAt ?? []);
  const walk = await reads.endedOrders(new Set(orderIds), Math.min(until, ...made), until);
  if (!walk.ok) return [];
  const ended = walk.rows.filter(hasEnded);
  const { changed } = book.takeOrders(ended, { asked, whole: false });
  if (changed.length > 0) say({ kind: 'orders', rows: changed, asOf: walk.time });
  return ended.map(({ orderId }) => orderId);
}

async function settleOrder({ symbol, orderId }: OrderDoubt, settling: Settling, say: Say) {
  const { book, reads, setAside } = settling;
  const asked = book.now();
  const walk = await reads.order({ symbol, orderId });
  if (aside(walk, setAside)) return null;
  if (!walk.ok && !isNoSuchSymbol(walk.trouble)) return walk.trouble;
  const changed = book.answerNamed(orderId, walk.ok ? walk.rows : [], asked);
  if (walk.ok && changed.length > 0) say({ kind: 'orders', rows: changed, asOf: walk.time });
  return null;
}
