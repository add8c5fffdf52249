import PQueue from 'p-queue';
import type { Cache } from '../../cache/cache.ts';
import type { AccountId, Mode } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import { positionKey } from '../../domain/keys.ts';
import { type Decimal, isZero, less } from '../../domain/numbers.ts';
import { type Read, rowsOf } from '../../domain/read.ts';
import type { Gateway } from '../../exchange/gateway.ts';
import type { TimelineRecord } from '../../persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';
import {
  type ClosingStep,
  closingPlan,
  legOf,
  type Receipt,
  receiptOf,
} from '../rules/closing-plan.ts';
import { effectOf } from './effect.ts';
import { type Intent, type IntentStep, newIntent } from './intent.ts';
import { capital } from './intent-log.ts';
import { type Lanes, priorityOf } from './lanes.ts';
import { send } from './send.ts';

/** It goes on until nothing is left, or for this long after the venue last took a write, ms. */
const GIVE_UP_MS = 15_000;
const READ_EVERY_MS = 500;
/** What was written and still shows is given this long before it is wanted anew, ms. */
const SHOWS_WITHIN_MS = 1_000;
/** Writes in a row per leg or order that the venue took or may have taken and that changed nothing, and that it refused. */
const MOST_SENT = 2;
const MOST_REFUSED = 4;
/** Nothing is left when two whole reads say so that were begun so far apart: lists lag. ms. */
const READS_APART_MS = 1_000;
/** More would only wait in the rate budget, where they cannot be called back. */
const SYMBOLS_AT_ONCE = 10;

export interface CloseAllOptions {
  cache: Cache;
  gateways: ReadonlyMap<AccountId, Gateway>;
  clock: Clock;
  lanes: Lanes;
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  modeOf: (account: AccountId) => Mode;
  /** False while the loop is stopped or paused: then nothing is sent. */
  mayAct: () => boolean;
  onSent: () => void;
  /** It is not known whether the venue took it: to be asked about from now on. */
  onUnknown: (intent: Intent) => void;
}

interface Attempts {
  /** In all: it names the write. */
  count: number;
  /** Without progress since. */
  sent: number;
  refused: number;
  /** Ticks of the end of the latest. */
  at: number;
  /** How much was left when it was last looked at. */
  left: Decimal;
}

/**
 * Closes every position and cancels every order of one account, whoever made them, in rounds: whole
 * lists read for the purpose (P47, P62), the next writes saved and sent, every symbol at once, read
 * again. A write of unknown outcome is asked about and never sent again; what is still there afterwards
 * is wanted anew, once. `click` names the wish: under it each write has the same id, however often and in
 * whatever run it is sent, and the venue takes it once (E16). What is set aside is left out. Resolves with what is left by the venue's own word. Throws REFUSED while the
 * account only watches, NOT_READY while paused, when the wish cannot be saved or what is left not read.
 */
export async function closeAll(
  options: CloseAllOptions,
  account: AccountId,
  click = String(options.clock.now()),
): Promise<Receipt> {
  const { cache, clock } = options;
  const gateway = options.gateways.get(account);
  if (!gateway) throw new Failure('NOT_FOUND', `There is no account "${account}".`);
  // The operator's own word is all that an account that proposes waits for.
  const mayWrite = (): boolean => options.modeOf(account) !== 'watch';
  if (!mayWrite()) {
    const text = `${account} is in watch mode. Arm it first, or close on Bybit.`;
    throw new Failure('REFUSED', text);
  }
  if (!options.mayAct())
    throw new Failure('NOT_READY', 'Holdfast is paused. Resume first, or close on Bybit.');

  const attempts = new Map<string, Attempts>();
  let refusal: string | null = null;
  let lastTaken = clock.ticks();
  let emptyFrom: number | null = null;
  for (;;) {
    const asOf = clock.now();
    const from = clock.ticks();
    const [positions, orders] = await Promise.all([
      whole(gateway.positions()),
      whole(gateway.openOrders()),
    ]);
    const open =
      positions.rows?.filter(
        (row) => row.side !== null && !isZero(row.size) && isUnderstood(row),
      ) ?? null;
    const resting = orders.rows?.filter(isUnderstood) ?? null;
    const isEmpty = open?.length === 0 && resting?.length === 0;
    emptyFrom = isEmpty ? (emptyFrom ?? from) : null;
    if (emptyFrom !== null && from - emptyFrom >= READS_APART_MS)
      return receiptOf(account, [], [], null, cache.allSetAside(account));
    for (const row of open ?? []) noteLeft(legOf(row), row.size);
    // What is empty is read once more, whatever may be sent.
    const mayGoOn = maySend() || isEmpty;
    // Closing does not wait for the orders to be known; without the positions nothing is wanted.
    const steps = open
      ? closingPlan(open, resting ?? [], maxMarket).filter((step) => isDue(step.subject))
      : [];
    if (mayGoOn && steps.length > 0) {
      await carryOut(steps, asOf);
    } else if (!mayGoOn) {
      const unread = positions.reason ?? orders.reason;
      if (open && resting)
        return receiptOf(account, open, resting, refusal, cache.allSetAside(account));
      throw new Failure(
        'NOT_READY',
        `What is left on ${account} could not be read: ${unread} Check it on Bybit now.`,
      );
    } else {
      await new Promise<void>((resolve) => {
        clock.after(READ_EVERY_MS, resolve);
      });
    }
  }

  /** Of a symbol that is set aside nothing is wanted: the receipt says that it was left out, and why. */
  function isUnderstood({ symbol }: { symbol: string }): boolean {
    return cache.setAsideOf({ account, symbol }) === null;
  }

  function maySend(): boolean {
    return mayWrite() && options.mayAct() && clock.ticks() - lastTaken < GIVE_UP_MS;
  }

  function maxMarket(symbol: string): Decimal | null {
    return cache.instrument(symbol)?.maxMarketQuantity ?? null;
  }

  function isDue(subject: string): boolean {
    const before = attempts.get(subject);
    if (!before) return true;
    const { sent, refused, at } = before;
    return sent < MOST_SENT && refused < MOST_REFUSED && clock.ticks() - at >= SHOWS_WITHIN_MS;
  }

  /** Saves all the steps as intents, then sends them, one lane per symbol: cancels first. */
  async function carryOut(steps: readonly ClosingStep[], asOf: number): Promise<void> {
    /** How many of each write came before: what else there is to close must not change its name. */
    const parts = new Map<string, number>();
    const wishes = steps.map((step) => {
      const what = JSON.stringify([step.symbol, step.positionIdx, step.write]);
      const part = parts.get(what) ?? 0;
      parts.set(what, part + 1);
      return { step, intent: intentOf(step, part, asOf) };
    });
    const at = clock.now();
    const kept = options.save('intent', {
      intents: wishes.map(({ intent }) => intent),
      timeline: wishes
        .filter(({ step }) => step.write.do === 'close')
        .map(({ intent }) => lineOf(intent, 'decided', at)),
    });
    if (kept !== 'durable') {
      // What is not on the disk is not sent: after a crash nobody would know of it (P56).
      const text = `Closing all of ${account} could not be recorded, so nothing was sent. Close on Bybit.`;
      throw new Failure('NOT_READY', text);
    }
    const ended: Intent[] = [];
    const symbols = new Set(steps.map(({ symbol }) => symbol));
    const atOnce = new PQueue({ concurrency: SYMBOLS_AT_ONCE });
    await atOnce.addAll(
      [...symbols].map(
        (symbol) => () =>
          inLane(symbol, async () => {
            const own = wishes.filter(({ step }) => step.symbol === symbol);
            for (const closing of [false, true]) {
              const now = own.filter(({ step }) => (step.write.do === 'close') === closing);
              await Promise.all(
                now.map(async ({ step, intent }) => {
                  const done = await carry(intent, !attempts.has(step.subject));
                  ended.push({
                    ...intent,
                    step: done,
                    pending: done === 'unknown',
                    at: clock.now(),
                  });
                }),
              );
            }
          }),
      ),
    );
    const subjects = new Map(wishes.map(({ step, intent }) => [intent.id, step.subject]));
    note(ended.map((intent) => ({ subject: subjects.get(intent.id) ?? '', step: intent.step })));
    options.save('intent', {
      intents: ended,
      timeline: ended
        .filter(({ step, data }) => step === 'refused' && data.write.do === 'close')
        .map((intent) => lineOf(intent, 'refused', clock.now())),
    });
    for (const intent of ended) if (intent.pending) options.onUnknown(intent);
  }

  /** Counts one attempt for each subject, however many writes it took. */
  function note(ended: readonly { subject: string; step: IntentStep }[]): void {
    const refused = new Set(
      ended.filter(({ step }) => step === 'refused').map((one) => one.subject),
    );
    for (const subject of new Set(ended.map((one) => one.subject))) {
      const none = { count: 0, sent: 0, refused: 0, left: '0' };
      const before = attempts.get(subject) ?? none;
      const by = refused.has(subject) ? 1 : 0;
      attempts.set(subject, {
        count: before.count + 1,
        sent: before.sent + 1 - by,
        refused: before.refused + by,
        at: clock.ticks(),
        left: before.left,
      });
    }
  }

  /** A leg that has become smaller is worth as many tries again. */
  function noteLeft(subject: string, left: Decimal): void {
    const before = attempts.get(subject);
    if (!before) return;
    if (less(left, before.left)) before.sent = before.refused = 0;
    before.left = left;
  }

  /** One write, as far as it gets. */
  async function carry(intent: Intent, first: boolean): Promise<IntentStep> {
    const { symbol, positionIdx, write, text } = intent.data;
    if (!maySend()) return 'withdrawn';
    const flat =
      cache.link(account).stream === 'ready' &&
      cache.positionAt({ account, symbol, positionIdx }) === null;
    // It closed meanwhile (P27). Should the next whole read show it all the same, that counts.
    if (write.do === 'close' && first && flat) return 'withdrawn';
    options.onSent();
    const result = await send(gateway as Gateway, intent);
    cache.afterWrite(account);
    if (result.state === 'refused') {
      refusal = `The exchange refused to ${text}: ${result.reason}`;
      return 'refused';
    }
    lastTaken = clock.ticks();
    const orderId = result.state === 'unknown' ? null : result.orderId;
    const effect = await effectOf({ cache, clock }, intent, orderId);
    if (effect === 'unknown') return 'unknown';
    return effect === 'done' ? 'confirmed' : 'lapsed';
  }

  function intentOf(step: ClosingStep, part: number, asOf: number): Intent {
    const { symbol, positionIdx, write, text, subject } = step;
    const place = { account, symbol, positionIdx };
    const attempt = attempts.get(subject)?.count ?? 0;
    const named = [positionKey(place), 'close-all', click, attempt, part, JSON.stringify(write)];
    const wish = named.join('/');
    return newIntent(place, { wish, write, text }, { stampedBy: 'read', asOf }, clock.now());
  }

  function lineOf(intent: Intent, stage: 'decided' | 'refused', at: number): TimelineRecord {
    const { symbol, positionIdx, text } = intent.data;
    const told = stage === 'decided' ? `Close all: ${text}.` : `${capital(text)}: refused.`;
    const id = `${intent.id}/${stage}`;
    return { id, account, symbol, positionIdx, at, stage, text: told, detail: null };
  }

  function inLane(symbol: string, work: () => Promise<void>): Promise<void> {
    return options.lanes.run({ account, symbol }, priorityOf.protect, work);
  }
}

/** The rows of a whole read, or why there are none. A throw is a failed read. */
async function whole<T>(
  question: Promise<Read<T>>,
): Promise<{ rows: readonly T[]; reason: null } | { rows: null; reason: string }> {
  try {
    const read = await question;
    if (read.state === 'unknown') return { rows: null, reason: read.reason };
    return { rows: rowsOf(read), reason: null };
  } catch (thrown) {
    return { rows: null, reason: sentenceOf(thrown) };
  }
}
