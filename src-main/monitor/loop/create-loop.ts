import type { CacheChange, Place } from '../../cache/change.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import { sentenceOf } from '../../domain/failure.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { createExecutor } from '../act/create-executor.ts';
import { createTeller } from '../tell/teller.ts';
import { createSecondLooks } from '../watch/second-looks.ts';
import { isBeyond } from '../watch/stands.ts';
import { newWatch } from '../watch/watch.ts';
import { WatchList } from '../watch/watch-list.ts';
import { CycleLog } from './cycle-log.ts';
import { createJudge } from './judge.ts';
import type { Cycle, Loop, LoopOptions } from './loop.ts';
import { LoopSaves } from './loop-saves.ts';
import { Reconciliation } from './reconciliation.ts';
import { inTimeSlices } from './time-slices.ts';

const CYCLE_MS = 1_000;
/** What is under way gets this long to end when the loop stops; what does not is taken up at the next start. */
const STOP_WITHIN_MS = 2_500;
const NOT_CONNECTED =
  'A monitor belongs to an account that is not connected; it is kept but not watched.';

/** Builds the loop; nothing happens before `start`. */
export function createLoop(options: LoopOptions): Loop {
  const { cache, clock, log } = options;
  const watches = new WatchList();
  /** What is to be judged. */
  const dirty = new Map<PositionKey, Place>();
  const saves = new LoopSaves(options.save, log);
  const reconciliation = new Reconciliation(options.begin);
  let pending = options.intents;
  let draining: Promise<void> | null = null;
  let underWay: Promise<Cycle> | null = null;
  let cancelNext: (() => void) | null = null;
  let unsubscribe: (() => void) | null = null;
  let pausedBecause: string | null = null;

  const executor = createExecutor({
    ...options,
    save: (reason, change) => saves.save(reason, change),
    mayAct: () => unsubscribe !== null && pausedBecause === null,
    onChange(watch) {
      if (watch.dropped) return;
      options.onChange([watch.key]);
      lookAgain(watch.key);
    },
    onDue: lookAgain,
  });

  const isWatched = (key: PositionKey): boolean => watches.get(key) !== undefined;
  const teller = createTeller({ cache, clock, isWatched, onAlert: options.onAlert });
  const cycles = new CycleLog({ cache, log, sent: () => executor.sent, now: clock.now() });
  const secondLooks = createSecondLooks({
    cache,
    clock,
    log,
    again(about) {
      for (const watch of watches.all()) if (about(watch)) dirty.set(watch.key, watch.monitor);
      drain();
    },
  });

  const judge = createJudge({
    cache,
    clock,
    watches,
    saves,
    secondLooks,
    executor,
    teller,
    isFollowed: (account) => reconciliation.isSettled(account),
    counted: (account, how) => reconciliation.found(account, how),
  });

  function onCacheChange(change: CacheChange): void {
    if (change.kind === 'set-aside') teller.setAsides();
    switch (change.kind) {
      case 'positions':
      case 'orders':
        for (const place of change.at) dirty.set(positionKey(place), place);
        break;
      case 'executions':
        takeExecutions(change.rows);
        break;
      case 'tickers':
        for (const symbol of change.symbols) wakeBy(symbol);
        break;
      case 'stream':
      case 'set-aside':
        // What could not be judged may be known now, and the other way round.
        if (change.account === null) break;
        for (const watch of watches.ofAccount(change.account)) dirty.set(watch.key, watch.monitor);
        break;
      default:
        return;
    }
    drain();
  }

  /** Gives each execution to the monitor it is about; the others are kept for what comes later. */
  function takeExecutions(executions: readonly Execution[]): void {
    for (const execution of executions)
      if (execution.type === 'other') teller.oddExecution(execution);
    const others = executions.filter((execution) => {
      const about = watches.give(execution, { at: clock.now(), ticks: clock.ticks() });
      for (const watch of about) dirty.set(watch.key, watch.monitor);
      return about.length === 0;
    });
    if (others.length > 0) saves.note('fill', { executions: others });
  }

  /** What a monitor needs may be something else now. */
  function lookAgain(key: PositionKey): void {
    const watch = watches.get(key);
    if (!watch) return;
    dirty.set(key, watch.monitor);
    drain();
  }

  /** A price that went far enough to matter makes its monitors due. */
  function wakeBy(symbol: string): void {
    const price = cache.ticker(symbol)?.ticker.markPrice ?? null;
    if (price === null) return;
    const at = Number(price);
    for (const account of cache.accounts) {
      for (const watch of watches.of({ account, symbol })) {
        if (isBeyond(watch, at)) dirty.set(watch.key, watch.monitor);
      }
    }
  }

  /** Evaluates what is dirty: the first slice at once, the rest in turns with everything else. */
  function drain(): void {
    if (draining || dirty.size === 0 || !unsubscribe) return;
    draining = drainAll().finally(() => {
      draining = null;
      if ([...dirty.values()].some((place) => cache.isKnown(place.account))) drain();
    });
  }

  /** Resolves when nothing is being evaluated any more. */
  async function drained(): Promise<void> {
    if (!draining) return;
    await draining;
    await drained();
  }

  async function drainAll(): Promise<void> {
    const changed = new Set<PositionKey>();
    const places = [...dirty.values()];
    dirty.clear();
    const judgeOne = (place: Place): void => {
      try {
        if (cache.isKnown(place.account)) {
          for (const key of judge.at(place)) changed.add(key);
        } else wait(place);
      } catch (thrown) {
        // One position that cannot be judged must not keep the others from being watched.
        log.error('A position could not be evaluated.', { ...place, why: sentenceOf(thrown) });
      }
    };
    await inTimeSlices(places, clock.machine, judgeOne, () => {
      saves.slice();
      reconciliation.saved();
    });
    reconciliation.settle(isSettled);
    if (changed.size > 0) options.onChange([...changed]);
  }

  /** What nothing is known of now is judged as soon as something is. */
  function wait(place: Place): void {
    const key = positionKey(place);
    dirty.set(key, place);
    const watch = watches.get(key);
    if (watch) watch.known = false;
  }

  /** Everything the venue says of the account is judged, and nothing that is missing is in doubt. */
  function isSettled(account: AccountId): boolean {
    return (
      cache.isKnown(account) &&
      ![...dirty.values()].some((place) => place.account === account) &&
      ![...watches.all()].some(({ monitor, absence }) => monitor.account === account && absence)
    );
  }

  async function runCycle(): Promise<Cycle> {
    const startedAt = clock.now();
    const from = clock.ticks();
    await cache.refreshDue();
    teller.blindness();
    teller.setAsides();
    for (const watch of watches.all()) {
      // Looked at in the future is a clock that was set back meanwhile.
      const due = watch.dueAt <= startedAt || watch.checkedAt > startedAt;
      if (due && !judge.stands(watch)) dirty.set(watch.key, watch.monitor);
    }
    drain();
    await drained();
    const cycle = cycles.record(startedAt, clock.ticks() - from, watches.all());
    if (unsubscribe) options.onCycle(cycle);
    return cycle;
  }

  function cycle(): Promise<Cycle> {
    underWay ??= runCycle().finally(() => {
      underWay = null;
    });
    return underWay;
  }

  /** The next cycle a second after the start of this one, or at once when this one took longer. */
  function schedule(ms: number): void {
    cancelNext = clock.after(ms, () => {
      void (async () => {
        const from = clock.ticks();
        try {
          await cycle();
        } catch (thrown) {
          log.error('A cycle failed.', { why: sentenceOf(thrown) });
        }
        if (cancelNext) schedule(Math.max(0, CYCLE_MS - (clock.ticks() - from)));
      })();
    });
  }

  function takeAll(monitors: readonly Monitor[]): void {
    for (const watch of watches.all()) watches.drop(watch);
    dirty.clear();
    for (const monitor of monitors) {
      const { account, symbol } = monitor;
      if (cache.accounts.includes(account)) {
        watches.keep(newWatch(monitor, cache.look(monitor), clock.now()));
        dirty.set(positionKey(monitor), monitor);
      } else log.warn(NOT_CONNECTED, { account, symbol });
    }
    for (const place of cache.places()) dirty.set(positionKey(place), place);
    reconciliation.startOver(cache.accounts);
  }

  takeAll(options.monitors);

  return {
    start() {
      if (unsubscribe) return;
      unsubscribe = cache.subscribe(onCacheChange);
      for (const place of cache.places()) dirty.set(positionKey(place), place);
      executor.resume(pending);
      pending = [];
      drain();
      schedule(CYCLE_MS);
    },
    async stop() {
      unsubscribe?.();
      unsubscribe = null;
      cancelNext?.();
      cancelNext = null;
      teller.flush();
      reconciliation.stop();
      const ended = Promise.allSettled([underWay, drained(), executor.idle()]);
      const late = new Promise<void>((resolve) => {
        clock.after(STOP_WITHIN_MS, resolve);
      });
      await Promise.race([ended, late]);
    },
    pause(why) {
      pausedBecause = why;
    },
    resume() {
      pausedBecause = null;
      for (const account of cache.accounts) this.modeChanged(account);
    },
    modeChanged(account) {
      for (const watch of watches.ofAccount(account)) executor.forget(watch);
      for (const { key } of watches.ofAccount(account)) lookAgain(key);
    },
    paused: () => pausedBecause,
    watches: () => [...watches.all()],
    watch: (key) => watches.get(key) ?? null,
    monitors: () => [...watches.all()].map((watch) => watch.monitor),
    cycles: () => cycles.newestFirst(),
    cycle,
    closeAll: (account, click) => executor.closeAll(account, click),
    async plan(leg) {
      const watch = watches.get(positionKey(leg));
      return watch ? executor.plan(watch) : { state: 'nothing' };
    },
    replace(monitors) {
      takeAll(monitors);
      drain();
    },
  };
}
