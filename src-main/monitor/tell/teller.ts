import type { Alert } from '../../alerts/alerts.ts';
import type { Cache } from '../../cache/cache.ts';
import type { Place } from '../../cache/change.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Execution } from '../../domain/execution.ts';
import type { PositionKey } from '../../domain/keys.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { approximate } from '../../domain/numbers.ts';
import type { Finding } from '../rules/detect.ts';
import type { Watch } from '../watch/watch.ts';
import {
  blind,
  ladderDrift,
  newsOf,
  notUnderstood,
  oddExecution,
  spareStop,
  unprotected,
} from './alert-rules.ts';
import { createOrphans } from './orphans.ts';

/** What is wrong is told once it has been so this long: the frames of one event are past. ms. */
const TROUBLE_LASTS_MS = 1_000;
/** What happened is told after what it leads to is on its way: telling it takes a commit. ms. */
const NEWS_AFTER_MS = 50;
/** An account of which nothing is known is told after this long, ms. */
const BLIND_MS = 30_000;

/** Says what happened and what is wrong. Repetitions are dropped by whoever hears it. */
export interface Teller {
  happened(findings: readonly Finding[], monitor: Monitor): void;
  /** What is wrong with a position now. */
  troubles(watch: Watch, now: number): void;
  /** Accounts that can be judged neither by the stream nor by reads. */
  blindness(): void;
  /** Symbols that are not understood: each told once, and anew once it was understood meanwhile. */
  setAsides(): void;
  /** An execution of a kind nobody here knows, which is no trade and is in no result. */
  oddExecution(execution: Execution): void;
  /** A place where nothing is watched, and orders may be left. */
  leftAt(place: Place): void;
  /** Says what still waits to be said. */
  flush(): void;
}

export function createTeller(options: {
  cache: Cache;
  clock: Clock;
  isWatched: (key: PositionKey) => boolean;
  onAlert: (alert: Alert) => void;
}): Teller {
  const { cache, clock, onAlert } = options;
  const news: Alert[] = [];
  /** Since when it has been so: the time, and the ticks by which its age is measured. */
  const blindSince = new Map<AccountId, { at: number; ticks: number }>();
  /** The subjects told as not understood, until they are. */
  const toldAside = new Set<string>();
  /** Positions that lack cover: since when, in ticks, and what was said of this stretch. */
  const lacking = new WeakMap<Watch, { since: number; told: 'nothing' | 'part' | 'none' }>();

  /** What was wrong with a watch at its last judgement, by rule: what is mended is told anew when it returns. */
  const standing = new WeakMap<Watch, Set<string>>();

  function tellWhileItStands(watch: Watch, rule: string, alert: Alert | null): void {
    const rules = standing.get(watch) ?? new Set();
    standing.set(watch, rules);
    if (alert) onAlert({ ...alert, anew: !rules.has(rule) });
    if (alert) rules.add(rule);
    else rules.delete(rule);
  }

  function flush(): void {
    for (const alert of news.splice(0)) onAlert(alert);
  }

  /** Says every stretch without cover that lasts, and when what covered a part is gone too (P21). */
  function tellUnprotected(watch: Watch): void {
    if (watch.unprotectedSince === null) {
      lacking.delete(watch);
      return;
    }
    const stretch = lacking.get(watch) ?? { since: clock.ticks(), told: 'nothing' };
    lacking.set(watch, stretch);
    if (clock.ticks() - stretch.since < TROUBLE_LASTS_MS) return;
    const is = approximate(watch.covered) === 0 ? 'none' : 'part';
    const anew = stretch.told === 'nothing' || (stretch.told === 'part' && is === 'none');
    onAlert({ ...unprotected(watch.monitor, watch.covered), anew });
    if (anew) stretch.told = is;
  }

  return {
    happened(findings, monitor) {
      const before = news.length;
      for (const finding of findings) {
        const alert = newsOf(finding, monitor);
        if (alert) news.push(alert);
      }
      if (news.length > before) clock.after(NEWS_AFTER_MS, flush);
    },
    troubles(watch, now) {
      const { monitor, spareStops } = watch;
      tellUnprotected(watch);
      if (spareStops === 0) tellWhileItStands(watch, 'several-stops', null);
      const age = now - monitor.updatedAt;
      if (age >= 0 && age < TROUBLE_LASTS_MS) return;
      if (spareStops > 0) tellWhileItStands(watch, 'several-stops', spareStop(monitor, spareStops));
      if (watch.ladderJudged === monitor) return;
      const step = cache.instrument(monitor.symbol)?.quantityStep;
      if (step === undefined) return;
      watch.ladderJudged = monitor;
      tellWhileItStands(watch, 'take-profit-drift', ladderDrift(monitor, step));
    },
    blindness() {
      const [at, ticks] = [clock.now(), clock.ticks()];
      for (const account of cache.accounts) {
        if (cache.isKnown(account)) {
          blindSince.delete(account);
          continue;
        }
        const since = blindSince.get(account) ?? { at, ticks };
        blindSince.set(account, since);
        if (ticks - since.ticks >= BLIND_MS)
          onAlert(blind(account, since.at, cache.held(account, 'positions').reason));
      }
    },
    setAsides() {
      const now = new Set<string>();
      for (const account of cache.accounts) {
        for (const aside of cache.allSetAside(account)) {
          const subject = JSON.stringify([account, aside.symbol]);
          now.add(subject);
          if (toldAside.has(subject)) continue;
          toldAside.add(subject);
          onAlert(notUnderstood(account, aside));
        }
      }
      for (const subject of toldAside) if (!now.has(subject)) toldAside.delete(subject);
    },
    leftAt: createOrphans(options),
    oddExecution: (execution) => onAlert(oddExecution(execution)),
    flush,
  };
}
