import { expect, test } from 'vitest';
import { sparkPath } from '../../src-renderer/parts/figures/sparkline.tsx';

test('a gap in what is known is a gap in the line', () => {
  expect(sparkPath([0, 1, null, 1, 0], 40, 10)).toBe('M0.0 9.0L10.0 1.0M30.0 1.0L40.0 9.0');
});

test('nothing known draws nothing, one value and a flat line stay inside', () => {
  expect(sparkPath([null, null], 40, 10)).toBe('');
  expect(sparkPath([0.5], 40, 10)).toBe('M0.0 9.0');
  expect(sparkPath([2, 2], 40, 10)).toBe('M0.0 9.0L40.0 9.0');
});
