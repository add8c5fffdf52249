import { describe, expect, test } from 'vitest';
import { verdict } from '../../src-main/desktop/tray.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';

const position = (size: string, protectedSize: string, phase = 'protected'): PositionRow =>
  ({ size, protectedSize, phase }) as PositionRow;

describe('the tray tells whether every position is protected', () => {
  test('counts the open ones', () => {
    expect(verdict([])).toBe('No open positions');
    expect(verdict([position('1', '0', 'closed')])).toBe('No open positions');
    expect(verdict([position('1', '1')])).toBe('1 position, all protected');
    expect(verdict([position('1', '1'), position('2', '2.0')])).toBe('2 positions, all protected');
  });

  test('a stop for a part of the position does not protect it', () => {
    expect(verdict([position('1', '1'), position('10', '9.99')])).toBe(
      '2 positions, 1 UNPROTECTED',
    );
  });
});
