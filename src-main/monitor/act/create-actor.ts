import type { Alert } from '../../alerts/alerts.ts';
import type { Cache } from '../../cache/cache.ts';
import type { Facts } from '../../cache/facts.ts';
import type { AccountId, Mode } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import type { Gateway } from '../../exchange/gateway.ts';
import type { IntentRecord } from '../../persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';
import type { Receipt } from '../rules/closing-plan.ts';
import type { Step } from '../rules/playbook.ts';
import type { Watch } from '../watch/watch.ts';
import { effectOf, sendTo, type Venue } from './ask-venue.ts';
import { closeAll } from './close-all.ts';
import { type Intent, type IntentStep, intentFrom, intentId, newIntent } from './intent.ts';
import { capital, createIntentLog } from './intent-log.ts';
import { Lanes, laneName } from './lanes.ts';
import { planOn, referenceFor } from './plan-on.ts';
import { ASK_AGAIN_MS, createUnresolved } from './unresolved.ts';

/** After so many failures in a row the rule stops trying and says so (P27). */
const FAILURES_TO_GIVE_UP = 5;
/** First wait after a failure, doubled each time. */
const RETRY_MS = 1_000;
/** In watch mode the rule is looked at again this seldom, ms. */
const WOULD_DO_EVERY_MS = 10_000;

export interface ActorOptions {
  cache: Cache;
  gateways: ReadonlyMap<AccountId, Gateway>;
  clock: Clock;
  log: Log;
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  modeOf: (account: AccountId) => Mode;
  /** False while the loop is stopped or paused: then nothing is sent. */
  mayAct: () => boolean;
  onAlert: (alert: Alert) => void;
  /** The monitor or its pending work changed. */
  onChange: (watch: Watch) => void;
}

/** Does what the playbook wants, one write at a time per account and symbol. */
export interface Actor {
  /** Puts a monitor whose rule is wanted into its lane; does nothing when it is there already. */
  consider(watch: Watch): void;
  /** True when `consider` would act on facts that are at hand, without waiting for anything. */
  actsAtOnce(watch: Watch): boolean;
  /** Closes everything of an account: see `closeAll`. The playbook rests there meanwhile. */
  closeAll(account: AccountId, click?: string): Promise<Receipt>;
  /** Asks about the intents of the last run; until each is resolved its symbol is not written to. */
  resume(intents: readonly IntentRecord[]): void;
  /** Resolves when no write is under way. */
  idle(): Promise<void>;
  /** Intents sent so far. */
  readonly sent: number;
}

export function createActor(options: ActorOptions): Actor {
  const { cache, clock, log } = options;
  const { save, record, tell, tellStretch, endStretch, line } = createIntentLog(options);
  const lanes = new Lanes(log);
  const unresolved = createUnresolved({
    clock,
    lanes,
    mayAsk: options.mayAct,
    effectOf: (intent) => effectOf(venueOf(intent.account), intent),
    resolved: (intent, step) => void record(null, intent, step),
  });
  /** Accounts that are being closed. */
  const closing = new Map<AccountId, Promise<Receipt>>();
  let sent = 0;

  function isDue(watch: Watch): boolean {
    if (watch.afterTp1 !== 'wanted' || watch.acting || !options.mayAct()) return false;
    if (closing.has(watch.monitor.account)) return false;
    const armed = options.modeOf(watch.monitor.account) === 'armed';
    return clock.ticks() >= watch.actAfter || (watch.heldByMode && armed);
  }

  function consider(watch: Watch): void {
    if (!isDue(watch)) return;
    watch.heldByMode = false;
    watch.acting = true;
    const { account, symbol } = watch.monitor;
    lanes.enter(laneName(account, symbol), 1, async () => {
      try {
        await fulfil(watch);
      } finally {
        watch.acting = false;
        options.onChange(watch);
      }
    });
  }

  async function fulfil(watch: Watch): Promise<void> {
    const { account, symbol } = watch.monitor;
    if (unresolved.holds(account, symbol)) return wait(watch, ASK_AGAIN_MS);
    const read = await cache.facts(account, symbol);
    if (read.state === 'unknown') return cannot(watch, read.reason);
    const reference = await referenceFor(cache, account, symbol);
    if (typeof reference === 'string') return cannot(watch, reference);
    endStretch(watch, 'cannot');
    const plan = planOn(cache, watch, read.facts, reference);
    if (plan.blocked === null) endStretch(watch, 'blocked');
    else blocked(watch, plan.blocked);
    if (options.modeOf(account) !== 'armed') {
      for (const step of plan.steps)
        tell(watch, 'would-do', intentId(watch.monitor, step.action), `Would ${step.text}.`);
      watch.heldByMode = true;
      return wait(watch, WOULD_DO_EVERY_MS);
    }
    if (plan.steps.length > 0 && !(await carryOut(watch, plan.steps, read.facts))) return;
    if (plan.blocked) return wait(watch, RETRY_MS);
    watch.afterTp1 = 'done';
    watch.failures = 0;
    if (plan.breakeven === null || watch.dropped) return;
    const moved = plan.steps.some((step) => step.action.do !== 'cancel');
    watch.monitor = { ...watch.monitor, breakevenMoved: true, updatedAt: clock.now() };
    const text = moved
      ? `The stop is at ${plan.breakeven}: breakeven with fees.`
      : `The stop was already at or beyond the breakeven of ${plan.breakeven} and is left as it is.`;
    save('breakeven-moved', {
      monitors: [watch.monitor],
      timeline: [line(watch, 'confirmed', 'breakeven', text)],
    });
    if (moved) {
      options.onAlert({
        severity: 'info',
        rule: 'breakeven-moved',
        account,
        symbol,
        text: `${symbol} on ${account}: the stop is at ${plan.breakeven}, breakeven with fees. Confirmed by the exchange.`,
      });
    }
  }

  /** Saves all the steps as intents, then sends them one by one. True when each is confirmed. */
  async function carryOut(watch: Watch, steps: readonly Step[], facts: Facts): Promise<boolean> {
    const { account } = watch.monitor;
    const at = clock.now();
    const intents = steps.map((step) => newIntent(watch.monitor, step, facts, at));
    const decided = steps.map((step, n) =>
      line(watch, 'decided', `${intents[n]?.id}/${at}`, `${capital(step.text)}.`),
    );
    const hit = watch.unsaved;
    watch.unsaved = null;
    const kept = save(hit?.reason ?? 'intent', {
      ...hit?.change,
      intents,
      timeline: [...(hit?.change.timeline ?? []), ...decided],
    });
    if (kept !== 'durable') {
      // What is not on the disk is not sent: after a crash nobody would know of it (P56).
      fail(watch, 'the decision could not be saved, so nothing was sent');
      return false;
    }
    let all = true;
    let previous: IntentStep = 'confirmed';
    for (const [n, intent] of intents.entries()) {
      const allowed =
        options.mayAct() && options.modeOf(account) === 'armed' && !closing.has(account);
      const skipped: boolean =
        !allowed || (steps[n]?.afterPrevious === true && previous !== 'confirmed');
      previous = skipped ? record(watch, intent, 'withdrawn') : await carry(watch, intent);
      if (previous !== 'confirmed') all = false;
    }
    return all;
  }

  async function carry(watch: Watch, intent: Intent): Promise<IntentStep> {
    const venue = venueOf(intent.account);
    sent += 1;
    const result = await sendTo(venue, intent);
    cache.afterWrite(intent.account);
    const { action, text } = intent.data;
    if (result.state === 'refused') {
      if (action.do === 'amend-stop') watch.amendRefused = true;
      fail(watch, `the exchange refused to ${text}: ${result.reason}`);
      return record(watch, intent, 'refused', `${capital(text)}: refused. ${result.reason}`);
    }
    const effect = await effectOf(venue, intent);
    if (effect === 'done') {
      watch.failures = 0;
      return record(watch, intent, 'confirmed', `Confirmed: ${text}.`);
    }
    if (effect === 'not-done') {
      fail(watch, `the exchange does not show it: ${text}`);
      return record(watch, intent, 'lapsed', `Not done: ${text}. The exchange does not show it.`);
    }
    unresolved.add(intent);
    options.onAlert({
      severity: 'critical',
      rule: 'intent-unknown',
      account: intent.account,
      symbol: action.symbol,
      text: `${action.symbol} on ${intent.account}: it is not known whether the exchange accepted "${text}". Holdfast keeps asking and sends nothing else for this symbol until it knows.`,
    });
    return record(
      watch,
      intent,
      'unknown',
      `Not known whether this was done: ${text}. Asking the exchange.`,
    );
  }

  function venueOf(account: AccountId): Venue {
    const gateway = options.gateways.get(account);
    if (!gateway) throw new Error(`no gateway for ${account}`);
    return { cache, gateway, clock };
  }

  function blocked(watch: Watch, why: string): void {
    const { account, symbol } = watch.monitor;
    if (!tellStretch(watch, 'blocked', 'decided', `The stop stays where it is: ${why}.`)) return;
    options.onAlert({
      severity: 'warning',
      rule: 'stop-blocked',
      account,
      symbol,
      text: `${symbol} on ${account}: the first take-profit was hit, but the stop stays where it is: ${why}. Until that changes, look after this position yourself.`,
    });
  }

  function cannot(watch: Watch, reason: string): void {
    tellStretch(
      watch,
      'cannot',
      'unknown',
      `The rule for the first take-profit is waiting: ${reason}`,
    );
    wait(watch, RETRY_MS);
  }

  function wait(watch: Watch, ms: number): void {
    watch.actAfter = clock.ticks() + ms;
  }

  function fail(watch: Watch, why: string): void {
    watch.failures += 1;
    wait(watch, RETRY_MS * 2 ** watch.failures);
    const { account, symbol } = watch.monitor;
    const last = watch.failures >= FAILURES_TO_GIVE_UP;
    if (last) watch.afterTp1 = 'given-up';
    options.onAlert({
      severity: last ? 'critical' : 'warning',
      rule: last ? 'given-up' : 'intent-refused',
      account,
      symbol,
      text: `${symbol} on ${account}: ${why}.${last ? ' Holdfast has stopped trying: look after this position yourself.' : ' Holdfast will try again.'}`,
    });
  }

  return {
    consider,
    actsAtOnce(watch) {
      const { account } = watch.monitor;
      return (
        isDue(watch) &&
        options.modeOf(account) === 'armed' &&
        cache.link(account).stream === 'ready'
      );
    },
    closeAll(account, click) {
      const underWay = closing.get(account);
      if (underWay) return underWay;
      const receipt = closeAll(
        {
          ...options,
          lanes,
          save,
          onSent: () => void (sent += 1),
          onUnknown: unresolved.add,
        },
        account,
        click,
      ).finally(() => closing.delete(account));
      closing.set(account, receipt);
      return receipt;
    },
    resume(records) {
      const intents = records.flatMap((stored): Intent[] => {
        const intent = intentFrom(stored);
        if (intent && options.gateways.has(intent.account)) return [intent];
        log.error('A write pending from the last run cannot be read; check its account on Bybit.', {
          id: stored.id,
        });
        return [];
      });
      unresolved.askNow(intents);
    },
    idle: () => lanes.idle(),
    get sent() {
      return sent;
    },
  };
}
