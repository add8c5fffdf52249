import type { Cache, Look } from '../../cache/cache.ts';
import type { Place } from '../../cache/change.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Execution } from '../../domain/execution.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { Monitor } from '../../domain/monitor.ts';
import type { Decimal } from '../../domain/numbers.ts';
import type { Change } from '../../persistence/store.ts';
import type { Executor } from '../act/executor.ts';
import { adopt } from '../rules/adopt.ts';
import { sinceFlat } from '../rules/opened.ts';
import { filledAt, lineOf, reasonOf, seenLine } from '../tell/story.ts';
import type { Teller } from '../tell/teller.ts';
import { type Evaluated, evaluate } from '../watch/evaluate.ts';
import type { SecondLooks } from '../watch/second-looks.ts';
import { stands } from '../watch/stands.ts';
import { lookedAt, newWatch, reschedule, type Watch } from '../watch/watch.ts';
import type { WatchList } from '../watch/watch-list.ts';
import type { LoopSaves } from './loop-saves.ts';

/** Brings the monitor at a place up to what is known there; the account must be known. */
export interface Judge {
  /** A look at a monitor that is due by the clock alone. False when it has to be judged anew. */
  stands(watch: Watch): boolean;
  /** The monitors that changed. */
  at(place: Place): PositionKey[];
}

/** What one look at a place leads to: adopt it, detect, save what happened, act, tell. */
export function createJudge(options: {
  cache: Cache;
  clock: Clock;
  watches: WatchList;
  saves: LoopSaves;
  secondLooks: SecondLooks;
  executor: Executor;
  teller: Teller;
  /** The account was looked at whole since the start, so that what is new was not there before. */
  isFollowed: (account: AccountId) => boolean;
  /** A monitor was adopted or has ended. */
  counted: (account: AccountId, how: 'adopted' | 'ended') => void;
}): Judge {
  const { cache, clock, watches, saves, secondLooks, executor, teller, counted } = options;

  const markOf = ({ symbol }: Place, { position }: Look): Decimal | null =>
    cache.ticker(symbol)?.ticker.markPrice ?? position?.markPrice ?? null;

  function standsAtALook(watch: Watch): boolean {
    const look = cache.look(watch.monitor);
    const now = clock.now();
    const mark = markOf(watch.monitor, look);
    if (!stands(watch, look, { now, ticks: clock.ticks(), mark })) return false;
    lookedAt(watch, now);
    // What is wrong is told for as long as it stands.
    if (look.known) teller.troubles(watch, now);
    return true;
  }

  function at(place: Place): PositionKey[] {
    const watch = watches.get(positionKey(place));
    if (!watch) return adoptAt(place);
    const now = clock.now();
    const look = cache.look(place);
    const before = watch.monitor;
    const result = evaluate(watch, look, now, (id) => cache.endedOrder(place.account, id));
    watch.mark = markOf(place, look);
    const urgency = watch.urgency;
    reschedule(watch, now);
    if (!result.over) saves.seen(watch, now);
    const changed = result.changed || urgency !== watch.urgency ? [watch.key] : [];
    record(watch, before, result);
    for (const orderId of result.unseen) secondLooks.askAbout(watch, orderId);
    if (result.lookAgain) secondLooks.lookAgain(place.account);
    if (result.over) {
      adoptAt(place);
      return changed;
    }
    const { rules } = watch.monitor;
    executor.consider(watch);
    if (watch.monitor.rules !== rules) saves.note('checked', { monitors: [watch.monitor] });
    if (look.known) teller.troubles(watch, now);
    return changed;
  }

  function record(watch: Watch, before: Monitor, result: Evaluated): void {
    const { monitor } = watch;
    if (result.over) {
      watches.drop(watch);
      executor.end(watch);
      counted(monitor.account, 'ended');
    }
    if (!result.changed && result.taken.length === 0 && !result.over) return;
    const timeline = result.findings.map((finding) =>
      lineOf(finding, monitor, filledAt(finding, result.taken) ?? clock.now()),
    );
    const found = reasonOf(result.findings, before, monitor);
    // An execution is on the disk at once even where it tells the monitor nothing new.
    const reason = found === 'checked' && result.taken.length > 0 ? 'fill' : found;
    const change: Change = {
      ...(result.over ? { removedMonitors: [watch.key] } : { monitors: [monitor] }),
      executions: result.taken,
      timeline,
    };
    const leadsOn = reason === 'take-profit-hit' || reason === 'fill';
    if (!result.over && leadsOn && executor.actsAtOnce(watch)) {
      // What follows is decided in this very turn: one commit holds the hit and the intents it led to.
      watch.unsaved = { reason, change };
      setImmediate(() => saves.held(watch));
    } else {
      saves.held(watch);
      saves.note(result.over && reason === 'checked' ? 'monitor-removed' : reason, change);
    }
    teller.happened(result.findings, monitor);
  }

  /**
   * What opened the position that was found at a place, as far as it was told; `null` for one that may have
   * been there before the desk looked (H8).
   */
  function openedBy(place: Place, { position }: Look): readonly Execution[] | null {
    if (!position?.side) return null;
    const { side, size } = position;
    const told = sinceFlat({ side, size }, watches.latestExecutions(place));
    return told ?? (options.isFollowed(place.account) ? [] : null);
  }

  function adoptAt(place: Place): PositionKey[] {
    const look = cache.look(place);
    if (!look.known) return [];
    const now = clock.now();
    const opened = openedBy(place, look);
    const monitor = adopt({
      account: place.account,
      symbol: place.symbol,
      positionIdx: place.positionIdx,
      position: look.position,
      orders: look.orders,
      opened,
      now,
    });
    if (!monitor) {
      teller.leftAt(place);
      return [];
    }
    const watch = newWatch(monitor, look, now);
    watches.keep(watch);
    const { size, entryPrice } = monitor;
    const finding = opened && ({ kind: 'opened', size, entryPrice, executions: opened } as const);
    saves.adopted(watch, finding ? lineOf(finding, monitor, now) : seenLine(monitor));
    if (finding) teller.happened([finding], monitor);
    counted(place.account, 'adopted');
    // Its first evaluation works out protection and urgency.
    at(place);
    return [watch.key];
  }

  return { at, stands: standsAtALook };
}
