import type { Look } from '../../cache/cache.ts';
import { closes } from '../../domain/close-reason.ts';
import type { Execution } from '../../domain/execution.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import { isStopOf, type Monitor, type Urgency } from '../../domain/monitor.ts';
import type { Decimal } from '../../domain/numbers.ts';
import type { Change, SaveReason } from '../../persistence/store.ts';
import type { Absence } from '../rules/absence.ts';
import {
  agesAt,
  type Band,
  bandAround,
  everyMs,
  isRunning,
  type Nearest,
  nearestLevels,
  sincePhaseChange,
  urgencyOf,
} from '../rules/urgency.ts';
import { type Doing, notDoing, type Planned, type Traded } from './planned.ts';

/** A monitor as the loop carries it: the saved record and what follows from it now. */
export interface Watch {
  readonly key: PositionKey;
  /** Its turn among those that are due equally often: a fraction of their time, 0 to 1. */
  readonly turn: number;
  /** Its position is over, or another monitor took its place: nothing of it is saved any more. */
  dropped: boolean;
  monitor: Monitor;
  urgency: Urgency;
  nearest: Nearest | null;
  mark: Decimal | null;
  /** Base quantity that some stop covers. */
  covered: Decimal;
  /** Stops that cover nothing the others do not. */
  spareStops: number;
  /** The monitor whose ladder was last compared with its size. */
  ladderJudged: Monitor | null;
  /** Since when some of the position is known to be without a stop, ms; `null` while none is. */
  unprotectedSince: number | null;
  /** False while the data is too old to conclude anything from. */
  known: boolean;
  /** When it was last looked at, ms. */
  checkedAt: number;
  /** When it is to be looked at again, ms; 0 until it has been judged once. */
  dueAt: number;
  /** When it is to be judged again, though nothing has changed, ms. */
  judgeBy: number;
  /** A mark price outside of this band may change the urgency. */
  band: Band;
  /** The version of the look that was judged last. */
  seenVersion: number;
  /** Executions still to be taken in, oldest first. */
  queue: Execution[];
  /** The latest closing executions. */
  closing: Execution[];
  absence: Absence | null;
  /** When the position's size was last told: ms, and the venue's sequence (-1 for none). */
  sizeAsOf: number;
  sizeSeq: number;
  /** Orders the venue is being asked about. */
  asking: Set<string>;
  /** How often the venue said that it knows no such order. */
  notFound: Map<string, number>;
  /** The newest execution that it was given. */
  traded: Traded | null;
  /** What is wanted of it and not so; `null` until that was worked out. */
  planned: Planned | null;
  /** Facts are being read for it, or writes are under way. */
  acting: boolean;
  readonly doing: Doing;
  /** Findings whose consequences are being decided in this turn; saved together with them. */
  unsaved: { reason: SaveReason; change: Change } | null;
}

const CLOSING_KEPT = 20;

export const newWatch = (monitor: Monitor, look: Look, now: number): Watch => ({
  key: positionKey(monitor),
  turn: turnOf(positionKey(monitor)),
  dropped: false,
  monitor,
  urgency: 'critical',
  nearest: null,
  mark: null,
  covered: '0',
  spareStops: 0,
  ladderJudged: null,
  unprotectedSince: null,
  known: look.known,
  checkedAt: now,
  dueAt: 0,
  judgeBy: 0,
  band: bandAround(null, monitor, 'critical'),
  seenVersion: -1,
  queue: [],
  closing: [],
  absence: null,
  sizeAsOf: 0,
  sizeSeq: -1,
  asking: new Set(),
  notFound: new Map(),
  traded: null,
  planned: null,
  acting: false,
  doing: notDoing(),
  unsaved: null,
});

/** Evenly spread over keys, the same for the same key. */
function turnOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) % 1_000;
  return hash / 1_000;
}

/** True when an execution is about this monitor's position: by order id, else by side. */
export function isAbout(execution: Execution, monitor: Monitor): boolean {
  const { orderId } = execution;
  if (monitor.takeProfits.some((rung) => rung.orderId === orderId)) return true;
  if (isStopOf(monitor, orderId)) return true;
  if (monitor.entries.some((entry) => entry.orderId === orderId)) return true;
  if (execution.closedSize === null || execution.side === null) return false;
  const side = (execution.side === 'Buy') === closes(execution) ? 'short' : 'long';
  return side === monitor.side;
}

/** Gives the watch executions to take in at its next evaluation. */
export function enqueue(
  watch: Watch,
  execution: Execution,
  heard: { at: number; ticks: number },
): void {
  watch.queue.push(execution);
  const { seq, executedAt, price, markPrice } = execution;
  const isNewest = executedAt >= (watch.traded?.executedAt ?? 0);
  if (isNewest) watch.traded = { seq, executedAt, price, markPrice, ...heard, asked: false };
  if (closes(execution)) {
    watch.closing.push(execution);
    if (watch.closing.length > CLOSING_KEPT) watch.closing.shift();
  }
}

/** Works out urgency, nearest level and when to look again, from the monitor and the mark price. */
export function reschedule(watch: Watch, now: number): void {
  const { monitor, mark } = watch;
  const levels = mark === null ? { exit: null, any: null } : nearestLevels(monitor, mark);
  watch.nearest = levels.any;
  const before = watch.dueAt === 0 ? null : watch.urgency;
  watch.urgency = urgencyOf({
    distance: levels.exit?.distance ?? null,
    unprotected: watch.unprotectedSince !== null,
    actionPending: watch.acting,
    running: isRunning(monitor),
    sincePhaseChange: sincePhaseChange(monitor, now),
    sinceChange: now - monitor.updatedAt,
    before,
  });
  watch.judgeBy = Math.min(nextTurn(watch, now, everyMs.dormant), agesAt(monitor, now));
  watch.band = bandAround(mark, monitor, watch.urgency);
  lookedAt(watch, now);
}

/** It was looked at: plans the next look. */
export function lookedAt(watch: Watch, now: number): void {
  watch.checkedAt = now;
  watch.dueAt = nextTurn(watch, now, everyMs[watch.urgency]);
  if (watch.doing.againAt !== Number.POSITIVE_INFINITY || watch.absence)
    watch.dueAt = Math.min(watch.dueAt, nextTurn(watch, now, everyMs.critical));
}

/**
 * Each has its own turn in the time of its level, whenever it was looked at last: many that were told of
 * at once do not fall together for good. At most `every` ms from now.
 */
function nextTurn({ turn }: Watch, now: number, every: number): number {
  const since = (now - every * turn) % every;
  return now + every - since;
}
