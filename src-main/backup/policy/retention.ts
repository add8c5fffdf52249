import type { BackupClass } from '../../../src-preload/contract/words.ts';
import { Failure } from '../../domain/failure.ts';
import { newestFirst } from './order.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How many of each span to keep; the newest backup of a span stands for it. Spans are UTC. */
export interface Calendar {
  /** Hours within which everything is kept. */
  everythingHours: number;
  hourly: number;
  daily: number;
  weekly: number;
  monthly: number;
}

export const defaultCalendar: Calendar = {
  everythingHours: 2,
  hourly: 24,
  daily: 14,
  weekly: 8,
  monthly: 6,
};

export interface Policy {
  /** Newest verified routine backups kept per source. */
  keepRoutine: number;
  /** And, where set, fewer of them as they get older. */
  calendar: Calendar | null;
  keepBeforeRestore: number;
  keepBeforeUpgrade: number;
  /** Bytes of the whole vault. */
  sizeLimit: number;
}

/** What retention looks at. */
export interface Dated {
  id: string;
  source: string;
  kind: 'database' | 'file';
  class: BackupClass;
  madeAt: number;
  /** What was made later has a higher one, whatever the clock said. */
  sequence: number;
  /** Bytes that only it uses, whatever the others are. */
  ownSize: number;
  /** Bytes that making it added. */
  newSize: number;
  /** What it may share with others, by name, each with its bytes. */
  objects: ReadonlyMap<string, number>;
  verified: boolean;
  pinned: boolean;
  /** Made by this installation, with a manifest that can be read. */
  own: boolean;
  /** Needed by a restore that can still be undone. */
  held: boolean;
  /** Its source was restored in the last 24 h: nothing of it goes meanwhile. */
  resting: boolean;
}

export interface Fate {
  id: string;
  keep: boolean;
  why: string;
}

/** Newest verified backups per source that the size limit never touches. */
const FLOOR = 3;

/** Throws BAD_INPUT for a policy that could empty the vault. */
export function checkPolicy(policy: Policy): void {
  const whole = (value: number, least: number): boolean =>
    Number.isInteger(value) && value >= least;
  const { calendar } = policy;
  const sensible = Object.values(calendar ?? {}).every((value) => whole(value, 0));
  if (
    !sensible ||
    !whole(policy.keepRoutine, 1) ||
    !whole(policy.keepBeforeRestore, 1) ||
    !whole(policy.keepBeforeUpgrade, 1)
  ) {
    throw new Failure('BAD_INPUT', 'Keep at least 1 backup; a policy that keeps none is refused.');
  }
  if (!(policy.sizeLimit > 0)) {
    throw new Failure('BAD_INPUT', 'The size limit for backups must be more than 0 MB.');
  }
}

/**
 * What the policy does with each backup at `now` (ms since 1970 UTC), with the reason that the screen
 * shows. Never goes: manual and pinned ones, future-dated ones, those of another installation, what
 * an undo needs, and the last verified one of its source.
 */
export function decideFates(entries: readonly Dated[], policy: Policy, now: number): Fate[] {
  checkPolicy(policy);
  const fates = new Map<string, Fate>();
  const settle = (entry: Dated, keep: boolean, why: string): void => {
    fates.set(entry.id, { id: entry.id, keep, why });
  };
  const untouchable = new Set<string>();
  const floor = new Set<string>();

  for (const group of Map.groupBy(entries, (entry) => entry.source).values()) {
    const ordered = group.toSorted(newestFirst);
    const good = ordered.filter((entry) => entry.own && entry.verified && entry.madeAt <= now);
    for (const entry of good.slice(0, FLOOR)) floor.add(entry.id);
    const rotating: Dated[] = [];
    for (const entry of ordered) {
      const reason = whyNeverDeleted(entry, good[0], now);
      if (reason) untouchable.add(entry.id);
      if (reason) settle(entry, true, reason);
      if (!reason || entry === good[0]) rotating.push(entry);
    }
    for (const [entry, keep, why] of rotate(rotating, policy, now)) {
      if (!untouchable.has(entry.id)) settle(entry, keep, why);
    }
  }
  applySizeLimit(entries, policy.sizeLimit, fates, (id) => untouchable.has(id) || floor.has(id));
  return entries.map((entry) => fates.get(entry.id) as Fate);
}

function whyNeverDeleted(
  entry: Dated,
  lastVerified: Dated | undefined,
  now: number,
): string | null {
  if (!entry.own) return 'Kept: another installation made it, so this one never deletes it.';
  if (entry.pinned) return 'Kept: pinned.';
  if (entry.held) return 'Kept: it can still undo a restore.';
  if (entry.resting) return 'Kept: nothing of this source goes for a day after a restore.';
  if (entry.class === 'manual') return 'Kept: made by hand, so never rotated.';
  if (entry.madeAt > now) return 'Kept: dated in the future, so its age is unknown.';
  if (entry === lastVerified) return 'Kept: the newest verified backup.';
  return null;
}

type Verdict = [entry: Dated, keep: boolean, why: string];

/** The classes that rotate, newest first; one that failed its check never takes a good one's place. */
function* rotate(newestFirst: Dated[], policy: Policy, now: number): Generator<Verdict> {
  const of = (name: BackupClass): Dated[] => newestFirst.filter((entry) => entry.class === name);
  const routine = of('routine');
  const counted = [...byCount(routine, policy.keepRoutine, 'automatic')];
  const { calendar } = policy;
  const reasons = calendar ? byCalendar(routine, calendar, now) : new Map<Dated, string>();
  for (const [entry, keep, why] of counted) {
    const reason = reasons.get(entry);
    if (keep || reason === undefined) yield [entry, keep, why];
    else yield [entry, true, reason];
  }
  for (const entry of of('latest')) yield [entry, false, 'Goes: a newer version followed.'];
  yield* byCount(of('before-restore'), policy.keepBeforeRestore, 'before-restore');
  yield* byCount(of('before-upgrade'), policy.keepBeforeUpgrade, 'before-upgrade');
}

function* byCount(newestFirst: Dated[], limit: number, name: string): Generator<Verdict> {
  let better = 0;
  for (const entry of newestFirst) {
    const keep = better < limit;
    const place = `newest ${limit} ${name} ones`;
    if (entry.verified) better++;
    if (!keep) yield [entry, false, `Goes: older than the ${place}.`];
    else if (entry.verified) yield [entry, true, `Kept: number ${better} of the ${place}.`];
    else yield [entry, true, 'Kept for inspection, although it failed its check; not counted.'];
  }
}

/** Those that the calendar keeps, each with its reason. */
function byCalendar(newestFirst: Dated[], calendar: Calendar, now: number): Map<Dated, string> {
  const reasons = new Map<Dated, string>();
  const spans: [name: string, limit: number, spanOf: (at: number) => number][] = [
    ['hour', calendar.hourly, (at) => Math.floor(at / HOUR)],
    ['day', calendar.daily, (at) => Math.floor(at / DAY)],
    ['week', calendar.weekly, (at) => Math.floor((at / DAY + 3) / 7)], // from Monday
    ['month', calendar.monthly, monthOf],
  ];
  const good = newestFirst.filter((entry) => entry.verified);
  for (const [name, limit, spanOf] of spans) {
    const seen = new Set<number>();
    for (const entry of good) {
      const span = spanOf(entry.madeAt);
      if (seen.has(span)) continue;
      if (seen.size >= limit) break;
      seen.add(span);
      if (!reasons.has(entry)) reasons.set(entry, `Kept: the newest of its ${name}.`);
    }
  }
  for (const entry of newestFirst) {
    if (now - entry.madeAt > calendar.everythingHours * HOUR) continue;
    reasons.set(entry, `Kept: made in the last ${calendar.everythingHours} h.`);
  }
  return reasons;
}

const monthOf = (at: number): number => {
  const day = new Date(at);
  return day.getUTCFullYear() * 12 + day.getUTCMonth();
};

/** Drops the oldest that may go until the vault fits; what may not go stays, even over the limit. */
function applySizeLimit(
  entries: readonly Dated[],
  limit: number,
  fates: Map<string, Fate>,
  mayNotGo: (id: string) => boolean,
): void {
  const kept = entries.filter((entry) => fates.get(entry.id)?.keep);
  const users = new Map<string, number>();
  let total = 0;
  for (const { ownSize, objects } of kept) {
    total += ownSize;
    for (const [name, size] of objects) {
      const others = users.get(name) ?? 0;
      users.set(name, others + 1);
      if (others === 0) total += size;
    }
  }
  for (const entry of kept.toSorted(newestFirst).toReversed()) {
    if (total <= limit) return;
    if (mayNotGo(entry.id)) continue;
    total -= entry.ownSize;
    for (const [name, size] of entry.objects) {
      const others = (users.get(name) ?? 0) - 1;
      users.set(name, others);
      if (others === 0) total -= size;
    }
    const why = `Goes: the backups exceed their limit of ${Math.round(limit / 1e6)} MB.`;
    fates.set(entry.id, { id: entry.id, keep: false, why });
  }
}

/**
 * When each backup there is now would go (ms since 1970 UTC), were one of each source made every `every`
 * ms for `span` ms, by the same rule that deletes them.
 */
export function forecast(
  entries: readonly Dated[],
  policy: Policy,
  now: number,
  { every, span }: { every: number; span: number },
): Map<string, number> {
  const goesAt = new Map<string, number>();
  const models = [...Map.groupBy(entries, (entry) => entry.source).values()].flatMap((group) =>
    group
      .filter(({ own, verified }) => own && verified)
      .toSorted(newestFirst)
      .slice(0, 1),
  );
  let vault = [...entries];
  let sequence = Math.max(0, ...entries.map((entry) => entry.sequence));
  for (let at = now + every; at <= now + span; at += every) {
    sequence++;
    for (const model of models) {
      const id = `forecast ${model.source} ${at}`;
      const ownSize = model.newSize;
      const made = { class: 'routine', madeAt: at, sequence, pinned: false, held: false } as const;
      vault.push({ ...model, ...made, id, ownSize });
    }
    const gone = new Set(
      decideFates(vault, policy, at)
        .filter((fate) => !fate.keep)
        .map((fate) => fate.id),
    );
    for (const id of gone) goesAt.set(id, at);
    vault = vault.filter((entry) => !gone.has(entry.id));
  }
  return new Map(entries.flatMap(({ id }) => (goesAt.has(id) ? [[id, goesAt.get(id)!]] : [])));
}
