import type { Alert } from '../../alerts/alerts.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Difference } from '../goals/difference.ts';
import type { Goal } from '../goals/goal.ts';
import type { Blocked, Waiting } from '../goals/step.ts';
import type { Watch } from '../watch/watch.ts';
import { textOf } from './carry-out.ts';
import type { IntentLog } from './intent-log.ts';

/** What keeps a goal from being followed is told once it has lasted so long: many a second proves false (H4). ms. */
const LASTS_MS = 1_000;
/** What is not known is asked for meanwhile. ms. */
const UNKNOWN_LASTS_MS = 5_000;
/** Wishes remembered per watch; a position has far fewer. */
const TOLD_KEPT = 100;

/** Says of a plan what the operator has to know of it: each thing once for as long as it lasts. */
export interface PlanTeller {
  /** Where nothing is sent: what would be. */
  wouldDo(watch: Watch, difference: Difference): void;
  /** Goals that cannot be followed, as of now. */
  kept(watch: Watch, difference: Difference): void;
  /** Something is to be told once it has lasted. */
  isPending(watch: Watch): boolean;
  /** There are no facts to write on; `null` when there are again. */
  noFacts(watch: Watch, difference: Difference, reason: string | null): void;
  /** The stop is at breakeven or beyond: the venue says so. */
  breakeven(watch: Watch, price: string): void;
}

export function createPlanTeller(options: {
  clock: Clock;
  log: IntentLog;
  onAlert: (alert: Alert) => void;
}): PlanTeller {
  const { clock, log, onAlert } = options;

  /** True once: when what goes by this name has lasted. */
  function isDue(watch: Watch, name: string, lasts = LASTS_MS): boolean {
    const { stretches } = watch.doing;
    const stretch = stretches.get(name) ?? { since: clock.ticks(), told: false };
    stretches.set(name, stretch);
    if (stretch.told || clock.ticks() - stretch.since < lasts) return false;
    stretch.told = true;
    return true;
  }

  function endOthers(watch: Watch, kind: string, now: ReadonlySet<string>): void {
    const { stretches } = watch.doing;
    for (const name of stretches.keys())
      if (name.startsWith(kind) && !now.has(name)) stretches.delete(name);
  }

  function tellBlocked(watch: Watch, { goal, sentence }: Blocked | Waiting): void {
    const { account, symbol } = watch.monitor;
    const isStop = goal.want.kind === 'covered';
    const stays = isStop && watch.monitor.stop !== null ? 'the stop stays where it is: ' : '';
    const why = `${stays}${clause(sentence)}`;
    const mark = `blocked/${nameOf(goal)}/${clock.now()}`;
    const line = log.line(watch, 'decided', mark, `${sentenceOf(why)}.`);
    log.save('timeline', { timeline: [line] });
    onAlert({
      severity: 'warning',
      rule: isStop ? 'stop-blocked' : 'goal-blocked',
      account,
      symbol,
      text: `${symbol} on ${account}: ${goal.reason}, but ${why}. Until that changes, look after this position yourself.`,
    });
  }

  return {
    wouldDo(watch, { steps }) {
      const { told } = watch.doing;
      const timeline = steps
        .filter(({ wish }) => !told.has(wish))
        .map((step) => log.line(watch, 'would-do', step.wish, `Would ${textOf(step)}.`));
      for (const { wish } of steps) told.add(wish);
      for (const oldest of told) {
        if (told.size <= TOLD_KEPT) break;
        told.delete(oldest);
      }
      if (timeline.length > 0) log.save('timeline', { timeline });
    },
    kept(watch, { blocked, waiting }) {
      const known = new Set<Blocked | Waiting>(blocked);
      // That a position is gone has to be proven: nothing is wrong while that takes its time.
      const unknown = waiting.filter(({ goal }) => goal.want.kind !== 'no-orders');
      const all = [...blocked, ...unknown];
      const named = new Map(all.map((one) => [`kept/${nameOf(one.goal)}`, one]));
      endOthers(watch, 'kept/', new Set(named.keys()));
      for (const [name, one] of named) {
        const lasts = known.has(one) ? LASTS_MS : UNKNOWN_LASTS_MS;
        if (isDue(watch, name, lasts)) tellBlocked(watch, one);
      }
    },
    isPending: ({ doing }) => [...doing.stretches.values()].some(({ told }) => !told),
    noFacts(watch, { steps }, reason) {
      if (reason === null) return void watch.doing.stretches.delete('no facts');
      if (!isDue(watch, 'no facts')) return undefined;
      const [first] = steps;
      const what = first ? `It is to ${textOf(first)}, but that waits` : 'What it needs waits';
      const line = log.line(watch, 'unknown', `no facts/${clock.now()}`, `${what}: ${reason}`);
      log.save('timeline', { timeline: [line] });
      return undefined;
    },
    breakeven(watch, price) {
      const { account, symbol } = watch.monitor;
      const isMoved = watch.doing.movedTo !== null;
      watch.monitor = { ...watch.monitor, breakevenMoved: true, updatedAt: clock.now() };
      const text = isMoved
        ? `The stop is at ${price}: breakeven with fees.`
        : `The stop was already at or beyond the breakeven of ${price} and is left as it is.`;
      const timeline = [log.line(watch, 'confirmed', 'breakeven', text)];
      log.save('breakeven-moved', { monitors: [watch.monitor], timeline });
      if (!isMoved) return;
      onAlert({
        severity: 'info',
        rule: 'breakeven-moved',
        account,
        symbol,
        text: `${symbol} on ${account}: the stop is at ${price}, breakeven with fees. Confirmed by the exchange.`,
      });
    },
  };
}

const nameOf = ({ want, author, reason }: Goal): string => [want.kind, author, reason].join('/');

/** "The price is ..." as part of another sentence. */
const clause = (sentence: string): string =>
  `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;

const sentenceOf = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
