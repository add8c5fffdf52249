import type { Surroundings } from '../../src-renderer/state/store.ts';

/** A browser that remembers nothing and whose clock stands. */
export const plainSurroundings = (more: Partial<Surroundings> = {}): Surroundings => ({
  now: () => 0,
  after: () => {},
  every: () => {},
  memory: { getItem: () => null, setItem: () => {} },
  nextFrame: (run) => setTimeout(run, 1),
  ...more,
});
