import type { Cycle } from '../../monitor/loop/loop.ts';
import type { Change, SaveReason } from '../../persistence/store.ts';

const EVERY_MS = 60_000;

/** Each cycle is shown; kept are those that did something, and one a minute. */
export function cycleKeeper(
  save: (reason: SaveReason, change: Change) => unknown,
  onCycle: () => void,
): (cycle: Cycle) => void {
  let keptAt = 0;
  return (cycle) => {
    onCycle();
    if (cycle.actions === 0 && cycle.startedAt - keptAt < EVERY_MS) return;
    keptAt = cycle.startedAt;
    save('cycle', { cycles: [cycle] });
  };
}
