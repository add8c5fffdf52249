import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import { hasEnded } from '../domain/order.ts';
import { answered, unknown } from '../domain/read.ts';
import { redact } from '../domain/redact.ts';
import { createBook } from './account/book.ts';
import { positionsWithHeld, type SetAsideNow } from './account/doubts.ts';
import { createFollower } from './account/follower.ts';
import { AHEAD, LIST_LAG } from './account/lag.ts';
import { createMending } from './account/mending.ts';
import { createOwner } from './account/owner.ts';
import type { Gateway, GatewayEvent, Line, StreamState } from './gateway.ts';
import { createLimiters, type Limiters } from './limiter/limiter.ts';
import { type Bans, createBans } from './rest/bans.ts';
import { createReads, type ToldOdd, toRead } from './rest/reads.ts';
import { createRestClient } from './rest/rest-client.ts';
import { createMeasures, type Measures } from './rest/venue-clock.ts';
import { createWrites } from './rest/writes.ts';
import { type Timings, usualTimings } from './timings.ts';

/**
 * One account's line to the venue. `listener` hears a `snapshot` after every (re)connect, then each
 * change exactly once. `lastExecution` is the newest execution known from before (ms): what came
 * after it, less 60 s, is read again; `seenExecutions` are keys made by `executionKey`.
 */
export function createGateway(options: {
  line: Line;
  clock: Clock;
  log: Log;
  listener: (event: GatewayEvent) => void;
  lastExecution?: { executedAt: number } | null;
  seenExecutions?: Iterable<string>;
  /** The user id the key has to be of, where it is not the key that was used before: see `Owner`. */
  ownerId?: string | null;
  /** Shared by all lines of this machine; without it the account stops alone at a ban. */
  bans?: Bans;
  /** Shared likewise; without it the line counts its own requests only. */
  limiters?: Limiters;
  /** Shared likewise: lines that measure the venue's clock at the same time do it once. */
  measures?: Measures;
  timings?: Partial<Timings>;
  random?: () => number;
}): Gateway {
  const { line, clock } = options;
  const { account } = line;
  const secrets = [line.apiSecret, line.apiKey];
  const timings = { ...usualTimings, ...options.timings };
  const random = options.random ?? Math.random;
  const log = redactingLog(options.log, account, secrets);
  const credentials = { key: line.apiKey, secret: line.apiSecret };
  let stream: { state: StreamState; reason: string | null } = { state: 'off', reason: null };

  const emit = (event: GatewayEvent): void => {
    try {
      options.listener(event);
    } catch (thrown) {
      log.error(`A listener failed at a ${event.kind} event: ${sentenceOf(thrown)}`);
    }
  };

  const rest = createRestClient({
    restUrl: line.restUrl,
    credentials,
    bans: options.bans ?? createBans(clock),
    limiter: (options.limiters ?? createLimiters(clock)).of(line.restUrl),
    measure: (options.measures ?? createMeasures(clock)).of(line.restUrl),
    clock,
    log,
    timings,
    random,
    barred: () => owner.barred(),
  });
  const setAside: SetAsideNow = (odd, from) => {
    const before = book.allSetAside();
    const venueNow = clock.now() + rest.clockOffset();
    const told = odd.map((one) => ({ readFrom: venueNow, ...one }));
    book.setAside(told, clock.now(), from === 'stream' ? venueNow + LIST_LAG : undefined);
    const fresh = book.allSetAside().filter((one) => !before.includes(one));
    for (const { sentence } of fresh) log.warn(sentence);
    if (fresh.length > 0) emit({ kind: 'set-aside', asOf: clock.now() });
    if (fresh.length > 0) mending.wanted();
  };
  const readList: ToldOdd = (kind, odd) => {
    if (odd.length > 0) setAside(odd, 'rest');
    // A list that was odd for a symbol and is not any more: the next look at all of them is worth it.
    const still = new Set(odd.map(({ symbol }) => symbol));
    const was = book
      .allSetAside()
      .filter(({ oddities }) => oddities.every((one) => one.kind === kind));
    if (was.some(({ symbol }) => !still.has(symbol))) mending.promising();
  };
  const reads = createReads(account, rest, readList);
  const owner = createOwner({
    account,
    userId: options.ownerId ?? null,
    ask: () => reads.keyCheck(clock.now()),
  });
  const book = createBook(account, clock.ticks, {
    lastExecutedAt: options.lastExecution?.executedAt ?? null,
    seenExecutions: options.seenExecutions ?? [],
  });
  const mending = createMending({
    book,
    reads,
    rest,
    clock,
    log,
    timings,
    random,
    setAside,
    tell: emit,
  });
  const follower = createFollower({
    owner,
    setAside,
    account,
    url: line.wsPrivateUrl,
    credentials,
    clock,
    log,
    timings,
    random,
    rest,
    reads,
    book,
    emit,
    state(state, reason) {
      if (state === stream.state && reason === stream.reason) return;
      stream = { state, reason: reason === null ? null : redact(reason, secrets) };
      emit({ kind: 'stream', ...stream, asOf: clock.now() });
    },
  });
  const writes = createWrites({
    rest,
    reads,
    setAside: (symbol) => book.setAsideOf(symbol)?.sentence ?? null,
    hedged: (symbol) => book.hedged(symbol),
    forgetMode: (symbol) => book.forgetMode(symbol),
    async learnMode(symbol) {
      const asked = book.now();
      const walk = await reads.position(symbol);
      if (!walk.ok) return walk.trouble.sentence;
      follower.settle(walk.rows, asked, walk.time);
      return null;
    },
    stopped: (sentence) => follower.refused(sentence),
    writing: (path) => follower.writing(path),
  });

  return {
    account,
    book,
    start: () => follower.start(),
    resync: (reason) => follower.resync(reason),
    async stop() {
      mending.stop();
      follower.stop();
      rest.stop();
    },
    status: () => ({ stream: stream.state, streamReason: stream.reason, ...rest.status() }),
    async positions(which = 'open') {
      const walk =
        which === 'open'
          ? reads.positions()
          : positionsWithHeld({ book, reads, clock, rest, setAside });
      return toRead(await walk);
    },
    position: async (symbol) => toRead(await reads.position(symbol)),
    async openOrders(which = 'all') {
      const held = [...book.openPositions(), ...book.openOrders()].map(({ symbol }) => symbol);
      return toRead(await reads.openOrders(which === 'all' ? undefined : held));
    },
    async order(by) {
      const walk = await reads.order(by);
      if (!walk.ok || walk.rows.length > 0) return toRead(walk);
      // The lists can lag seconds behind the stream: what it told is not "never existed".
      const told = book.order(by);
      if (told === null) return answered<never>([], walk.time, 'rest');
      return hasEnded(told)
        ? answered([told], walk.time, 'stream')
        : unknown(
            'The order was seen on the stream but is not in any of the exchange’s lists yet.',
          );
    },
    async executions(since) {
      const until = clock.now() + rest.clockOffset() + AHEAD;
      return toRead(await reads.executions(since, until));
    },
    wallet: async () => toRead(await reads.wallet()),
    feeRates: async () => toRead(await reads.feeRates()),
    checkKey: async () => toRead(await reads.keyCheck(clock.now())),
    ...writes,
  };
}

function redactingLog(log: Log, account: string, secrets: readonly string[]): Log {
  const write =
    (level: keyof Log) =>
    (text: string, facts?: Record<string, unknown>): void =>
      log[level](redact(text, secrets), redact({ account, ...facts }, secrets));
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
