import type { Sight } from '../../cache/facts.ts';
import type { AccountId } from '../../domain/account.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Gateway } from '../../exchange/gateway.ts';
import { type Difference, difference } from '../goals/difference.ts';
import { type Goal, goalsOf } from '../goals/goal.ts';
import { PRICE_GOOD_FOR_MS } from '../goals/scene.ts';
import type { Step } from '../goals/step.ts';
import type { Receipt } from '../rules/closing-plan.ts';
import { goalsFor } from '../rules/playbook-goals.ts';
import type { Planned } from '../watch/planned.ts';
import type { Watch } from '../watch/watch.ts';
import { carryOut } from './carry-out.ts';
import { closeAll } from './close-all.ts';
import { askFor } from './effect.ts';
import type { Executor, ExecutorOptions } from './executor.ts';
import { frameWithin, freshFacts } from './fresh-facts.ts';
import { type Intent, intentFrom } from './intent.ts';
import { createIntentLog } from './intent-log.ts';
import { Lanes } from './lanes.ts';
import { legFacts } from './leg-facts.ts';
import { createPlanTeller } from './tell-plan.ts';
import { createUnresolved } from './unresolved.ts';

/** What is wanted and cannot be had now is looked at again after this long, ms. */
const AGAIN_MS = 1_000;
/** Facts, plan, writes: so many times in a row before others get their turn. */
const MOST_ROUNDS = 5;

/** What one set of facts comes to. */
interface Plan extends Difference {
  goals: Goal[];
}

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
  /** Accounts that are being closed. */
  const closing = new Map<AccountId, Promise<Receipt>>();
  const underWay = new Set<Promise<void>>();
  let sent = 0;

  const maySend = ({ monitor }: Watch): boolean =>
    options.mayAct() &&
    options.modeOf(monitor.account) === 'armed' &&
    !closing.has(monitor.account);

  const carrying = {
    ...options,
    lanes,
    log,
    gatewayOf,
    maySend,
    onSent: () => void (sent += 1),
    onUnknown: (intent: Intent) => unresolved.ask([intent]),
  };

  function gatewayOf(account: AccountId): Gateway {
    const gateway = options.gateways.get(account);
    if (!gateway) throw new Error(`no gateway for ${account}`);
    return gateway;
  }

  /** What is wanted of a watch, and what is missing to it, on these rows. */
  function planOn(watch: Watch, rows: Sight, from: Planned['facts']): Plan {
    const facts = legFacts(options, watch, rows);
    const settings = options.playbookOf(watch.monitor.account);
    const goals = goalsFor({ facts, monitor: watch.monitor, settings });
    const plan = { ...difference(facts, goals), goals };
    const { steps, blocked, waiting, behind } = plan;
    watch.planned = { at: facts.at, facts: from, steps, blocked, waiting, behind };
    const wanted = new Set(steps.map(({ wish }) => wish));
    for (const wish of watch.doing.tries.keys())
      if (!wanted.has(wish)) watch.doing.tries.delete(wish);
    return plan;
  }

  const held = (): Planned['facts'] => ({ stampedBy: 'held', asOf: clock.now() });

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
    const plan = planOn(watch, sight, held());
    const isOpen = plan.steps.length + plan.blocked.length + plan.waiting.length > 0;
    watch.doing.againAt = isOpen ? clock.ticks() + AGAIN_MS : Number.POSITIVE_INFINITY;
    if (!maySend(watch)) {
      settle(watch, plan);
      if (!options.mayAct()) return;
      if (options.modeOf(account) !== 'armed') tell.wouldDo(watch, plan);
      return;
    }
    const needs = ready(watch, plan).length > 0 || plan.waiting.length > 0 || lacks(watch, plan);
    if (!needs) return settle(watch, plan);
    if (clock.ticks() < watch.doing.notBefore || unresolved.holds({ account, symbol })) return;
    watch.acting = true;
    const sentBefore = sent;
    const work = act(watch, plan)
      .catch((thrown) => {
        options.log.error('A plan could not be carried out.', { why: sentenceOf(thrown) });
      })
      .finally(() => {
        watch.acting = false;
        underWay.delete(work);
        // What came to nothing is not tried again at once.
        if (sent === sentBefore) watch.doing.notBefore = clock.ticks() + AGAIN_MS;
        options.onChange(watch);
      });
    underWay.add(work);
  }

  function lookIn(watch: Watch, ms: number): void {
    clock.after(ms, () => options.onDue(watch.key));
  }

  /** The rules of the contract or its fees are not known: what is wanted may not be all. */
  function lacks({ monitor }: Watch, { goals }: Plan): boolean {
    const { account, symbol } = monitor;
    const known = cache.instrument(symbol) !== null && cache.feeRate(account, symbol) !== null;
    return !known && goals.length > 0;
  }

  async function act(watch: Watch, seen: Plan): Promise<void> {
    const { account, symbol } = watch.monitor;
    let before: Plan = seen;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const fresh = await freshFacts(options, watch);
      if ('reason' in fresh) return tell.noFacts(watch, before, fresh.reason);
      tell.noFacts(watch, before, null);
      let { facts } = fresh;
      let plan = planOn(watch, facts, facts);
      if (lacks(watch, plan) || plan.waiting.length > 0) {
        await Promise.all([
          reference(account, symbol),
          cache.freshTicker(symbol, PRICE_GOOD_FOR_MS),
        ]);
        const again = await freshFacts(options, watch);
        if (!('facts' in again)) return;
        facts = again.facts;
        plan = planOn(watch, facts, facts);
      }
      before = plan;
      const steps = ready(watch, plan);
      if (steps.length === 0) return settle(watch, plan);
      if (!maySend(watch) || watch.dropped) return;
      if ((await carryOut(carrying, watch, steps, facts)) === 'rest') return;
    }
  }

  /** Reads what is not known of the contract and its fees. */
  async function reference(account: AccountId, symbol: string): Promise<void> {
    if (!cache.feeRate(account, symbol)) await cache.read(account, 'feeRates');
    if (!cache.instrument(symbol)) await cache.readShared('instruments');
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
      const { account, symbol } = watch.monitor;
      return (
        !watch.acting &&
        maySend(watch) &&
        cache.link(account).stream === 'ready' &&
        !unresolved.holds({ account, symbol })
      );
    },
    forget({ doing }) {
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
      await Promise.all([...underWay, ...closing.values()]);
    },
    get sent() {
      return sent;
    },
  };
}
