import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import type { FeeRate, Ticker } from '../../domain/instrument.ts';
import type { Decimal } from '../../domain/numbers.ts';
import type { Order, TriggerBy } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { answered, type Read, unknown } from '../../domain/read.ts';
import type { Oddity } from '../../domain/set-aside.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { listOf, MalformedRow } from '../bybit/fields.ts';
import { mapExecution, oldestFirst } from '../bybit/map-execution.ts';
import { mapFeeRate } from '../bybit/map-instrument.ts';
import { mapKeyCheck } from '../bybit/map-key-check.ts';
import { mapOrder } from '../bybit/map-order.ts';
import { mapPosition } from '../bybit/map-position.ts';
import { mapTicker } from '../bybit/map-ticker.ts';
import { mapWallet } from '../bybit/map-wallet.ts';
import { type Understood, understood } from '../bybit/understood.ts';
import type { KeyCheck } from '../gateway.ts';
import { named, onePage } from './one-page.ts';
import { joinWalks, malformed, type Walk, walkPages } from './page-walk.ts';
import type { Outcome, Request, RestClient } from './rest-client.ts';
import { createSettleCoins } from './settle-coins.ts';

const CATEGORY = 'linear';
const POSITIONS_PER_PAGE = 200;
const ORDERS_PER_PAGE = 50;
const EXECUTIONS_PER_PAGE = 100;
/** The venue answers at most 7 days of executions or ended orders at a time (ms). */
const LONGEST_WINDOW = 7 * 86_400_000;
/** The venue keeps executions for 2 years (ms). */
const OLDEST = 729 * 86_400_000;

/** History is searched through this many times the rows that are looked for. */
const ROWS_PER_WANTED = 3;

const PRICE_OF = {
  LastPrice: 'lastPrice',
  MarkPrice: 'markPrice',
  IndexPrice: 'indexPrice',
} as const satisfies Record<TriggerBy, keyof Ticker>;

/** What the venue says of a look-up by the name of a symbol it does not have (any more). */
const NO_SUCH_SYMBOL = 10_001;
export const isNoSuchSymbol = ({ code }: { code: number }): boolean => code === NO_SUCH_SYMBOL;

const ORDER_WITHOUT_RECORD = new MalformedRow('fills of the order but not yet the order itself');

/** A list of the account was read whole: what it shows that is not understood, if anything. */
export type ToldOdd = (kind: Oddity['kind'], odd: readonly Oddity[]) => void;

/** Of a symbol with an odd row the lists give no row at all; asked about by name, it is a failed read. */
export interface Reads {
  positions(): Promise<Walk<Position>>;
  position(symbol: string): Promise<Walk<Position>>;
  /**
   * Of every settle coin; told of which symbols anything is `held`, a coin that none of them is settled
   * in is left out, but never the first.
   */
  openOrders(held?: Iterable<string>): Promise<Walk<Order>>;
  /** One order wherever it is; no rows when every place was read and none has it. */
  order(by: { symbol: string; orderId?: string; orderLinkId?: string }): Promise<Walk<Order>>;
  /**
   * Those of the `wanted` orders (ids) that the newest pages of the history hold, from `since` but at
   * most 7 days to `until` (venue's ms). What is not found may exist all the same: ask with `order`.
   */
  endedOrders(wanted: ReadonlySet<string>, since: number, until: number): Promise<Walk<Order>>;
  /** Oldest first, `until` (venue's ms) included; of one symbol where it is given. */
  executions(since: number, until: number, symbol?: string): Promise<Walk<Execution>>;
  wallet(): Promise<Walk<Wallet>>;
  feeRates(): Promise<Walk<FeeRate>>;
  keyCheck(now: number): Promise<Walk<KeyCheck>>;
  /** The price a trigger is measured against now; `null` when it could not be read. */
  triggerBase(symbol: string, by: TriggerBy): Promise<Decimal | null>;
  /** Starts finding out which settle coins the venue has, so that later reads need not wait. */
  warmUp(): void;
}

export const toRead = <Row>(walk: Walk<Row>): Read<Row> =>
  walk.ok ? answered(walk.rows, walk.time, 'rest', walk.odd) : unknown(walk.trouble.sentence);

/** Every question to the venue about one account: whole answers or none. */
export function createReads(account: AccountId, rest: RestClient, toldOdd: ToldOdd): Reads {
  const ask = (path: string, send: Request['send'], signed = true): Promise<Outcome> =>
    rest.request({ path, lane: 'read', call: 'read', signed, send });

  const { coins, coinsOf, learning } = createSettleCoins(() =>
    ask(
      '/v5/market/instruments-info',
      (bybit) => bybit.getInstrumentsInfo({ category: CATEGORY, baseCoin: 'BTC', limit: 1000 }),
      false,
    ),
  );

  const position = (list: readonly unknown[]): Understood<Position> =>
    understood('position', list, (row) => mapPosition(account, row));
  const order = (list: readonly unknown[]): Understood<Order> =>
    understood('order', list, (row) => mapOrder(account, row));
  const execution = (list: readonly unknown[]): Understood<Execution> =>
    understood('execution', list, (row) => mapExecution(account, row));

  const telling = <Row>(kind: Oddity['kind'], walk: Walk<Row>): Walk<Row> => {
    if (walk.ok) toldOdd(kind, walk.odd);
    return walk;
  };

  const executionsBetween = (
    startTime: number,
    endTime: number,
    symbol: string | undefined,
  ): Promise<Walk<Execution>> =>
    walkPages(
      EXECUTIONS_PER_PAGE,
      (cursor) =>
        ask('/v5/execution/list', (bybit) =>
          bybit.getExecutionList({
            category: CATEGORY,
            ...(symbol === undefined ? {} : { symbol }),
            startTime,
            endTime,
            limit: EXECUTIONS_PER_PAGE,
            ...(cursor === undefined ? {} : { cursor }),
          }),
        ),
      execution,
    );

  return {
    async positions() {
      const walks = (await coins()).map((settleCoin) =>
        walkPages(
          POSITIONS_PER_PAGE,
          (cursor) =>
            ask('/v5/position/list', (bybit) =>
              bybit.getPositionInfo({
                category: CATEGORY,
                settleCoin,
                limit: POSITIONS_PER_PAGE,
                ...(cursor === undefined ? {} : { cursor }),
              }),
            ),
          learning(settleCoin, position),
        ),
      );
      return telling('position', joinWalks(await Promise.all(walks)));
    },
    position: (symbol) =>
      named(
        ask('/v5/position/list', (bybit) => bybit.getPositionInfo({ category: CATEGORY, symbol })),
        position,
      ),
    async openOrders(held) {
      const walks = (await (held ? coinsOf(held) : coins())).flatMap((settleCoin) =>
        (['Order', 'StopOrder'] as const).map((orderFilter) =>
          walkPages(
            ORDERS_PER_PAGE,
            (cursor) =>
              ask('/v5/order/realtime', (bybit) =>
                bybit.getActiveOrders({
                  category: CATEGORY,
                  settleCoin,
                  orderFilter,
                  limit: ORDERS_PER_PAGE,
                  ...(cursor === undefined ? {} : { cursor }),
                }),
              ),
            learning(settleCoin, order),
          ),
        ),
      );
      return telling('order', joinWalks(await Promise.all(walks)));
    },
    async order({ symbol, orderId, orderLinkId }) {
      const by = {
        category: CATEGORY,
        symbol,
        ...(orderId === undefined ? { orderLinkId } : { orderId }),
      } as const;
      // The list of live orders forgets ended ones (at the latest when the venue restarts, P65).
      const live = await named(
        ask('/v5/order/realtime', (bybit) => bybit.getActiveOrders({ ...by, openOnly: 0 })),
        order,
      );
      // Of a symbol that was delisted or renamed only the history still tells.
      if (live.ok ? live.rows.length > 0 : !isNoSuchSymbol(live.trouble)) return live;
      const recent = await named(
        ask('/v5/order/realtime', (bybit) => bybit.getActiveOrders({ ...by, openOnly: 1 })),
        order,
      );
      if (recent.ok ? recent.rows.length > 0 : !isNoSuchSymbol(recent.trouble)) return recent;
      const past = await named(
        ask('/v5/order/history', (bybit) => bybit.getHistoricOrders(by)),
        order,
      );
      if (!past.ok || past.rows.length > 0) return past;
      // History lags seconds behind; a fill proves that the order exists.
      const fills = await named(
        ask('/v5/execution/list', (bybit) => bybit.getExecutionList(by)),
        execution,
      );
      if (!fills.ok) return fills;
      return fills.rows.length === 0 ? past : malformed(ORDER_WITHOUT_RECORD);
    },
    async endedOrders(wanted, since, until) {
      const startTime = Math.max(since, until - LONGEST_WINDOW + 1);
      const isWanted = (row: Order): boolean => wanted.has(row.orderId);
      const rows: Order[] = [];
      const odd: Oddity[] = [];
      let time = Number.POSITIVE_INFINITY;
      for (const settleCoin of await coins()) {
        const walk = await walkPages(
          ORDERS_PER_PAGE,
          (cursor) =>
            ask('/v5/order/history', (bybit) =>
              bybit.getHistoricOrders({
                category: CATEGORY,
                settleCoin,
                startTime,
                endTime: until,
                limit: ORDERS_PER_PAGE,
                ...(cursor === undefined ? {} : { cursor }),
              }),
            ),
          order,
          (seen) =>
            seen.length >= wanted.size * ROWS_PER_WANTED ||
            rows.length + seen.filter(isWanted).length >= wanted.size,
        );
        if (!walk.ok) return walk;
        rows.push(...walk.rows.filter(isWanted));
        odd.push(...walk.odd);
        time = Math.min(time, walk.time);
        if (rows.length >= wanted.size) break;
      }
      // What is odd in the past says nothing of now: an order that is not found is asked about by name.
      return { ok: true, rows, odd, time };
    },
    async executions(since, until, symbol) {
      const walks: Promise<Walk<Execution>>[] = [];
      const oldest = Math.max(since, until - OLDEST);
      for (let start = oldest; start <= until; start += LONGEST_WINDOW) {
        walks.push(executionsBetween(start, Math.min(start + LONGEST_WINDOW - 1, until), symbol));
      }
      const walk = joinWalks(await Promise.all(walks));
      if (walk.ok) walk.odd = walk.odd.map((one) => ({ ...one, readFrom: oldest }));
      telling('execution', walk);
      // The list comes newest first, what filled at once too.
      if (walk.ok) walk.rows = walk.rows.toReversed().sort(oldestFirst);
      return walk;
    },
    wallet: () =>
      onePage(
        ask('/v5/account/wallet-balance', (bybit) =>
          bybit.getWalletBalance({ accountType: 'UNIFIED' }),
        ),
        (result) => {
          const [row] = listOf(result['list'], 'a list of wallets');
          if (row === undefined) throw new MalformedRow('no wallet');
          return [mapWallet(account, row)];
        },
      ),
    feeRates: () =>
      onePage(
        ask('/v5/account/fee-rate', (bybit) => bybit.getFeeRate({ category: CATEGORY })),
        (result) =>
          understood('fee rate', listOf(result['list'], 'a list of fee rates'), mapFeeRate).rows,
      ),
    keyCheck: (now) =>
      onePage(
        ask('/v5/user/query-api', (bybit) => bybit.getQueryApiKey()),
        (result) => [mapKeyCheck(result, now)],
      ),
    async triggerBase(symbol, by) {
      const walk = await onePage(
        ask(
          '/v5/market/tickers',
          (bybit) => bybit.getTickers({ category: CATEGORY, symbol }),
          false,
        ),
        (result) =>
          understood('ticker', listOf(result['list'], 'a list of tickers'), mapTicker).rows,
      );
      const ticker = walk.ok ? walk.rows[0] : undefined;
      return ticker?.[PRICE_OF[by]] ?? null;
    },
    warmUp: () => void coins(),
  };
}
