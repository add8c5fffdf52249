import type { Monitor, Urgency } from '../../domain/monitor.ts';
import { approximate, type Decimal } from '../../domain/numbers.ts';

/** How often a monitor of each urgency is evaluated, ms. No monitor goes unseen for more than 60 s. */
export const everyMs: Readonly<Record<Urgency, number>> = {
  critical: 1_000,
  urgent: 3_000,
  active: 10_000,
  stable: 30_000,
  dormant: 60_000,
};

/** Distances to the nearest take-profit or stop, as a fraction of the mark price. */
const CRITICAL = 0.01;
const URGENT = 0.03;
const DORMANT = 0.1;
/** A level is left only this much beyond the distance at which it is entered. */
const HYSTERESIS = 1.2;
const PHASE_FRESH_MS = 60_000;
const STABLE_MS = 10 * 60_000;
const DORMANT_MS = 30 * 60_000;

export interface UrgencyInput {
  /** Fraction of the mark price; `null` when there is no level or no price. */
  distance: number | null;
  /** Open size that no stop covers. */
  unprotected: boolean;
  /** Something was sent, or is to be sent, and is not confirmed yet. */
  actionPending: boolean;
  /** Entries partly filled with a rest open, or a ladder whose first rung is taken. */
  running: boolean;
  /** ms; infinite when the phase is as it was found. */
  sincePhaseChange: number;
  /** ms since anything changed. */
  sinceChange: number;
  before: Urgency | null;
}

/** How soon a monitor is to be looked at again. */
export function urgencyOf(input: UrgencyInput): Urgency {
  const { distance } = input;
  const bounds = boundsAfter(input.before);
  const within = (bound: number): boolean => distance !== null && distance <= bound;
  if (
    input.unprotected ||
    input.actionPending ||
    input.sincePhaseChange < PHASE_FRESH_MS ||
    within(bounds.critical)
  )
    return 'critical';
  if (within(bounds.urgent)) return 'urgent';
  if (input.running || input.sinceChange < STABLE_MS) return 'active';
  const far = distance !== null && distance > bounds.near;
  return far && input.sinceChange >= DORMANT_MS ? 'dormant' : 'stable';
}

/** The distances at which the urgency of what was of that urgency `before` changes. */
const boundsAfter = (before: Urgency | null) => ({
  critical: before === 'critical' ? CRITICAL * HYSTERESIS : CRITICAL,
  urgent: before === 'critical' || before === 'urgent' ? URGENT * HYSTERESIS : URGENT,
  near: before === 'dormant' ? DORMANT : DORMANT * HYSTERESIS,
});

/** Mark prices between which no distance to a level passes a bound. */
export interface Band {
  below: number;
  above: number;
}

/** While no price is known, any that comes is news. */
const NO_BAND: Band = { below: Number.POSITIVE_INFINITY, above: Number.NEGATIVE_INFINITY };

/** Where the mark price may go without a change of the urgency there is now. */
export function bandAround(mark: Decimal | null, monitor: Monitor, urgency: Urgency): Band {
  if (mark === null) return NO_BAND;
  const now = approximate(mark);
  const band = { below: 0, above: Number.POSITIVE_INFINITY };
  const bounds = Object.values(boundsAfter(urgency));
  for (const { at, exits } of levelsOf(monitor)) {
    if (!exits) continue;
    for (const bound of bounds) {
      for (const edge of [at / (1 + bound), at / (1 - bound)]) {
        if (edge <= now) band.below = Math.max(band.below, edge);
        if (edge >= now) band.above = Math.min(band.above, edge);
      }
    }
  }
  return band;
}

/** When age alone changes the urgency next, ms; infinite when it does not any more. */
export function agesAt(monitor: Monitor, now: number): number {
  const fresh = now - sincePhaseChange(monitor, now) + PHASE_FRESH_MS;
  const ages = [fresh, monitor.updatedAt + STABLE_MS, monitor.updatedAt + DORMANT_MS];
  return Math.min(...ages.filter((at) => at > now));
}

/** The nearest of a monitor's levels. */
export interface Nearest {
  /** `TP1`, `stop` or `entry`. */
  what: string;
  price: Decimal;
  /** Fraction of the mark price. */
  distance: number;
}

/** A price of a monitor's plan at which something happens. */
interface Level {
  what: string;
  price: Decimal;
  /** The price as a number. */
  at: number;
  /** A take-profit or the stop; else an entry. */
  exits: boolean;
}

const levels = new WeakMap<Monitor, readonly Level[]>();

/** Open take-profits and stop, then open entries: worked out once for each monitor as it stands. */
export function levelsOf(monitor: Monitor): readonly Level[] {
  const known = levels.get(monitor);
  if (known) return known;
  const found: Level[] = [];
  const add = (what: string, price: Decimal, exits: boolean): void => {
    found.push({ what, price, at: approximate(price), exits });
  };
  for (const { state, level, price } of monitor.takeProfits) {
    if (state === 'open') add(`TP${level}`, price, true);
  }
  if (monitor.stop) add('stop', monitor.stop.price, true);
  for (const { open, price } of monitor.entries) {
    if (open && price !== null) add('entry', price, false);
  }
  levels.set(monitor, found);
  return found;
}

/** The nearest level of each sort to `mark`: take-profits and stop, and those with the entries. */
export function nearestLevels(
  monitor: Monitor,
  mark: Decimal,
): { exit: Nearest | null; any: Nearest | null } {
  const now = approximate(mark);
  if (!(now > 0)) return { exit: null, any: null };
  let exit: Level | null = null;
  let any: Level | null = null;
  for (const level of levelsOf(monitor)) {
    const gap = Math.abs(level.at - now);
    if (level.exits && (exit === null || gap < Math.abs(exit.at - now))) exit = level;
    if (any === null || gap < Math.abs(any.at - now)) any = level;
  }
  const toldOf = ({ what, price, at }: Level): Nearest => ({
    what,
    price,
    distance: Math.abs(at - now) / now,
  });
  const nearestExit = exit && toldOf(exit);
  return { exit: nearestExit, any: any === exit ? nearestExit : any && toldOf(any) };
}

/** ms since the phase last changed. That something was found, open or to be opened, is no change. */
export function sincePhaseChange(monitor: Monitor, now: number): number {
  const asFound =
    monitor.phase === 'adopted' ||
    (monitor.phase === 'building' && approximate(monitor.size) === 0);
  return asFound ? Number.POSITIVE_INFINITY : now - monitor.phaseChangedAt;
}

/** True while entries are being filled or the take-profit ladder is under way. */
export const isRunning = (monitor: Monitor): boolean =>
  monitor.phase === 'taking-profit' ||
  monitor.entries.some((entry) => entry.open && approximate(entry.filledQuantity) !== 0);
