import type { RestClientV5 } from 'bybit-api';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import { redact } from '../../domain/redact.ts';
import { callName } from '../bybit/call-names.ts';
import { type Call, type Sorted, sortError } from '../bybit/sort-error.ts';
import type { GatewayStatus, Lane } from '../gateway.ts';
import type { Limiter } from '../limiter/limiter.ts';
import { backOff, type Timings } from '../timings.ts';
import type { Bans } from './bans.ts';
import { createBreakers } from './breakers.ts';
import { type Answer, readAnswer } from './read-answer.ts';
import { RECEIVE_WINDOW, VenueClient } from './venue-client.ts';
import { createVenueClock, type Measure } from './venue-clock.ts';

const TRIES = 3;
const WHOSE_KEY = '/v5/user/query-api';
/** Bounds of the wait for a limit that was hit (ms): the venue counts in rolling seconds. */
const LEAST_WAIT = 200;
const LONGEST_WAIT = 2_000;
/** The clock is measured again at most this often when answers contradict it (ms). */
const MEASURE_SELDOM = 30_000;

export interface Request {
  /** The endpoint's path, which names its budget and its breaker. */
  path: string;
  lane: Lane;
  call: Call;
  /** False for public data, which needs no stamp. */
  signed: boolean;
  send(client: RestClientV5): Promise<unknown>;
}

export type Refusal = { ok: false; trouble: Sorted };
export type Outcome = { ok: true; result: unknown; time: number } | Refusal;

export type RestStatus = Omit<GatewayStatus, 'stream' | 'streamReason'>;

/** The one way an account's (or a market's) HTTP requests go out. */
export interface RestClient {
  request(request: Request): Promise<Outcome>;
  /** A stamp may have been why something was refused: measured again before the next one. */
  distrustClock(): void;
  /** Measures the clock unless it is trusted; why nothing can be signed, or `null` when it can. */
  trustClock(): Promise<Refusal | null>;
  clockOffset(): number;
  status(): RestStatus;
  stop(): void;
}

export function createRestClient(options: {
  restUrl: string;
  credentials: { key: string; secret: string } | null;
  bans: Bans;
  limiter: Limiter;
  /** Measures the venue's clock. */
  measure: Measure;
  clock: Clock;
  log: Log;
  timings: Timings;
  random: () => number;
  /** Why nothing that is signed may go out, but the question whose key it is; `null` when it may. */
  barred?: () => string | null;
}): RestClient {
  const { restUrl, credentials, bans, clock, log, timings, random } = options;
  const secrets = credentials === null ? [] : [credentials.key, credentials.secret];
  const client = new VenueClient({
    restUrl,
    credentials,
    answerWithin: timings.answerWithin,
    venueNow: () => clock.now() + venueClock.offset(),
  });
  const budget = options.limiter.line();
  const requests: Record<string, number> = {};
  let stopped = false;
  let measuredAt = Number.NEGATIVE_INFINITY;

  const breakers = createBreakers<Answer>(
    clock,
    timings.breakerRest,
    (answer) => !answer.ok && failing(answer),
    (status) => log.warn(`The exchange’s ${callName(status.kind)} ${BREAKER_WORDS[status.state]}.`),
  );

  const venueClock = createVenueClock(options.measure, async () => {
    const outcome = await attempt({
      path: '/v5/market/time',
      lane: 'protect',
      call: 'read',
      signed: false,
      send: (bybit) => bybit.getServerTime(),
    });
    return outcome.ok ? outcome.time : null;
  });

  /** Why nothing may be sent now; `null` when it may. */
  function held(): Refusal | null {
    if (stopped) return refusal(0, 'The connection to the exchange is closed.');
    const until = bans.until(restUrl);
    return until === null ? null : bannedUntil(until);
  }

  async function attempt(request: Request): Promise<Outcome> {
    const before = held();
    if (before !== null) return before;
    const ticket = await budget.take(request.path, request.lane);
    const meanwhile = held();
    if (meanwhile !== null) return meanwhile;
    const answer = await breakers.run(request.path, () => sendOnce(request, ticket));
    if (answer === null) {
      return refusal(
        0,
        `The ${callName(request.path)} has failed several times in a row at the exchange; it is tried again shortly.`,
      );
    }
    if (answer.ok) return { ok: true, result: answer.result, time: answer.time };
    const trouble = sortError(answer.trouble, request.call);
    if (trouble.cause === 'ban') {
      bans.ban(restUrl, timings.ban);
      log.error(trouble.sentence);
    }
    if (trouble.cause === 'rate') {
      const wait = Math.min(Math.max(answer.resetIn ?? 0, LEAST_WAIT), LONGEST_WAIT);
      budget.block(request.path, Math.ceil(wait + random() * LEAST_WAIT));
    }
    return { ok: false, trouble: { ...trouble, sentence: redact(trouble.sentence, secrets) } };
  }

  async function sendOnce(request: Request, ticket: number): Promise<Answer> {
    requests[request.path] = (requests[request.path] ?? 0) + 1;
    const sentAt = clock.now();
    const answer = await readAnswer(request.send(client));
    if (answer.limits !== undefined) {
      budget.learn(request.path, ticket, answer.limits.limit, answer.limits.remaining);
    }
    if (answer.ok && venueClock.contradicts(answer.time, sentAt, clock.now())) measureSoon();
    return answer;
  }

  function measureSoon(): void {
    if (clock.ticks() - measuredAt < MEASURE_SELDOM) return;
    measuredAt = clock.ticks();
    void measure();
  }

  async function measure(): Promise<boolean> {
    measuredAt = clock.ticks();
    const good = await venueClock.measure();
    const { clockOffsetMs } = venueClock.status();
    if (good && clockOffsetMs !== null && Math.abs(clockOffsetMs) > RECEIVE_WINDOW) {
      log.warn(
        `This machine’s clock is ${Math.round(Math.abs(clockOffsetMs) / 1000)} s ${clockOffsetMs > 0 ? 'behind' : 'ahead of'} the exchange’s. Timestamps are corrected for this; set the clock right.`,
      );
    }
    if (!good) log.error(CLOCK_BLOCKED);
    return good;
  }

  const trustClock = async (): Promise<Refusal | null> => {
    if (venueClock.status().clockTrusted) return null;
    return held() ?? ((await measure()) ? null : (held() ?? refusal(0, CLOCK_BLOCKED)));
  };

  return {
    async request(request) {
      for (let tried = 1; ; tried++) {
        const barred = request.path === WHOSE_KEY ? null : (options.barred?.() ?? null);
        if (request.signed && barred !== null) return refusal(0, barred);
        const unsigned = request.signed ? await trustClock() : null;
        if (unsigned !== null) return unsigned;
        const outcome = await attempt(request);
        if (outcome.ok || outcome.trouble.verdict !== 'retry' || tried >= TRIES) return outcome;
        const { cause } = outcome.trouble;
        if (cause === 'ban') return outcome;
        if (cause === 'clock') {
          venueClock.distrust();
          if (tried > 1) return outcome; // refused with a fresh measurement: blocked and loud
        } else if (cause !== 'rate') {
          await pause(clock, backOff(tried - 1, timings.retryFirst, 5_000, random));
        }
      }
    },
    distrustClock: () => venueClock.distrust(),
    trustClock,
    clockOffset: () => venueClock.offset(),
    status: () => ({
      ...venueClock.status(),
      budgetFree: budget.free(),
      breakers: breakers.status(),
      stoppedUntil: bans.until(restUrl),
      requests: { ...requests },
    }),
    stop() {
      stopped = true;
      budget.stop();
      client.close();
    },
  };
}

const CLOCK_BLOCKED =
  'The exchange’s time could not be measured accurately enough, so no request is signed. Check the connection and this machine’s clock.';

const BREAKER_WORDS = {
  closed: 'works again',
  open: 'failed several times in a row; it gets a short rest before the next try',
  'half-open': 'is being tried with a single request',
} as const;

/** It did not leave: that passes. */
const refusal = (code: number, sentence: string): Refusal => ({
  ok: false,
  trouble: { verdict: 'refused', code, sentence, cause: 'failing' },
});

const bannedUntil = (until: number): Refusal =>
  refusal(
    403,
    `The exchange has blocked this address; no requests are sent until ${new Date(until).toISOString()}.`,
  );

const failing = (answer: Extract<Answer, { ok: false }>): boolean =>
  sortError(answer.trouble, 'read').cause === 'failing';

export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((done) => {
    clock.after(ms, done);
  });
