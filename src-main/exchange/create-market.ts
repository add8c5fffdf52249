import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Instrument, Ticker } from '../domain/instrument.ts';
import type { Log } from '../domain/log.ts';
import { MalformedRow, malformedField, payloadOf } from './bybit/fields.ts';
import { mapInstrument } from './bybit/map-instrument.ts';
import { mapTicker, mergeTicker } from './bybit/map-ticker.ts';
import { oddityOf, understood } from './bybit/understood.ts';
import type { Line, Market, MarketEvent, StreamState } from './gateway.ts';
import { createLimiters, type Limiters } from './limiter/limiter.ts';
import { type Bans, createBans } from './rest/bans.ts';
import { walkPages } from './rest/page-walk.ts';
import { toRead } from './rest/reads.ts';
import { createRestClient, type Request } from './rest/rest-client.ts';
import { createMeasure } from './rest/venue-clock.ts';
import type { Frame } from './stream/socket.ts';
import { createStream } from './stream/stream.ts';
import { type Timings, usualTimings } from './timings.ts';

const CATEGORY = 'linear';
const INSTRUMENTS_PER_PAGE = 1_000;
/** Topics per request; the venue also takes at most 21,000 characters of them per connection. */
const TOPICS_AT_ONCE = 50;
/** A contract the price stream did not have is asked for again after this long (ms). */
const ASK_AGAIN = 600_000;

/**
 * Public data of one venue: contracts and prices by HTTP, the tickers of the watched
 * symbols by stream. `listener` hears merged tickers, each whole, as they change.
 */
export function createMarket(options: {
  line: Pick<Line, 'restUrl' | 'wsPublicUrl'>;
  clock: Clock;
  log: Log;
  listener: (event: MarketEvent) => void;
  /** Shared by all lines of this machine; without it the market stops alone at a ban. */
  bans?: Bans;
  /** Shared likewise; without it the line counts its own requests only. */
  limiters?: Limiters;
  timings?: Partial<Timings>;
  random?: () => number;
}): Market {
  const { line, clock, log } = options;
  const timings = { ...usualTimings, ...options.timings };
  const random = options.random ?? Math.random;
  let watched: ReadonlySet<string> = new Set();
  /**
   * Watched, but not to be had: one of them makes the exchange refuse a whole subscription. With each the
   * way not to ask for it again.
   */
  const setAside = new Map<string, () => void>();
  /** Watched, and what the stream says of their prices is not understood. */
  const odd = new Set<string>();
  const asked = (): ReadonlySet<string> =>
    new Set([...watched].filter((symbol) => !setAside.has(symbol)));
  let tickers = new Map<string, Ticker>();
  let state: StreamState = 'off';
  let running = false;

  const emit = (event: MarketEvent): void => {
    try {
      options.listener(event);
    } catch (thrown) {
      log.error(`A listener failed at a ${event.kind} event: ${sentenceOf(thrown)}`);
    }
  };
  const become = (next: StreamState, reason: string | null): void => {
    if (next === state) return;
    state = next;
    emit({ kind: 'stream', state, reason, asOf: clock.now() });
  };

  const rest = createRestClient({
    restUrl: line.restUrl,
    credentials: null,
    bans: options.bans ?? createBans(clock),
    limiter: (options.limiters ?? createLimiters(clock)).of(line.restUrl),
    measure: createMeasure(clock),
    clock,
    log,
    timings,
    random,
  });
  const ask = (path: string, send: Request['send']) =>
    rest.request({ path, lane: 'read', call: 'read', signed: false, send });

  const stream = createStream({
    url: line.wsPublicUrl,
    credentials: null,
    topics: () => topicsOf(asked()),
    timeOffset: () => 0,
    clock,
    timings,
    random,
    handlers: {
      mayConnect: async () => true,
      connecting: () => become('connecting', null),
      authenticating: () => become('syncing', null),
      subscribed: () => become('ready', null),
      frame,
      topicsRefused,
      down(reason) {
        tickers = new Map();
        log.warn(`The price stream is down: ${reason}`);
        become('down', reason);
      },
    },
  });

  /** One bad topic costs the others another request, never the stream: the rest is asked for by halves. */
  function topicsRefused(topics: readonly string[], text: string): void {
    const wanted = topics.filter((topic) => asked().has(symbolIn(topic)));
    const named = wanted.find((topic) => text.includes(topic));
    const bad = wanted.length === 1 ? wanted[0] : named;
    if (bad !== undefined) leaveOut(symbolIn(bad));
    const rest = wanted.filter((topic) => topic !== bad);
    const half = bad === undefined ? Math.ceil(rest.length / 2) : rest.length;
    for (const part of [rest.slice(0, half), rest.slice(half)])
      for (const batch of batches(part)) stream.subscribe(batch);
    if (asked().size > 0) return;
    stream.stop();
    become('off', null);
  }

  function leaveOut(symbol: string): void {
    const trouble = `Bybit has no prices for ${symbol}: it may have been delisted or renamed. Look at it on Bybit.`;
    log.warn(`${trouble} The others go on.`);
    emit({ kind: 'prices', symbol, trouble, asOf: clock.now() });
    // It may have been refused for another reason, or be listed anew.
    const later = clock.after(ASK_AGAIN, () => {
      takeBack(symbol);
      stream.start();
      stream.subscribe([topicOf(symbol)]);
    });
    setAside.set(symbol, later);
  }

  function takeBack(symbol: string): void {
    setAside.get(symbol)?.();
    if (setAside.delete(symbol)) emit({ kind: 'prices', symbol, trouble: null, asOf: clock.now() });
  }

  function frame(message: Frame): void {
    if (!message.topic.startsWith(PREFIX)) return;
    const symbol = symbolIn(message.topic);
    const before = tickers.get(message.topic);
    // A delta without its snapshot says nothing certain about the fields it does not name.
    if (message.type === 'delta' && before === undefined) return;
    let ticker: Ticker;
    try {
      const row = payloadOf(message.data, 'a ticker');
      ticker =
        message.type === 'delta' && before !== undefined
          ? mergeTicker(before, row)
          : mapTicker(row);
      if (ticker.symbol !== symbol) throw malformedField(row, 'symbol');
    } catch (thrown) {
      if (!(thrown instanceof MalformedRow)) throw thrown;
      // Not known until the next whole one; what came before must not be taken for the price of now.
      tickers.delete(message.topic);
      if (odd.has(symbol)) return;
      odd.add(symbol);
      const trouble = oddityOf('ticker', symbol, thrown).sentence;
      emit({ kind: 'prices', symbol, trouble, asOf: message.at });
      return;
    }
    if (odd.delete(symbol)) emit({ kind: 'prices', symbol, trouble: null, asOf: message.at });
    tickers.set(message.topic, ticker);
    if (watched.has(symbol)) emit({ kind: 'tickers', rows: [ticker], asOf: message.at });
  }

  return {
    start() {
      running = true;
      if (watched.size > 0) stream.start();
    },
    async stop() {
      running = false;
      for (const cancel of setAside.values()) cancel();
      stream.stop();
      rest.stop();
      become('off', null);
    },
    async instruments() {
      return toRead<Instrument>(
        await walkPages(
          INSTRUMENTS_PER_PAGE,
          (cursor) =>
            ask('/v5/market/instruments-info', (bybit) =>
              bybit.getInstrumentsInfo({
                category: CATEGORY,
                limit: INSTRUMENTS_PER_PAGE,
                ...(cursor === undefined ? {} : { cursor }),
              }),
            ),
          (list) => understood('instrument', list, mapInstrument),
        ),
      );
    },
    async tickers() {
      return toRead<Ticker>(
        await walkPages(
          Number.POSITIVE_INFINITY,
          () => ask('/v5/market/tickers', (bybit) => bybit.getTickers({ category: CATEGORY })),
          (list) => understood('ticker', list, mapTicker),
        ),
      );
    },
    watch(symbols) {
      const before = watched;
      watched = new Set(symbols);
      const added = [...watched].filter((symbol) => !before.has(symbol));
      const removed = [...before].filter((symbol) => !watched.has(symbol));
      for (const symbol of removed) {
        tickers.delete(topicOf(symbol));
        odd.delete(symbol);
        takeBack(symbol);
      }
      if (!running) return;
      if (asked().size === 0) {
        // A public connection without topics would be idle, and the venue closes it.
        stream.stop();
        become('off', null);
        return;
      }
      stream.start();
      for (const topics of batches(added.map(topicOf))) stream.subscribe(topics);
      for (const topics of batches(removed.map(topicOf))) stream.unsubscribe(topics);
    },
  };
}

const PREFIX = 'tickers.';
const topicOf = (symbol: string): string => `${PREFIX}${symbol}`;
const symbolIn = (topic: string): string => topic.slice(PREFIX.length);
const topicsOf = (symbols: ReadonlySet<string>): string[] => [...symbols].map(topicOf);

function batches(topics: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let i = 0; i < topics.length; i += TOPICS_AT_ONCE) {
    result.push(topics.slice(i, i + TOPICS_AT_ONCE));
  }
  return result;
}
