import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fileDueAt, nextRoutineAt } from '../../../src-main/backup/policy/schedule.ts';
import { openBench, ownFolder } from '../support.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Take {
  at: number;
  routine: boolean;
}

/**
 * What the watcher does with a file that changes at these times, by the two functions that decide it:
 * a look each 1.5 s while something waits, else each 5 s.
 */
function takesOf(changes: readonly number[], until: number): Take[] {
  const takes: Take[] = [{ at: 0, routine: true }];
  const routine = (): number[] => takes.filter((take) => take.routine).map(({ at }) => at);
  let seen = 0;
  let settled = 0;
  let stillSince = 0;
  let changedAt: number | null = null;
  let owed = false;
  for (let now = 0; now < until; now += changedAt === null ? 5 * SECOND : 1.5 * SECOND) {
    const looks = changes.filter((at) => at <= now).length;
    if (looks !== seen) {
      seen = looks;
      stillSince = now;
    }
    if (looks !== settled) changedAt ??= now;
    const takenAt = takes.at(-1)?.at ?? null;
    const due = nextRoutineAt(routine(), now, 15 * MINUTE) <= now;
    const changed = changedAt !== null && now >= fileDueAt({ changedAt, stillSince, takenAt });
    if (!changed && !(changedAt === null && owed && due)) continue;
    takes.push({ at: now, routine: due });
    settled = looks;
    changedAt = null;
    owed = !due;
  }
  return takes;
}

/** Rhythms: every so many ms, with rests, in bursts, at random. */
const anyRhythm = fc
  .array(
    fc.record({
      every: fc.oneof(
        fc.constant(100),
        fc.integer({ min: 50, max: 10 * SECOND }),
        fc.integer({ min: SECOND, max: 40 * MINUTE }),
      ),
      times: fc.integer({ min: 1, max: 400 }),
      rest: fc.integer({ min: 0, max: HOUR }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => {
    const changes: number[] = [];
    let at = 0;
    for (const { every, times, rest } of parts) {
      at += rest;
      for (let n = 0; n < times && at < 6 * HOUR; n++) changes.push((at += every));
    }
    return changes;
  });

describe('D2 whatever the rhythm in which a protected file is written', () => {
  it('D2 each change is in a version within a minute, and routine ones keep their distance', () => {
    fc.assert(
      fc.property(anyRhythm, (changes) => {
        const last = changes.at(-1) ?? 0;
        const takes = takesOf(changes, last + HOUR);
        for (const at of changes) {
          const next = takes.find((take) => take.at >= at);
          expect((next?.at ?? Number.POSITIVE_INFINITY) - at).toBeLessThanOrEqual(MINUTE);
        }
        const routine = takes.filter((take) => take.routine).map(({ at }) => at);
        for (const [index, at] of routine.entries()) {
          const before = routine[index - 1];
          if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(15 * MINUTE);
          expect(
            routine.filter((other) => other > at - HOUR && other <= at).length,
          ).toBeLessThanOrEqual(4);
        }
        // Where it ends up is among the routine ones, however it got there.
        expect(routine.at(-1)).toBeGreaterThanOrEqual(last);
      }),
      { numRuns: 60, seed: 20_261_121 },
    );
  });

  it('D2 a file that never rests is kept, whole, and its last state becomes a routine version', async () => {
    const bench = await openBench();
    const path = join(ownFolder(), 'busy.json');
    const write = (n: number): void =>
      writeFileSync(path, JSON.stringify({ items: Array.from({ length: n }, () => 'x') }));
    write(1);
    const { id } = await bench.vault.protect(path);
    const rows = () => bench.vault.list().filter((row) => row.source === id);
    await bench.vault.start();
    let n = 1;
    const busy = setInterval(() => write(++n), 20);
    try {
      await vi.waitFor(
        () => {
          bench.clock.advance(500);
          expect(rows().some((row) => row.class === 'latest')).toBe(true);
        },
        { timeout: 20_000, interval: 10 },
      );
    } finally {
      clearInterval(busy);
    }
    await vi.waitFor(
      () => {
        bench.clock.advance(2_000);
        expect(rows()[0]).toMatchObject({ class: 'routine', verified: true, counts: { items: n } });
      },
      { timeout: 20_000, interval: 10 },
    );
    expect((await bench.vault.verifyAll()).every((row) => row.verified)).toBe(true);
    expect(rows().filter((row) => row.class === 'latest')).toEqual([]);
  });
});
