import type { AccountId } from '../../domain/account.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Gateway } from '../../exchange/gateway.ts';
import type { Difference } from '../goals/difference.ts';
import { goalsOf } from '../goals/goal.ts';
import type { Step } from '../goals/step.ts';
import type { Carried } from '../propose/proposals.ts';
import type { Receipt } from '../rules/closing-plan.ts';
import type { Watch } from '../watch/watch.ts';
import { carryOut } from './carry-out.ts';
import { closeAll } from './close-all.ts';
import { askFor } from './effect.ts';
import type { Executor, ExecutorOptions } from './executor.ts';
import { frameWithin } from './fresh-facts.ts';
import { type Intent, intentFrom } from './intent.ts';
import { createIntentLog } from './intent-log.ts';
import { Lanes } from './lanes.ts';
import { createPlanner, type Plan } from './planner.ts';
import { createPlanTeller } from './tell-plan.ts';
import { createUnresolved } from './unresolved.ts';

/** What is wanted and cannot be had now is looked at again after this long, ms. */
const AGAIN_MS = 1_000;
/** And after this long where it came to nothing for the first time, ms: doubled each time. */
const SOON_MS = 50;
/** Facts, plan, writes: so many times in a row before others get their turn. */
const MOST_ROUNDS = 5;
/** What is only told or proposed is worked out again this often, so that it rests on facts of now. ms. */
const OFFER_AGAIN_MS = 10_000;

/** Tells plans apart by what they write. */
const namesOf = (steps: readonly Step[]): string => steps.map(({ wish }) => wish).join('\n');

export function createExecutor(options: ExecutorOptions): Executor {
  const { cache, clock } = options;
  const log = createIntentLog(options);
  const lanes = new Lanes();
  const tell = createPlanTeller({ clock, log, onAlert: options.onAlert });
  const unresolved = createUnresolved({
    clock,
    mayAsk: options.mayAct,
    effectOf: (intent) => askFor(options, intent),
    resolved(intent, step) {
      log.record(null, intent, step);
      if (intent.position) options.onDue(intent.position);
    },
  });
  const planner = createPlanner(options);
  /** Accounts that are being closed. */
  const closing = new Map<AccountId, Promise<Receipt>>();
  const underWay = new Set<Promise<Carried>>();
  let sent = 0;

  /** What may become of a plan now: it is sent, put to the operator, or kept as what would be done. */
  function mayDo({ monitor }: Watch): 'send' | 'offer' | 'tell' | 'nothing' {
    if (!options.mayAct()) return 'nothing';
    const mode = options.modeOf(monitor.account);
    if (mode === 'watch') return 'tell';
    if (closing.has(monitor.account)) return 'nothing';
    return mode === 'propose' ? 'offer' : 'send';
  }

  const carrying = {
    ...options,
    lanes,
    log,
    gatewayOf,
    onSent: () => void (sent += 1),
    onUnknown: (intent: Intent) => unresolved.ask([intent]),
  };

  function gatewayOf(account: AccountId): Gateway {
    const gateway = options.gateways.get(account);
    if (!gateway) throw new Error(`no gateway for ${account}`);
    return gateway;
  }

  /** The steps that may go now: those that were just sent, and what rests on them, wait. */
  function ready(watch: Watch, { steps }: Difference): Step[] {
    const resting = new Set<string>();
    return steps.filter(({ wish, after }) => {
      const { notBefore = 0 } = watch.doing.tries.get(wish) ?? {};
      const rests = clock.ticks() < notBefore || after.some((one) => resting.has(one));
      if (rests) resting.add(wish);
      return !rests;
    });
  }

  function consider(watch: Watch): void {
    const { account, symbol } = watch.monitor;
    if (watch.dropped || watch.acting || !watch.known) return;
    const sight = cache.sight(account, symbol);
    const wait = frameWithin(options, watch, sight);
    if (wait > 0) return lookIn(watch, wait);
    const plan = planner.seen(watch, sight);
    const may = mayDo(watch);
    if (may === 'tell') tell.wouldDo(watch, plan);
    const needs =
      may === 'offer'
        ? isNews(watch, plan)
        : may === 'send' && (ready(watch, plan).length > 0 || planner.isUnknown(watch, plan));
    if (!needs) {
      watch.doing.fruitless = 0;
      settle(watch, plan);
    }
    const isOpen = plan.steps.length + plan.blocked.length + plan.waiting.length > 0;
    const again = may === 'send' || tell.isPending(watch) ? AGAIN_MS : OFFER_AGAIN_MS;
    // A stop that trails in steps follows the price.
    const follows = watch.monitor.rules.trailedFrom !== null;
    watch.doing.againAt = isOpen || follows ? clock.ticks() + again : Number.POSITIVE_INFINITY;
    if (needs && clock.ticks() >= watch.doing.notBefore) void begin(watch, plan);
  }

  /** Another plan than the operator was asked about, or what they were asked about rests on old facts. */
  function isNews({ doing }: Watch, { steps }: Plan): boolean {
    const { offered } = doing;
    if (offered === null) return steps.length > 0;
    return offered.wishes !== namesOf(steps) || clock.ticks() - offered.at >= OFFER_AGAIN_MS;
  }

  /** Works it out on fresh facts and does what may be done. */
  async function begin(watch: Watch, seen: Plan | null): Promise<Carried> {
    if (unresolved.holds(watch.monitor)) return { state: 'nothing' };
    watch.acting = true;
    const sentBefore = sent;
    const work = act(watch, seen);
    underWay.add(work);
    try {
      return await work;
    } catch (thrown) {
      const why = sentenceOf(thrown);
      options.log.error('A plan could not be carried out.', { why });
      return { state: 'refused', why };
    } finally {
      watch.acting = false;
      underWay.delete(work);
      if (sent === sentBefore) rest(watch);
      else watch.doing.fruitless = 0;
      options.onChange(watch);
    }
  }

  /** What came to nothing is not tried again at once: soon, as what was on its way has come, then seldom. */
  function rest(watch: Watch): void {
    const { doing } = watch;
    const ms = Math.min(AGAIN_MS, SOON_MS * 2 ** doing.fruitless);
    doing.fruitless += 1;
    doing.notBefore = clock.ticks() + ms;
    if (ms < AGAIN_MS) lookIn(watch, ms);
  }

  function lookIn(watch: Watch, ms: number): void {
    clock.after(ms, () => options.onDue(watch.key));
  }

  async function act(watch: Watch, seen: Plan | null): Promise<Carried> {
    let before = seen;
    let carried: Carried = { state: 'nothing' };
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const fresh = await planner.fresh(watch, round === 0 ? seen : null);
      if ('reason' in fresh) {
        if (before) tell.noFacts(watch, before, fresh.reason);
        return carried;
      }
      const { facts, plan } = fresh;
      tell.noFacts(watch, plan, null);
      before = plan;
      const may = mayDo(watch);
      const isSent = may === 'offer' ? offer(watch, plan) === 'send' : may === 'send';
      const steps = may === 'offer' ? plan.steps : ready(watch, plan);
      if (watch.dropped || !isSent || steps.length === 0) {
        settle(watch, plan);
        return carried;
      }
      const maySend = (one: Watch): boolean => mayDo(one) === may && !unresolved.holds(one.monitor);
      const outcome = await carryOut({ ...carrying, maySend }, watch, steps, facts);
      if (carried.state === 'nothing' || outcome.carried.state !== 'confirmed')
        carried = outcome.carried;
      if (!outcome.again) return carried;
    }
    return carried;
  }

  function offer(watch: Watch, plan: Plan): 'send' | 'wait' {
    const { steps, waiting, facts } = plan;
    // What is not known now still stands with the operator: it is offered again until it is.
    const stands = steps.length + waiting.length > 0;
    watch.doing.offered = stands ? { wishes: namesOf(steps), at: clock.ticks() } : null;
    return options.proposals?.offer(plan, facts) ?? 'wait';
  }

  /** Nothing is asked for a watch any more. */
  function lapse({ doing, monitor }: Watch, why: string): void {
    if (doing.offered === null) return;
    doing.offered = null;
    options.proposals?.lapse(monitor, why);
  }

  /** Nothing is to be sent now: says what stays open, and what has come true. */
  function settle(watch: Watch, plan: Plan): void {
    tell.kept(watch, plan);
    const breakeven = goalsOf(plan.goals, 'covered').find(
      ({ want }) => want.called === 'breakeven',
    );
    const isOpen = [...plan.steps, ...plan.blocked, ...plan.waiting].length > 0;
    if (!breakeven || isOpen || watch.monitor.breakevenMoved || watch.dropped) return;
    tell.breakeven(watch, breakeven.want.price);
  }

  return {
    consider,
    actsAtOnce(watch) {
      const { account } = watch.monitor;
      return (
        !watch.acting &&
        mayDo(watch) === 'send' &&
        cache.link(account).stream === 'ready' &&
        !unresolved.holds(watch.monitor)
      );
    },
    async plan(watch) {
      while (watch.acting) await Promise.allSettled(underWay);
      return watch.dropped || mayDo(watch) === 'nothing'
        ? { state: 'nothing' }
        : begin(watch, null);
    },
    end: (watch) => lapse(watch, 'The position is closed.'),
    forget(watch) {
      const { doing } = watch;
      if (options.modeOf(watch.monitor.account) !== 'propose')
        lapse(watch, 'The account does not propose any more.');
      doing.refused.clear();
      doing.tries.clear();
      doing.againAt = 0;
      doing.notBefore = 0;
    },
    closeAll(account, click) {
      const already = closing.get(account);
      if (already) return already;
      const receipt = closeAll({ ...options, ...carrying, save: log.save }, account, click).finally(
        () => closing.delete(account),
      );
      closing.set(account, receipt);
      return receipt;
    },
    resume(records) {
      const intents = records.flatMap((stored): Intent[] => {
        const intent = intentFrom(stored);
        if (intent && options.gateways.has(intent.account)) return [intent];
        options.log.error(
          'A write pending from the last run cannot be read; check its account on Bybit.',
          { id: stored.id },
        );
        return [];
      });
      unresolved.ask(intents);
    },
    async idle() {
      await Promise.allSettled([...underWay, ...closing.values()]);
    },
    get sent() {
      return sent;
    },
  };
}
