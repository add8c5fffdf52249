import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backupClasses } from '../../../src-main/backup/files/manifest.ts';
import type { Dated, Policy } from '../../../src-main/backup/policy/retention.ts';
import {
  checkPolicy,
  decideFates,
  defaultCalendar,
  forecast,
} from '../../../src-main/backup/policy/retention.ts';
import type { BackupClass } from '../../../src-preload/contract/words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 12);

const policyWith = (changes: Partial<Policy> = {}): Policy => ({
  keepRoutine: 10,
  calendar: null,
  keepBeforeRestore: 10,
  keepBeforeUpgrade: 5,
  sizeLimit: 500e6,
  ...changes,
});

let nextId = 0;
const dated = (changes: Partial<Dated> = {}): Dated => ({
  id: `b${nextId++}`,
  source: 'database',
  kind: 'database',
  class: 'routine',
  madeAt: NOW - HOUR,
  sequence: 0,
  ownSize: 1e6,
  newSize: 1e6,
  objects: new Map(),
  verified: true,
  pinned: false,
  own: true,
  held: false,
  resting: false,
  ...changes,
});

/** Some of a few objects: what one backup needs, others may need too. */
const sharing = fc
  .subarray(['a', 'b', 'c', 'd', 'e', 'f'])
  .map((names) => new Map(names.map((name) => [name, name.charCodeAt(0) * 100_000])));

/** Bytes of these together: what several need lies there once. */
const sizeOf = (entries: readonly Dated[]): number =>
  entries.reduce((sum, { ownSize }) => sum + ownSize, 0) +
  [...new Map(entries.flatMap(({ objects }) => [...objects])).values()].reduce((a, b) => a + b, 0);

const anyEntry = fc.record({
  source: fc.constantFrom('database', 'signals-1a2b3c'),
  class: fc.constantFrom(...backupClasses),
  age: fc.integer({ min: -3 * DAY, max: 400 * DAY }),
  ownSize: fc.integer({ min: 1, max: 90e6 }),
  newSize: fc.constant(1e6),
  objects: sharing,
  verified: fc.boolean(),
  pinned: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  own: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  held: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
});

const anyHistory = fc.array(anyEntry, { maxLength: 60 }).map((entries) =>
  entries.map(
    ({ age, ...rest }, index): Dated => ({
      ...rest,
      id: `${rest.source}.${index}`,
      kind: rest.source === 'database' ? 'database' : 'file',
      madeAt: NOW - age,
      sequence: 0,
      resting: false,
    }),
  ),
);

const anyPolicy = fc.record({
  keepRoutine: fc.integer({ min: 1, max: 12 }),
  calendar: fc.constantFrom(null, defaultCalendar),
  keepBeforeRestore: fc.integer({ min: 1, max: 10 }),
  keepBeforeUpgrade: fc.integer({ min: 1, max: 5 }),
  sizeLimit: fc.integer({ min: 1, max: 600e6 }),
});

/** The rules, each on its own, over one decision. */
function holdsEveryRule(history: Dated[], policy: Policy, now = NOW): void {
  const fates = decideFates(history, policy, now);
  expect(fates.map((fate) => fate.id)).toEqual(history.map((entry) => entry.id));
  const keeps = new Map(fates.map((fate) => [fate.id, fate.keep]));
  const gone = history.filter((entry) => !keeps.get(entry.id));
  const kept = history.filter((entry) => keeps.get(entry.id));
  expect(fates.every((fate) => fate.why.startsWith(fate.keep ? 'Kept' : 'Goes'))).toBe(true);
  for (const entry of gone) {
    expect(entry).toMatchObject({ own: true, pinned: false, held: false });
    expect(entry.class).not.toBe('manual');
    expect(entry.madeAt).toBeLessThanOrEqual(now);
  }
  for (const [, group] of Map.groupBy(history, (entry) => entry.source)) {
    const good = group
      .filter((entry) => entry.own && entry.verified && entry.madeAt <= now)
      .toSorted((a, b) => b.madeAt - a.madeAt || (a.id < b.id ? 1 : -1));
    if (good[0]) expect(keeps.get(good[0].id)).toBe(true);
    const limits: [BackupClass, number][] = [
      ['before-restore', policy.keepBeforeRestore],
      ['before-upgrade', policy.keepBeforeUpgrade],
    ];
    if (!policy.calendar) limits.push(['routine', policy.keepRoutine]);
    limits.push(['latest', 0]);
    for (const [name, limit] of limits) {
      const rotated = kept.filter(
        (entry) =>
          group.includes(entry) &&
          entry.class === name &&
          entry.verified &&
          entry.own &&
          !entry.pinned &&
          !entry.held &&
          entry.madeAt <= now &&
          entry !== good[0],
      );
      expect(rotated.length).toBeLessThanOrEqual(limit);
    }
    // Only the size limit or a thinned file takes one of the newest that the class has room for.
    const inTime = good.filter((entry) => entry.class === 'routine').slice(0, policy.keepRoutine);
    const total = sizeOf(history);
    if (!policy.calendar && total <= policy.sizeLimit && group[0]?.kind === 'database') {
      for (const entry of inTime) expect(keeps.get(entry.id)).toBe(true);
    }
  }
  const size = sizeOf(kept);
  if (size > policy.sizeLimit) {
    // Over the limit only with what may never go, or the newest three verified of a source.
    for (const entry of kept) {
      const better = history.filter(
        (other) =>
          other.source === entry.source &&
          other.own &&
          other.verified &&
          other.madeAt <= now &&
          (other.madeAt > entry.madeAt || (other.madeAt === entry.madeAt && other.id > entry.id)),
      );
      const untouchable =
        !entry.own ||
        entry.pinned ||
        entry.held ||
        entry.class === 'manual' ||
        entry.madeAt > now ||
        (entry.verified && better.length < 3);
      expect(untouchable).toBe(true);
    }
  }
}

describe('retention', () => {
  it('holds every rule over 1,000 random histories', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (history, policy) => holdsEveryRule(history, policy)),
      { numRuns: 1_000, seed: 20_261_120 },
    );
  });

  it('deciding again after deleting changes nothing', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (history, policy) => {
        const first = decideFates(history, policy, NOW);
        const left = history.filter((_, index) => first[index]?.keep);
        expect(decideFates(left, policy, NOW).every((fate) => fate.keep)).toBe(true);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it.each([
    ['the newest ten', null],
    ['the calendar', defaultCalendar],
  ])('keeps its rules through a year of backups with %s', (_name, calendar) => {
    const policy = policyWith({ calendar, sizeLimit: 2e9 });
    let vault: Dated[] = [];
    const start = Date.UTC(2025, 0, 1);
    for (let at = start; at < start + 365 * DAY; at += 30 * MINUTE) {
      const round = (at - start) / (30 * MINUTE);
      vault.push(dated({ madeAt: at, verified: round % 50 !== 0, pinned: round % 4_000 === 1 }));
      if (round % 700 === 0) vault.push(dated({ madeAt: at, class: 'before-restore' }));
      const fates = decideFates(vault, policy, at);
      if (round % 480 === 0) holdsEveryRule(vault, policy, at);
      vault = vault.filter((_, index) => fates[index]?.keep);
    }
    const end = start + 365 * DAY;
    const routine = vault.filter((entry) => entry.class === 'routine' && !entry.pinned);
    const good = routine.filter((entry) => entry.verified);
    if (!calendar) {
      expect(good).toHaveLength(10);
    } else {
      const within = (span: number): number =>
        good.filter((entry) => end - entry.madeAt <= span).length;
      expect(within(DAY)).toBeGreaterThanOrEqual(24);
      expect(within(14 * DAY)).toBeGreaterThanOrEqual(24 + 12);
      expect(end - Math.min(...good.map((entry) => entry.madeAt))).toBeGreaterThan(140 * DAY);
      expect(good.length).toBeLessThanOrEqual(4 + 24 + 14 + 8 + 6);
    }
    expect(vault.filter((entry) => entry.pinned)).toHaveLength(5);
    expect(vault.filter((entry) => entry.class === 'before-restore')).toHaveLength(10);
  });

  it('P40 never rotates good ones out behind bad ones', () => {
    const good = Array.from({ length: 10 }, (_, n) => dated({ madeAt: NOW - (30 + n) * HOUR }));
    const bad = Array.from({ length: 271 }, (_, n) =>
      dated({ madeAt: NOW - n * MINUTE, verified: false, ownSize: 0 }),
    );
    const fates = decideFates([...bad, ...good], policyWith(), NOW);
    expect(fates.slice(-10).every((fate) => fate.keep)).toBe(true);
  });

  it('a clock set back leaves the future-dated ones alone and keeps counting', () => {
    const future = Array.from({ length: 12 }, (_, n) => dated({ madeAt: NOW + (1 + n) * DAY }));
    const now = Array.from({ length: 11 }, (_, n) => dated({ madeAt: NOW - n * HOUR }));
    const fates = decideFates([...future, ...now], policyWith(), NOW);
    expect(fates.slice(0, 12).every((fate) => fate.keep)).toBe(true);
    expect(fates.slice(12).map((fate) => fate.keep)).toEqual([...Array(10).fill(true), false]);
  });

  it('D2 the latest of a file goes when a newer version followed, and only then', () => {
    const file = (minute: number, name: BackupClass): Dated =>
      dated({ source: 'f', kind: 'file', class: name, madeAt: NOW - HOUR + minute * MINUTE });
    const fatesOf = (...versions: Dated[]): boolean[] =>
      decideFates(versions, policyWith(), NOW).map((fate) => fate.keep);
    expect(fatesOf(file(0, 'routine'), file(5, 'latest'))).toEqual([true, true]);
    expect(fatesOf(file(0, 'routine'), file(5, 'latest'), file(6, 'latest'))).toEqual([
      true,
      false,
      true,
    ]);
    expect(fatesOf(file(0, 'routine'), file(5, 'latest'), file(15, 'routine'))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('D3 keeps the newest ten and the calendar beside them', () => {
    const quarterly = Array.from({ length: 40 }, (_, n) =>
      dated({ madeAt: NOW - n * 15 * MINUTE }),
    );
    const old = Array.from({ length: 12 }, (_, n) => dated({ madeAt: NOW - (2 + n) * DAY }));
    const policy = policyWith({ calendar: defaultCalendar });
    const kept = decideFates([...quarterly, ...old], policy, NOW).map((fate) => fate.keep);
    expect(kept.slice(0, 10).every(Boolean)).toBe(true);
    expect(kept.slice(10, 40).filter(Boolean).length).toBeLessThan(12);
    expect(kept.slice(40).every(Boolean)).toBe(true);
  });

  it('D5 the order of making decides, not a clock that was wrong', () => {
    const first = dated({ sequence: 1, madeAt: NOW - MINUTE });
    const later = Array.from({ length: 10 }, (_, n) =>
      dated({ sequence: 2 + n, madeAt: NOW - DAY + n * MINUTE }),
    );
    const fates = decideFates([first, ...later], policyWith(), NOW);
    expect(fates.map((fate) => fate.keep)).toEqual([false, ...Array(10).fill(true)]);
  });

  it('D17 for a day after a restore nothing of its source goes', () => {
    const many = Array.from({ length: 15 }, (_, n) =>
      dated({ sequence: n, madeAt: NOW - (20 - n) * HOUR, resting: true }),
    );
    expect(decideFates(many, policyWith(), NOW).every((fate) => fate.keep)).toBe(true);
  });

  it('refuses a policy that keeps nothing', () => {
    for (const changes of [
      { keepRoutine: 0 },
      { keepRoutine: Number.NaN },
      { keepRoutine: 1.5 },
      { keepBeforeRestore: 0 },
      { sizeLimit: 0 },
      { calendar: { ...defaultCalendar, daily: -1 } },
    ]) {
      expect(() => checkPolicy(policyWith(changes))).toThrow(/keep|size limit/);
    }
  });

  it('forecasts which goes next', () => {
    const vault = Array.from({ length: 10 }, (_, n) => dated({ madeAt: NOW - n * 15 * MINUTE }));
    const goes = forecast(vault, policyWith(), NOW, { every: 15 * MINUTE, span: HOUR });
    expect(goes.size).toBe(4);
    expect(goes.get(vault[9]?.id ?? '')).toBe(NOW + 15 * MINUTE);
    expect(goes.get(vault[6]?.id ?? '')).toBe(NOW + HOUR);
  });
});
