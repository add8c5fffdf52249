import type { Execution } from '../../src-main/domain/execution.ts';
import type { Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import { answered, type Read, unknown } from '../../src-main/domain/read.ts';
import type { Wallet } from '../../src-main/domain/wallet.ts';
import { type Book, createBook } from '../../src-main/exchange/account/book.ts';
import type {
  Gateway,
  GatewayEvent,
  GatewayStatus,
  Market,
  WriteResult,
} from '../../src-main/exchange/gateway.ts';
import { aWallet } from './rows.ts';

/** One account of a venue that holds exactly what a test says, and counts what it is asked. */
export interface Venue extends Gateway {
  book: Book;
  holds: { positions: Position[]; orders: Order[]; executions: Execution[]; wallet: Wallet };
  asked: Record<string, number>;
  sent: string[];
  /** Why the stream was to be made anew. */
  resyncs: string[];
  /** Reads fail with this reason while it is set. */
  down: string | null;
  /** While set, reads are answered only when `release` is called. */
  held: boolean;
  release(): void;
  answerWrites(with_: WriteResult | ((what: string) => WriteResult)): void;
  /** The account read whole and settled, as after a connect. */
  snapshot(asOf: number, executions?: Execution[]): Extract<GatewayEvent, { kind: 'snapshot' }>;
  /** What the stream tells: taken into the book, then told as the event that it is. */
  push<Event extends Extract<GatewayEvent, { rows: unknown[] }>>(event: Event): Event;
  statusIs: Partial<GatewayStatus>;
}

export function aVenue(account = 'main', now: () => number = () => 0): Venue {
  let waiting: (() => void)[] = [];
  let write: (what: string) => WriteResult = () => ({ state: 'accepted', orderId: 'n1' });
  const asked: Record<string, number> = {};
  async function reply<T>(path: string, rows: () => T[]): Promise<Read<T>> {
    asked[path] = (asked[path] ?? 0) + 1;
    const asOf = now();
    const then = rows().slice();
    if (venue.held) await new Promise<void>((resolve) => waiting.push(resolve));
    return venue.down ? unknown(venue.down) : answered(then, asOf, 'rest');
  }
  const send = (what: string): Promise<WriteResult> => {
    venue.sent.push(what);
    return Promise.resolve(write(what));
  };
  const book = createBook(account, now);
  const venue: Venue = {
    account,
    book,
    holds: { positions: [], orders: [], executions: [], wallet: aWallet(account) },
    asked,
    sent: [],
    resyncs: [],
    down: null,
    held: false,
    statusIs: {},
    release() {
      venue.held = false;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    answerWrites(answer) {
      write = typeof answer === 'function' ? answer : () => answer;
    },
    snapshot(asOf, executions = []) {
      const { positions, orders, wallet } = structuredClone(venue.holds);
      const asked = book.now();
      const symbols = new Set([...book.openPositions(), ...positions].map(({ symbol }) => symbol));
      for (const symbol of symbols) {
        book.answerLegs(
          symbol,
          positions.filter((row) => row.symbol === symbol),
          asked,
        );
      }
      for (const { orderId } of book.openOrders()) {
        if (!orders.some((row) => row.orderId === orderId)) book.answerNamed(orderId, [], asked);
      }
      book.takeOrders(orders, { asked, whole: false });
      book.wallet.answer(wallet, asked);
      return {
        kind: 'snapshot',
        positions: book.openPositions(),
        orders: book.openOrders(),
        wallet: book.wallet.wallet(),
        walletIsCertain: true,
        executions: book.takeExecutions(executions),
        asOf,
      };
    },
    push(event) {
      if (event.kind === 'positions') book.takePositions(event.rows, { pushedAt: event.asOf });
      if (event.kind === 'orders') book.takeOrders(event.rows, { pushedAt: event.asOf });
      if (event.kind === 'executions') {
        return { ...event, rows: book.takeExecutions(event.rows) };
      }
      return event;
    },
    resync: (reason) => void venue.resyncs.push(reason),
    start() {},
    stop: () => Promise.resolve(),
    status: () => ({
      stream: 'ready',
      streamReason: null,
      clockOffsetMs: 0,
      clockUncertaintyMs: 1,
      clockTrusted: true,
      budgetFree: 1,
      breakers: [],
      stoppedUntil: null,
      requests: { ...asked },
      ...venue.statusIs,
    }),
    positions: () => reply('/v5/position/list', () => venue.holds.positions),
    position: (symbol) =>
      reply('/v5/position/list', () =>
        venue.holds.positions.filter((row) => row.symbol === symbol),
      ),
    openOrders: () => reply('/v5/order/realtime', () => venue.holds.orders),
    order: (by) =>
      reply('/v5/order/history', () =>
        venue.holds.orders.filter(
          (row) =>
            row.orderId === by.orderId ||
            (by.orderLinkId !== undefined && row.orderLinkId === by.orderLinkId),
        ),
      ),
    executions: () => reply('/v5/execution/list', () => venue.holds.executions),
    wallet: () => reply('/v5/account/wallet-balance', () => [venue.holds.wallet]),
    feeRates: () =>
      reply('/v5/account/fee-rate', () => [
        { symbol: 'BTCUSDT', maker: '0.0002', taker: '0.00055' },
      ]),
    checkKey: () => Promise.resolve(unknown('not asked')),
    place: (order) => send(`place ${order.symbol} ${order.orderLinkId}`),
    amend: (change) =>
      send(`amend ${change.orderId} ${change.triggerPrice ?? change.price ?? change.quantity}`),
    cancel: (order) => send(`cancel ${order.orderId}`),
    setTradingStop: (stop) => send(`stop ${stop.symbol} ${stop.positionIdx} ${stop.stopLoss}`),
  };
  return venue;
}

export const aMarket = (): Market & { watched: string[] } => {
  const market: Market & { watched: string[] } = {
    watched: [],
    start() {},
    stop: () => Promise.resolve(),
    instruments: () =>
      Promise.resolve(
        answered(
          [
            {
              symbol: 'BTCUSDT',
              baseCoin: 'BTC',
              quoteCoin: 'USDT',
              settleCoin: 'USDT',
              status: 'Trading',
              tickSize: '0.10',
              quantityStep: '0.001',
              minQuantity: '0.001',
              maxQuantity: '1000',
              maxMarketQuantity: '100',
              minNotional: '5',
              minPrice: '0.10',
              maxPrice: '1999999.80',
              maxLeverage: '100',
              leverageStep: '0.01',
              fundingInterval: 480,
            },
          ],
          0,
          'rest',
        ),
      ),
    tickers: () => Promise.resolve(answered([], 0, 'rest')),
    watch(symbols) {
      market.watched = [...symbols].sort();
    },
  };
  return market;
};
