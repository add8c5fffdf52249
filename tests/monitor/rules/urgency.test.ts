import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Urgency } from '../../../src-main/domain/monitor.ts';
import {
  agesAt,
  bandAround,
  everyMs,
  nearestLevels,
  type UrgencyInput,
  urgencyOf,
} from '../../../src-main/monitor/rules/urgency.ts';
import { aPosition } from '../../cache/rows.ts';
import { anEntry, found, ladder } from '../rows.ts';

const calm: UrgencyInput = {
  distance: 0.5,
  unprotected: false,
  actionPending: false,
  running: false,
  sincePhaseChange: 3_600_000,
  sinceChange: 3_600_000,
  before: null,
};

test('each level has its cause', () => {
  expect(urgencyOf(calm)).toBe('dormant');
  expect(urgencyOf({ ...calm, unprotected: true })).toBe('critical');
  expect(urgencyOf({ ...calm, actionPending: true })).toBe('critical');
  expect(urgencyOf({ ...calm, sincePhaseChange: 59_999 })).toBe('critical');
  expect(urgencyOf({ ...calm, distance: 0.01 })).toBe('critical');
  expect(urgencyOf({ ...calm, distance: 0.03 })).toBe('urgent');
  expect(urgencyOf({ ...calm, running: true })).toBe('active');
  expect(urgencyOf({ ...calm, sinceChange: 599_999 })).toBe('active');
  expect(urgencyOf({ ...calm, sinceChange: 600_000 })).toBe('stable');
  expect(urgencyOf({ ...calm, distance: 0.09 })).toBe('stable');
  expect(urgencyOf({ ...calm, distance: null })).toBe('stable');
});

test('a price that trembles around a bound does not change the level each time', () => {
  let before: UrgencyInput['before'] = null;
  const levels = [0.0099, 0.0101, 0.0099, 0.0105, 0.0099, 0.0119].map((distance) => {
    before = urgencyOf({ ...calm, distance, before });
    return before;
  });
  expect(new Set(levels)).toEqual(new Set(['critical']));
  expect(urgencyOf({ ...calm, distance: 0.0121, before: 'critical' })).toBe('urgent');
  expect(urgencyOf({ ...calm, distance: 0.11, before: 'dormant' })).toBe('dormant');
  expect(urgencyOf({ ...calm, distance: 0.11, before: 'stable' })).toBe('stable');
});

test('no level waits longer than 60 s, and nearer is never calmer', () => {
  expect(Math.max(...Object.values(everyMs))).toBe(60_000);
  const near = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(near, near, fc.nat(4_000_000), (a, b, sinceChange) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      const soon = everyMs[urgencyOf({ ...calm, sinceChange, distance: less })];
      const late = everyMs[urgencyOf({ ...calm, sinceChange, distance: more })];
      expect(soon).toBeLessThanOrEqual(late);
    }),
    { seed: 7 },
  );
});

test('the nearest level is told with its distance; entries count only for showing', () => {
  const monitor = found(aPosition({ stopLoss: '95' }), [...ladder(), anEntry('e', '99.9', '1')]);
  expect(nearestLevels(monitor, '100')).toEqual({
    exit: { what: 'TP1', price: '102', distance: 0.02 },
    any: { what: 'entry', price: '99.9', distance: expect.closeTo(0.001, 6) as number },
  });
  expect(nearestLevels(monitor, '0')).toEqual({ exit: null, any: null });
});

test('M15 within the band of its mark price the urgency stays what it is, and just beyond some bound it changes', () => {
  const monitor = found(aPosition({ stopLoss: '60' }), ladder());
  const price = fc.double({ min: 50, max: 125, noNaN: true });
  const urgencyAt = (at: number, before: Urgency | null): Urgency =>
    urgencyOf({
      ...calm,
      distance: nearestLevels(monitor, String(at)).exit?.distance ?? null,
      before,
    });
  fc.assert(
    fc.property(price, price, (mark, later) => {
      const urgency = urgencyAt(mark, null);
      const { below, above } = bandAround(String(mark), monitor, urgency);
      expect(below <= mark && mark <= above).toBe(true);
      if (later > below && later < above) expect(urgencyAt(later, urgency)).toBe(urgency);
    }),
    { seed: 7, numRuns: 2_000 },
  );
  const { below } = bandAround('80', monitor, 'dormant');
  expect(urgencyAt(below * 1.0001, 'dormant')).toBe('dormant');
  expect(urgencyAt(below * 0.9999, 'dormant')).toBe('stable');
  const unknown = bandAround(null, monitor, 'active');
  expect(100 < unknown.below || 100 > unknown.above).toBe(true);
});

test('M15 the next age that changes the urgency is known', () => {
  const monitor = {
    ...found(aPosition(), ladder()),
    phase: 'protected',
    updatedAt: 1_000,
  } as const;
  const at = (now: number): number => agesAt({ ...monitor, phaseChangedAt: 0 }, now);
  expect([at(2_000), at(60_000), at(601_000), at(1_801_000)]).toEqual([
    60_000,
    601_000,
    1_801_000,
    Number.POSITIVE_INFINITY,
  ]);
});
