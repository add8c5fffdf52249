import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowState {
  bounds: Partial<Area> & { width: number; height: number };
  maximised: boolean;
}

const saved = z.object({
  bounds: z.object({
    x: z.number().int(),
    y: z.number().int(),
    width: z.number().int().min(800),
    height: z.number().int().min(500),
  }),
  maximised: z.boolean(),
});

const FIRST: WindowState = { bounds: { width: 1440, height: 900 }, maximised: false };
/** So much of the window must lie on a screen for its title bar to be reached, px. */
const REACHABLE = 100;

/** The remembered state when it can still be seen on one of the screens, else the first-time one. */
export function fitting(state: unknown, screens: readonly Area[]): WindowState {
  const { success, data } = saved.safeParse(state);
  if (!success) return FIRST;
  const { x, y, width, height } = data.bounds;
  const visible = screens.some(
    (screen) =>
      Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x) >= REACHABLE &&
      y >= screen.y - REACHABLE / 10 &&
      y <= screen.y + screen.height - REACHABLE,
  );
  return visible ? data : { ...FIRST, bounds: { width, height } };
}

export function readWindowState(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Where a window stood is a comfort: a failure to keep it is not worth a message. */
export function saveWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state));
  } catch {
    // The next start opens it in its first size.
  }
}
