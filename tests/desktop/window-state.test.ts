import { describe, expect, test } from 'vitest';
import { fitting } from '../../src-main/desktop/window-state.ts';

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
const at = (x: number, y: number, width = 1200, height = 800): object => ({
  bounds: { x, y, width, height },
  maximised: false,
});
const first = { bounds: { width: 1440, height: 900 }, maximised: false };

describe('where the window opens', () => {
  test('where it was', () => {
    expect(fitting(at(50, 60), screens)).toEqual(at(50, 60));
    expect(fitting({ ...at(50, 60), maximised: true }, screens).maximised).toBe(true);
  });

  test('in its old size on the main screen when the screen it was on is gone', () => {
    expect(fitting(at(2500, 60), screens)).toEqual({
      bounds: { width: 1200, height: 800 },
      maximised: false,
    });
    expect(fitting(at(50, -500), screens).bounds.x).toBeUndefined();
    expect(fitting(at(50, 1070), screens).bounds.x).toBeUndefined();
  });

  test('where it was on a second screen', () => {
    const two = [...screens, { x: 1920, y: 0, width: 1920, height: 1080 }];
    expect(fitting(at(2500, 60), two)).toEqual(at(2500, 60));
  });

  test.each([null, 'text', {}, at(0, 0, 10, 10), { bounds: { x: 'a' } }])(
    'in its first size when what was kept is no state: %j',
    (state) => {
      expect(fitting(state, screens)).toEqual(first);
    },
  );
});
