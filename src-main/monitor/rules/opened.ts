import { closes } from '../../domain/close-reason.ts';
import type { Execution } from '../../domain/execution.ts';
import { type Decimal, isPositive, minus } from '../../domain/numbers.ts';
import type { Side } from '../../domain/position.ts';

/**
 * The executions since the position at a place was flat, oldest first: all that made it what it is.
 * `null` where those that are known (oldest first) do not account for its size.
 */
export function sinceFlat(
  { side, size }: { side: Side; size: Decimal },
  executions: readonly Execution[],
): Execution[] | null {
  let before = size;
  const since: Execution[] = [];
  for (const execution of executions.toReversed()) {
    const changed = changeOf(execution, side);
    if (changed === null) continue;
    since.unshift(execution);
    before = minus(before, changed);
    if (!isPositive(before)) return since;
  }
  return null;
}

/** What an execution added to the leg of a side, less than zero for what it closed; `null` for none of its. */
function changeOf(execution: Execution, side: Side): Decimal | null {
  const { closedSize, quantity } = execution;
  if (closedSize === null || execution.type === 'Funding' || execution.type === 'other')
    return null;
  const adds = (execution.side === 'Buy') === (side === 'long');
  if (adds) {
    const opened = minus(quantity, closedSize);
    return isPositive(opened) ? opened : null;
  }
  return closes(execution) ? minus('0', closedSize) : null;
}
