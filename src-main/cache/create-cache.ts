import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import { Failure } from '../domain/failure.ts';
import { positionKey } from '../domain/keys.ts';
import type { Log } from '../domain/log.ts';
import type { Gateway, Market } from '../exchange/gateway.ts';
import { AccountCache } from './account-cache.ts';
import { answerOf, heldOf } from './answers.ts';
import type { Cache } from './cache.ts';
import type { CacheChange, Place } from './change.ts';
import { type KindRow, Minutes, totalsOf } from './counters.ts';
import type { CacheSettings } from './kinds.ts';
import { SharedCache } from './shared-cache.ts';
import { sightOf } from './sight.ts';
import type { Slot } from './slot.ts';
import { type SweptBesides, sweepAccount } from './sweep.ts';

const CLEAN_UP_MS = 30_000;
const SWEEP_MS = 60_000;
/** After a sweep that could not read everything, the next one comes sooner. ms. */
const SWEEP_AGAIN_MS = 10_000;

export interface CacheOptions {
  accounts: readonly { account: AccountId; gateway: Gateway }[];
  market: Market;
  clock: Clock;
  log: Log;
  settings: CacheSettings;
  /** Differences of one timed sweep, when there were any. */
  onDifferences?: (account: AccountId, differences: number) => void;
}

/** Builds the cache; nothing is read before the first question or `start`. */
export function createCache(options: CacheOptions): Cache {
  const { clock, log } = options;
  let settings = options.settings;
  const listeners = new Set<(change: CacheChange) => void>();
  let symbolsMayDiffer = true;
  const notify = (change: CacheChange): void => {
    if (change.kind === 'positions' || change.kind === 'orders')
      symbolsMayDiffer ||= change.at.some((at) => isHeld(at) !== shared.isWatched(at.symbol));
    for (const listener of listeners) listener(change);
  };
  const settingsNow = (): CacheSettings => settings;
  const shared = new SharedCache({ market: options.market, clock, settings: settingsNow, notify });
  const accounts = new Map(
    options.accounts.map(({ account, gateway }) => [
      account,
      new AccountCache({ account, gateway, clock, settings: settingsNow, notify }),
    ]),
  );
  const cacheOf = (account: AccountId): AccountCache => {
    const found = accounts.get(account);
    if (!found) throw new Failure('NOT_FOUND', `There is no account "${account}".`);
    return found;
  };
  const slots = (): Slot[] => [
    ...[...accounts.values()].flatMap((line) => Object.values(line.slots)),
    ...Object.values(shared.slots),
  ];
  const kindRows = (): KindRow[] => {
    const rows = slots().map((slot) => slot.row());
    for (const row of rows) {
      if (row.kind === 'executions')
        row.evictions += accounts.get(row.account)?.book.executionsLetGo() ?? 0;
    }
    return rows;
  };
  const minutes = new Minutes();
  minutes.sample(clock.now(), totalsOf([]));
  const timers = new Map<string, () => void>();

  function every(name: string, ms: number, work: () => number | Promise<number>): void {
    timers.set(
      name,
      clock.after(ms, () => {
        void (async () => {
          const next = await work();
          if (timers.has(name)) every(name, next, work);
        })();
      }),
    );
  }

  function cleanUp(): number {
    minutes.sample(clock.now(), totalsOf(kindRows()));
    return CLEAN_UP_MS;
  }

  function places(): Place[] {
    const rows: Place[] = [...accounts.values()].flatMap(({ book: { shelf } }) => [
      ...shelf.positions(),
      ...shelf.orders(),
    ]);
    return [...new Map(rows.map((row) => [positionKey(row), row])).values()];
  }

  const isHeld = (at: Place): boolean => {
    const { shelf } = cacheOf(at.account).book;
    const key = positionKey(at);
    return shelf.position(key) !== null || shelf.ordersAt(key).length > 0;
  };

  function watchPrices(): void {
    if (!symbolsMayDiffer) return;
    symbolsMayDiffer = false;
    shared.watch(new Set(places().map(({ symbol }) => symbol)));
  }

  async function sweepOf(
    line: AccountCache,
    besides?: SweptBesides,
  ): Promise<{ differences: number; reason: string | null }> {
    const result = await sweepAccount(line, clock, besides);
    if (result.state === 'unknown') {
      log.warn('The regular check could not read the whole account.', {
        account: line.account,
        reason: result.reason,
      });
      return { differences: 0, reason: result.reason };
    }
    if (result.differences > 0) {
      log.warn('The regular check found differences that the stream had not reported.', {
        account: line.account,
        differences: result.differences,
      });
      line.resync();
      options.onDifferences?.(line.account, result.differences);
    }
    return { differences: result.differences, reason: null };
  }

  async function sweep(): ReturnType<Cache['sweep']> {
    const results = await Promise.all(
      [...accounts.values()].map(async (line) => ({
        account: line.account,
        ...(await sweepOf(line)),
      })),
    );
    return {
      differences: results.reduce((total, result) => total + result.differences, 0),
      unknown: results.flatMap(({ account, reason }) => (reason ? [{ account, reason }] : [])),
    };
  }

  return {
    accounts: [...accounts.keys()],
    take: (account, event) => cacheOf(account).take(event),
    takeMarket: (event) => shared.take(event),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    read: (account, kind) => {
      const line = cacheOf(account);
      return answerOf(line.slots[kind], () => line.rows(kind));
    },
    readShared: (kind) => answerOf(shared.slots[kind], () => shared.rows(kind)),

    held: (account, kind) =>
      heldOf(cacheOf(account).slots[kind], () => cacheOf(account).rows(kind), clock.now()),
    look(at) {
      const { book, slots } = cacheOf(at.account);
      const { positions, orders, executions } = slots;
      positions.peeked();
      orders.peeked();
      const key = positionKey(at);
      const confirmed = positions.confirmed && orders.confirmed;
      return {
        known:
          (confirmed || (positions.usable && orders.usable)) && book.setAsideOf(at.symbol) === null,
        position: book.shelf.position(key),
        flat: book.flat(key),
        orders: book.shelf.ordersAt(key),
        version: book.shelf.version(key),
        asOf: positions.asOf ?? 0,
        wholeAsOf: positions.wholeAsOf,
        executionsAsOf: executions.wholeAsOf,
        source: positions.confirmed ? 'stream' : (positions.source ?? 'rest'),
        confirmed,
      };
    },
    isKnown(account) {
      const { positions, orders } = cacheOf(account).slots;
      return positions.usable && orders.usable;
    },
    ticker: (symbol) => shared.tickers.get(symbol) ?? null,
    instrument: (symbol) => shared.instruments.get(symbol) ?? null,
    feeRate: (account, symbol) => cacheOf(account).feeRates.get(symbol) ?? null,
    positionAt: (place) => cacheOf(place.account).book.shelf.position(positionKey(place)),
    ordersAt: (place) => cacheOf(place.account).book.shelf.ordersAt(positionKey(place)),
    endedOrder: (account, orderId) => cacheOf(account).book.endedOrder(orderId),
    setAsideOf: ({ account, symbol }) => cacheOf(account).book.setAsideOf(symbol),
    allSetAside: (account) => cacheOf(account).book.allSetAside(),
    contractTrouble: (symbol) => shared.troubleOf(symbol),
    places,
    link(account) {
      const { stream, streamReason, health } = cacheOf(account);
      return { stream, streamReason, restTrouble: health.trouble };
    },

    version: (place) => cacheOf(place.account).book.shelf.version(positionKey(place)),
    sight: (account, symbol) => sightOf(cacheOf(account).book, account, symbol),
    facts: (account, symbol) => cacheOf(account).facts(symbol),
    factsNow: (account, symbol) => cacheOf(account).factsNow(symbol),
    freshTicker: (symbol, ms) => shared.freshTicker(symbol, ms),
    askPosition: (account, symbol) => cacheOf(account).askPosition(symbol),
    askOrder: (account, by) => cacheOf(account).askOrder(by),

    async refreshDue() {
      watchPrices();
      const due = slots().filter((slot) => slot.due && !slot.resting && !slot.awaited);
      const [now, meanwhile] = [
        due.filter((slot) => slot.vital),
        due.filter((slot) => !slot.vital),
      ];
      await Promise.all(now.map((slot) => slot.ask()));
      void Promise.all(meanwhile.map((slot) => slot.ask()));
      return now.length;
    },
    async lookAgain(account) {
      const { positions, executions } = cacheOf(account).slots;
      // What has just failed is not pressed: too many failures would stop more than this question.
      await Promise.all([positions.refresh(), executions.resting ? null : executions.refresh()]);
    },
    invalidate(account, kind) {
      const chosen = slots().filter((slot) => {
        const row = slot.row();
        return (
          (account === undefined || row.account === account) &&
          (kind === undefined || row.kind === kind)
        );
      });
      for (const slot of chosen) slot.invalidate();
      return chosen.length;
    },
    afterWrite(account) {
      const { positions, orders } = cacheOf(account).slots;
      for (const slot of [positions, orders]) if (!slot.confirmed) slot.invalidate();
    },
    sweep,

    statistics() {
      const kinds = kindRows();
      const totals = totalsOf(kinds);
      const rate = minutes.rate(clock.now(), totals);
      return {
        hitRate: totals.questions > 0 ? totals.hits / totals.questions : null,
        callsPerMinute: rate.calls,
        callsSaved: totals.saved,
        callsPerMinuteWithoutCache: rate.callsWithoutCache,
        enabled: settings.enabled,
        kinds,
        history: minutes.points(),
      };
    },
    requests() {
      let total = totalsOf(Object.values(shared.slots).map((slot) => slot.row())).calls;
      for (const { gateway } of options.accounts) {
        for (const count of Object.values(gateway.status().requests)) total += count;
      }
      return total;
    },
    answers: () => slots().reduce((total, slot) => total + slot.counts.hits, 0),
    configure(next) {
      settings = next;
    },
    start() {
      cleanUp();
      every('clean-up', CLEAN_UP_MS, cleanUp);
      // Accounts take turns so that their sweeps do not fall together.
      [...accounts.values()].forEach((line, index) => {
        // Each in turn, which keeps to the calls a minute that one of them costs.
        let next: SweptBesides = 'wallet and all orders';
        every(`sweep ${line.account}`, (SWEEP_MS * (index + 1)) / accounts.size, async () => {
          if (line.stream !== 'ready') return SWEEP_MS;
          const { reason } = await sweepOf(line, next);
          if (reason !== null) return SWEEP_AGAIN_MS;
          next = next === 'executions' ? 'wallet and all orders' : 'executions';
          return SWEEP_MS;
        });
      });
    },
    stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
