import type { Alert } from '../../alerts/alerts.ts';
import type { Cache } from '../../cache/cache.ts';
import type { Facts } from '../../cache/facts.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { hasEnded } from '../../domain/order.ts';
import type { Gateway, WriteResult } from '../../exchange/gateway.ts';
import type { Step } from '../goals/step.ts';
import type { Carried } from '../propose/proposals.ts';
import type { Watch } from '../watch/watch.ts';
import { effectOf } from './effect.ts';
import { type Intent, newIntent } from './intent.ts';
import { capital, type IntentLog } from './intent-log.ts';
import { type Lanes, priorityOf } from './lanes.ts';
import { send } from './send.ts';

/** The same wish is sent again after this long, then twice, four times as long, and so on, ms. */
const AGAIN_MS = 1_000;
const AGAIN_AT_MOST_MS = 60_000;
/** It is said that a wish fails when it has failed so often: first a warning, then the loudest. */
const FAILED_TO_WARN = 2;
const FAILED_TO_ALARM = 5;

export interface CarryOutOptions {
  cache: Cache;
  clock: Clock;
  lanes: Lanes;
  log: IntentLog;
  gatewayOf: (account: AccountId) => Gateway;
  /** True while this watch may be written for: its account acts, and no outcome of its symbol is in doubt. */
  maySend: (watch: Watch) => boolean;
  onSent: () => void;
  /** It is not known whether the venue took it: to be asked about from now on. */
  onUnknown: (intent: Intent) => void;
  onAlert: (alert: Alert) => void;
}

/** How a plan was carried out, and whether what is there now is looked at again at once. */
export interface Outcome {
  carried: Carried;
  again: boolean;
}

/**
 * Saves all the steps as intents, then sends them one by one, each when its turn in the lane has come, and
 * waits for its effect. What rests on a step that is not confirmed is withdrawn; so is the rest when the
 * position was traded meanwhile, because it was worked out for another size.
 */
export async function carryOut(
  options: CarryOutOptions,
  watch: Watch,
  steps: readonly Step[],
  facts: Facts,
): Promise<Outcome> {
  const { cache, clock, lanes, log } = options;
  const { account } = watch.monitor;
  const { traded } = watch;
  const at = clock.now();
  const intents = steps.map((step) =>
    newIntent(watch.monitor, { ...step, text: textOf(step) }, facts, at),
  );
  const unsaved = watch.unsaved;
  watch.unsaved = null;
  const kept = log.save(unsaved?.reason ?? 'intent', {
    ...unsaved?.change,
    intents,
    timeline: [
      ...(unsaved?.change.timeline ?? []),
      ...intents.map(({ id, data }) =>
        log.line(watch, 'decided', `${id}/${at}`, `${capital(data.text)}.`),
      ),
    ],
  });
  if (kept !== 'durable') {
    // What is not on the disk is not sent: after a crash nobody would know of it (P56).
    for (const step of steps) noteTry(step);
    const why = 'the decision could not be saved, so nothing was sent';
    warn(why, 'warning');
    return { carried: { state: 'refused', why: `${capital(why)}.` }, again: false };
  }
  const confirmed = new Set<string>();
  /** The first thing that went wrong counts. */
  let wrong: Carried | null = null;
  let again = true;
  let isKnown = true;
  for (const [n, step] of steps.entries()) {
    const intent = intents[n] as Intent;
    const rests = step.after.some((wish) => !confirmed.has(wish));
    const result =
      rests || !isKnown
        ? null
        : await lanes.run(watch.monitor, priorityOf[step.phase], async () => {
            if (watch.dropped || watch.traded !== traded || !options.maySend(watch)) return null;
            noteTry(step);
            options.onSent();
            return send(options.gatewayOf(account), intent);
          });
    if (result === null) {
      log.record(watch, intent, 'withdrawn');
      continue;
    }
    cache.afterWrite(account);
    const end = await outcome(step, intent, result);
    if (end === 'confirmed') confirmed.add(step.wish);
    if (end === 'unknown') isKnown = false;
    if (end === 'failed' || end === 'unknown') again = false;
    if (end === 'unknown')
      wrong ??= {
        state: 'unknown',
        why: `It is not known whether the exchange accepted it: ${intent.data.text}.`,
      };
    else if (end !== 'confirmed') wrong ??= { state: 'refused', why: whyNot(intent, result) };
  }
  const isSent = steps.some(({ wish }) => confirmed.has(wish));
  return { carried: wrong ?? { state: isSent ? 'confirmed' : 'nothing' }, again };

  function whyNot({ data }: Intent, result: WriteResult): string {
    const reason = result.state === 'refused' ? result.reason : 'The exchange does not show it.';
    return `Not done: ${data.text}. ${reason}`;
  }

  /** What became of one write; `changed`: something was learned that leads to another plan. */
  async function outcome(
    step: Step,
    intent: Intent,
    result: WriteResult,
  ): Promise<'confirmed' | 'changed' | 'failed' | 'unknown'> {
    if (result.state === 'refused') return refused(step, intent, result);
    const orderId = result.state === 'unknown' ? null : result.orderId;
    const effect = await effectOf(options, intent, orderId);
    const { text } = intent.data;
    if (effect === 'done') {
      noteDone(step, orderId);
      log.record(watch, intent, 'confirmed', `Confirmed: ${text}.`);
      return 'confirmed';
    }
    if (effect === 'not-done') {
      noteEnded(step, orderId);
      log.record(watch, intent, 'lapsed', `Not done: ${text}. The exchange does not show it.`);
      failed(step, `the exchange does not show it: ${text}`);
      return 'failed';
    }
    log.record(
      watch,
      intent,
      'unknown',
      `Not known whether this was done: ${text}. Asking the exchange.`,
    );
    options.onUnknown(intent);
    options.onAlert({
      severity: 'critical',
      rule: 'intent-unknown',
      account,
      symbol: intent.data.symbol,
      text: `${intent.data.symbol} on ${account}: it is not known whether the exchange accepted "${text}". Holdfast keeps asking and sends nothing else for this symbol until it knows.`,
    });
    return 'unknown';
  }

  /** What the venue's word means for this wish (M4, M7, H6). */
  async function refused(
    step: Step,
    intent: Intent,
    { because, reason }: Extract<WriteResult, { state: 'refused' }>,
  ): Promise<'changed' | 'failed'> {
    const { doing, monitor } = watch;
    const { text } = intent.data;
    if (because === 'gone') {
      // What it was about is gone: that is no failure, and what is there now decides.
      log.record(watch, intent, 'withdrawn');
      await cache.askPosition(account, monitor.symbol);
      if (step.write.do === 'amend')
        await cache.askOrder(account, { symbol: monitor.symbol, orderId: step.write.orderId });
      return 'changed';
    }
    log.record(watch, intent, 'refused', `${capital(text)}: refused. ${reason}`);
    if (because === 'unamendable' && step.write.do === 'amend') {
      doing.unamendable.add(step.write.orderId);
      return 'changed';
    }
    if (because === 'spent') {
      doing.spent.add(step.wish);
      return 'changed';
    }
    if (because === 'passing') {
      failed(step, `the exchange refused to ${text}: ${reason}`);
      return 'failed';
    }
    doing.refused.set(step.wish, { reason, version: cache.version(monitor) });
    return 'changed';
  }

  function noteTry({ wish }: Step): void {
    const { tries } = watch.doing;
    const sent = (tries.get(wish)?.sent ?? 0) + 1;
    const wait = Math.min(AGAIN_MS * 2 ** (sent - 1), AGAIN_AT_MOST_MS);
    tries.set(wish, { sent, notBefore: clock.ticks() + wait });
  }

  function noteDone(step: Step, orderId: string | null): void {
    noteEnded(step, orderId);
    const { want } = step.goal;
    if (want.kind === 'covered' && want.called === 'breakeven' && step.write.do !== 'cancel')
      watch.doing.movedTo = want.price;
  }

  /** An order that has ended is never sent under its name again; what it filled is in the position first. */
  function noteEnded({ wish, write }: Step, orderId: string | null): void {
    if (write.do !== 'place' && write.do !== 'close') return;
    const last = orderId === null ? null : cache.endedOrder(account, orderId);
    if (last && hasEnded(last)) watch.doing.spent.add(wish);
  }

  function failed({ wish }: Step, why: string): void {
    const sent = watch.doing.tries.get(wish)?.sent ?? 0;
    if (sent === FAILED_TO_WARN) warn(`${why}. Holdfast keeps trying`, 'warning');
    if (sent === FAILED_TO_ALARM)
      warn(
        `${why}. This has failed ${sent} times. Holdfast keeps trying; look after this position yourself`,
        'critical',
      );
  }

  function warn(why: string, severity: 'warning' | 'critical'): void {
    const { symbol } = watch.monitor;
    const rule = severity === 'warning' ? 'intent-refused' : 'intent-failing';
    options.onAlert({ severity, rule, account, symbol, text: `${symbol} on ${account}: ${why}.` });
  }
}

/** What a step does and why, a clause. */
export function textOf({ text, goal, write }: Step): string {
  const { want, reason } = goal;
  const isBreakeven =
    want.kind === 'covered' && want.called === 'breakeven' && write.do !== 'cancel';
  return `${text}${isBreakeven ? ' (breakeven with fees)' : ''}, because ${reason}`;
}
