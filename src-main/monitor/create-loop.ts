import type { Alert } from '../alerts/alerts.ts';
import type { CacheChange, Place } from '../cache/change.ts';
import type { AccountId } from '../domain/account.ts';
import type { Execution } from '../domain/execution.ts';
import { sentenceOf } from '../domain/failure.ts';
import { type PositionKey, positionKey } from '../domain/keys.ts';
import type { Monitor, Urgency } from '../domain/monitor.ts';
import { rowsOf } from '../domain/read.ts';
import type { SightingRecord, TimelineRecord } from '../persistence/records.ts';
import type { Change, SaveReason } from '../persistence/store.ts';
import { adopt } from './adopt.ts';
import { createActor } from './create-actor.ts';
import { type Evaluated, evaluate } from './evaluate.ts';
import type { Cycle, Loop, LoopOptions } from './loop.ts';
import { blind, ladderDrift, newsOf, severalStops, unprotected } from './news.ts';
import { inSlices } from './slices.ts';
import { lineOf, reasonOf, seenLine } from './story.ts';
import { summary } from './summary.ts';
import { enqueue, isAbout, newWatch, reschedule, type Watch } from './watch.ts';

const CYCLE_MS = 1_000;
const CYCLES_KEPT = 1_000;
/** What is wrong is told once it has been so this long: the frames of one event are past. ms. */
const TROUBLE_LASTS_MS = 1_000;
/** What happened is told after what it leads to is on its way: telling it takes a commit. ms. */
const NEWS_AFTER_MS = 50;
/** An account of which nothing is known is told after this long, ms. */
const BLIND_MS = 30_000;
/** An order of unknown end is asked about at most this often, ms. */
const ASK_AGAIN_MS = 30_000;
const SUM_UP_MS = 60_000;
const LOOK_AGAIN_MS = 2_000;
/** Writes under way get this long to end when the loop stops. */
const STOP_WITHIN_MS = 2_500;

/** Builds the loop; nothing happens before `start`. */
export function createLoop(options: LoopOptions): Loop {
  const { cache, clock, log } = options;
  const watches = new Map<PositionKey, Watch>();
  const bySymbol = new Map<string, Set<Watch>>();
  const dirty = new Map<PositionKey, Place>();
  const cycles: Cycle[] = [];
  const blindSince = new Map<AccountId, number>();
  const lookedAgainAt = new Map<AccountId, number>();
  let draining: Promise<void> | null = null;
  let underWay: Promise<Cycle> | null = null;
  let cancelNext: (() => void) | null = null;
  let unsubscribe: (() => void) | null = null;
  let pausedBecause: string | null = null;
  let counted = { requests: cache.requests(), answers: cache.answers() };
  let sentBefore = 0;
  let summedUpAt = clock.now();
  /** What happened and is still to be told. */
  const news: Alert[] = [];
  /** What was seen in the slice under way. */
  const sightings: SightingRecord[] = [];
  /** Adopted in the slice under way and still to be saved. */
  const adopted: { watch: Watch; line: TimelineRecord }[] = [];

  const actor = createActor({
    cache,
    gateways: options.gateways,
    clock,
    log,
    save(reason, change) {
      saveAdopted();
      return options.save(reason, change);
    },
    modeOf: options.modeOf,
    mayAct: () => unsubscribe !== null && pausedBecause === null,
    onAlert: options.onAlert,
    onChange(watch) {
      if (watches.get(watch.key) !== watch) return;
      dirty.set(watch.key, watch.monitor);
      options.onChange([watch.key]);
      drain();
    },
  });

  const groupOf = (at: { account: AccountId; symbol: string }): string =>
    JSON.stringify([at.account, at.symbol]);

  function keep(monitor: Monitor): Watch {
    const watch = newWatch(monitor, cache.look(monitor), clock.now());
    watches.set(watch.key, watch);
    const group = bySymbol.get(groupOf(monitor));
    if (group) group.add(watch);
    else bySymbol.set(groupOf(monitor), new Set([watch]));
    return watch;
  }

  function drop(watch: Watch): void {
    watches.delete(watch.key);
    bySymbol.get(groupOf(watch.monitor))?.delete(watch);
  }

  function save(reason: SaveReason, change: Change): void {
    saveAdopted();
    try {
      options.save(reason, change);
    } catch (thrown) {
      log.error('A change of the monitors could not be saved.', { why: sentenceOf(thrown) });
    }
  }

  function onCacheChange(change: CacheChange): void {
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
        // What could not be judged may be known now, and the other way round.
        for (const watch of watches.values()) {
          if (change.account === watch.monitor.account) dirty.set(watch.key, watch.monitor);
        }
        break;
      default:
        return;
    }
    drain();
  }

  /** Gives each execution to the monitor it is about; the others are kept for what comes later. */
  function takeExecutions(executions: readonly Execution[]): void {
    const others = executions.filter((execution) => {
      const about = [...(bySymbol.get(groupOf(execution)) ?? [])].filter(
        (watch) => execution.type !== 'Funding' && isAbout(execution, watch.monitor),
      );
      for (const watch of about) {
        enqueue(watch, execution);
        dirty.set(watch.key, watch.monitor);
      }
      return about.length === 0;
    });
    if (others.length > 0) save('fill', { executions: others });
  }

  /** A price that went far enough to matter makes its monitors due. */
  function wakeBy(symbol: string): void {
    const price = cache.ticker(symbol)?.ticker.markPrice ?? null;
    if (price === null) return;
    const at = Number(price);
    for (const account of cache.accounts) {
      for (const watch of bySymbol.get(groupOf({ account, symbol })) ?? []) {
        if (at < watch.wake.below || at > watch.wake.above) dirty.set(watch.key, watch.monitor);
      }
    }
  }

  /** Evaluates what is dirty: the first slice at once, the rest in turns with everything else. */
  function drain(): void {
    if (draining || dirty.size === 0 || pausedBecause !== null || !unsubscribe) return;
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
    const judge = (place: Place): void => {
      try {
        evaluateAt(place, changed);
      } catch (thrown) {
        // One position that cannot be judged must not keep the others from being watched.
        log.error('A position could not be judged.', { ...place, why: sentenceOf(thrown) });
      }
    };
    await inSlices(places, clock.ticks, judge, saveSlice);
    if (changed.size > 0) options.onChange([...changed]);
  }

  function evaluateAt(place: Place, changed: Set<PositionKey>): void {
    const key = positionKey(place);
    const now = clock.now();
    const watch = watches.get(key);
    if (!cache.isKnown(place.account)) {
      dirty.set(key, place);
      if (watch) watch.known = false;
      return;
    }
    const look = cache.look(place);
    if (!watch) {
      if (adoptAt(place)) changed.add(key);
      return;
    }
    const before = watch.monitor;
    const result = evaluate(watch, look, now, (id) => cache.endedOrder(place.account, id));
    watch.mark = cache.ticker(place.symbol)?.ticker.markPrice ?? look.position?.markPrice ?? null;
    const urgency = watch.urgency;
    reschedule(watch, now);
    if (!result.over) {
      const distance = watch.nearest?.distance ?? null;
      sightings.push({ position: key, markPrice: watch.mark, distance, checkedAt: now });
    }
    if (result.changed || urgency !== watch.urgency) changed.add(key);
    const hit = result.findings.some((finding) => finding.kind === 'take-profit-filled');
    if (hit && watch.afterTp1 === 'not-yet') watch.afterTp1 = 'wanted';
    record(watch, before, result);
    for (const orderId of result.unseen) askAbout(watch, orderId);
    if (result.lookAgain) lookAgain(place.account);
    if (result.over) adoptAt(place);
    else actor.consider(watch);
    if (!result.over) tellTroubles(watch, now);
  }

  function record(watch: Watch, before: Monitor, result: Evaluated): void {
    const { monitor } = watch;
    if (result.over) drop(watch);
    if (!result.changed && result.taken.length === 0 && !result.over) return;
    const timeline = result.findings.map((finding) => lineOf(finding, monitor, clock.now()));
    const reason = reasonOf(result.findings, before, monitor);
    const change: Change = {
      ...(result.over ? { removedMonitors: [watch.key] } : { monitors: [monitor] }),
      executions: result.taken,
      timeline,
    };
    if (!result.over && reason === 'take-profit-hit' && actor.actsAtOnce(watch)) {
      // What follows is decided in this very turn: one commit holds the hit and the intents it led to.
      watch.unsaved = { reason, change };
      setImmediate(() => saveHeld(watch));
    } else {
      saveHeld(watch);
      save(result.over && reason === 'checked' ? 'monitor-removed' : reason, change);
    }
    for (const finding of result.findings) {
      const alert = newsOf(finding, monitor);
      if (alert) news.push(alert);
    }
    if (news.length > 0) clock.after(NEWS_AFTER_MS, tellNews);
  }

  function tellNews(): void {
    for (const alert of news.splice(0)) options.onAlert(alert);
  }

  function saveHeld(watch: Watch): void {
    const held = watch.unsaved;
    watch.unsaved = null;
    if (held) save(held.reason, held.change);
  }

  function adoptAt(place: Place): boolean {
    const look = cache.look(place);
    const monitor = adopt({
      account: place.account,
      symbol: place.symbol,
      positionIdx: place.positionIdx,
      position: look.position,
      orders: look.orders,
      now: clock.now(),
    });
    if (!monitor) return false;
    const watch = keep(monitor);
    adopted.push({ watch, line: seenLine(monitor) });
    // Its first evaluation works out protection and urgency.
    evaluateAt(place, new Set([watch.key]));
    return true;
  }

  /** Saves the monitors adopted since the last slice in one go, before anything is said of them. */
  function saveAdopted(): void {
    const created = adopted.splice(0);
    if (created.length === 0) return;
    save('monitor-created', {
      monitors: created.flatMap(({ watch }) =>
        watches.get(watch.key) === watch ? [watch.monitor] : [],
      ),
      timeline: created.map(({ line }) => line),
    });
  }

  function saveSlice(): void {
    saveAdopted();
    if (sightings.length > 0) save('checked', { sightings: sightings.splice(0) });
  }

  /** What is wrong with a position now; told once it has been so for longer than frames are apart. */
  function tellTroubles(watch: Watch, now: number): void {
    const { monitor, covered, stops } = watch;
    const lasts = (since: number | null): boolean =>
      since !== null && now - since >= TROUBLE_LASTS_MS;
    if (lasts(watch.unprotectedSince)) options.onAlert(unprotected(monitor, covered));
    if (now - monitor.updatedAt < TROUBLE_LASTS_MS) return;
    if (stops > 1) options.onAlert(severalStops(monitor, stops));
    if (watch.ladderJudged === monitor) return;
    const step = cache.instrument(monitor.symbol)?.quantityStep;
    if (step === undefined) return;
    watch.ladderJudged = monitor;
    const drift = ladderDrift(monitor, step);
    if (drift) options.onAlert(drift);
  }

  /** Says so when an account can be judged neither by the stream nor by reads. */
  function tellBlindness(now: number): void {
    for (const account of cache.accounts) {
      if (cache.isKnown(account)) {
        blindSince.delete(account);
        continue;
      }
      const since = blindSince.get(account) ?? now;
      blindSince.set(account, since);
      if (now - since >= BLIND_MS)
        options.onAlert(blind(account, since, cache.held(account, 'positions').reason));
    }
  }

  /** An own order that vanished from the book: the venue is asked how it ended (P58). */
  function askAbout(watch: Watch, orderId: string): void {
    const { account, symbol } = watch.monitor;
    const gateway = options.gateways.get(account);
    if (!gateway || watch.asking.has(orderId)) return;
    watch.asking.add(orderId);
    void (async () => {
      const read = await gateway.order({ symbol, orderId });
      if (read.state === 'ok')
        cache.take(account, { kind: 'orders', rows: [...rowsOf(read)], asOf: clock.now() });
      clock.after(ASK_AGAIN_MS, () => watch.asking.delete(orderId));
    })();
  }

  function lookAgain(account: AccountId): void {
    const last = lookedAgainAt.get(account);
    if (last !== undefined && clock.now() - last < LOOK_AGAIN_MS) return;
    lookedAgainAt.set(account, clock.now());
    void (async () => {
      await cache.lookAgain(account);
      for (const watch of watches.values()) {
        if (watch.absence && watch.monitor.account === account) dirty.set(watch.key, watch.monitor);
      }
      drain();
    })();
  }

  async function runCycle(): Promise<Cycle> {
    const startedAt = clock.now();
    const from = clock.ticks();
    await cache.refreshDue();
    tellBlindness(startedAt);
    for (const watch of watches.values()) {
      if (watch.dueAt <= startedAt) dirty.set(watch.key, watch.monitor);
    }
    drain();
    await drained();
    const urgency: Record<Urgency, number> = {
      critical: 0,
      urgent: 0,
      active: 0,
      stable: 0,
      dormant: 0,
    };
    for (const watch of watches.values()) urgency[watch.urgency] += 1;
    const totals = { requests: cache.requests(), answers: cache.answers() };
    const cycle: Cycle = {
      startedAt,
      durationMs: clock.ticks() - from,
      restCalls: totals.requests - counted.requests,
      cacheAnswers: totals.answers - counted.answers,
      monitors: watches.size,
      urgency,
      actions: actor.sent - sentBefore,
    };
    counted = totals;
    sentBefore = actor.sent;
    cycles.push(cycle);
    if (cycles.length > CYCLES_KEPT) cycles.shift();
    options.onCycle(cycle);
    if (startedAt - summedUpAt >= SUM_UP_MS) sumUp(startedAt);
    return cycle;
  }

  /** A line in the log about the cycles since the last one. */
  function sumUp(now: number): void {
    const recent = cycles.filter((cycle) => cycle.startedAt > summedUpAt);
    summedUpAt = now;
    log.info(...summary(recent, cache.statistics()));
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
          if (pausedBecause === null) await cycle();
        } catch (thrown) {
          log.error('A cycle failed.', { why: sentenceOf(thrown) });
        }
        if (cancelNext) schedule(Math.max(0, CYCLE_MS - (clock.ticks() - from)));
      })();
    });
  }

  function takeAll(monitors: readonly Monitor[]): void {
    watches.clear();
    bySymbol.clear();
    dirty.clear();
    for (const monitor of monitors) {
      const watch = keep(monitor);
      dirty.set(watch.key, monitor);
    }
    for (const place of cache.places()) dirty.set(positionKey(place), place);
  }

  takeAll(options.monitors);

  return {
    start() {
      if (unsubscribe) return;
      unsubscribe = cache.subscribe(onCacheChange);
      for (const place of cache.places()) dirty.set(positionKey(place), place);
      actor.resume(options.intents);
      drain();
      schedule(CYCLE_MS);
    },
    async stop() {
      unsubscribe?.();
      unsubscribe = null;
      cancelNext?.();
      cancelNext = null;
      await underWay;
      await drained();
      tellNews();
      // What has not ended by then is saved as sent and is asked about at the next start.
      await Promise.race([
        actor.idle(),
        new Promise<void>((resolve) => {
          clock.after(STOP_WITHIN_MS, resolve);
        }),
      ]);
    },
    pause(why) {
      pausedBecause = why;
    },
    resume() {
      pausedBecause = null;
      drain();
    },
    paused: () => pausedBecause,
    watches: () => [...watches.values()],
    watch: (key) => watches.get(key) ?? null,
    monitors: () => [...watches.values()].map((watch) => watch.monitor),
    cycles: () => cycles.toReversed(),
    cycle,
    replace(monitors) {
      takeAll(monitors);
      drain();
    },
  };
}
