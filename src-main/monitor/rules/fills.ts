import type { Execution } from '../../domain/execution.ts';
import { approximate, type Decimal, greater, isZero, minus } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';

/** How far an order has been filled, from the venue's own totals (P12, P13). */
export interface Fill {
  filled: Decimal;
  quantity: Decimal;
  /** `open` on the book, `filled` for good, `ended` with a rest unfilled, `unseen` when not known. */
  state: 'open' | 'filled' | 'ended' | 'unseen';
}

/** What is known of one order: its row while open, its last row once ended, its executions. */
export interface Evidence {
  open: Order | undefined;
  ended: Order | null;
  executions: readonly Execution[];
}

/**
 * The state of an order from all that is known of it. An execution tells the order's total as its
 * quantity less what it still leaves, so that nothing is ever added up from deltas. An order that is
 * merely absent from a list is `unseen`, not gone (P18, P58).
 */
export function fillOf(evidence: Evidence, before: { filled: Decimal; quantity: Decimal }): Fill {
  const { open, ended, executions } = evidence;
  let { filled } = before;
  const row = ended ?? open;
  const quantity = row && approximate(row.quantity) !== 0 ? row.quantity : before.quantity;
  if (row && row.filledQuantity !== filled && greater(row.filledQuantity, filled))
    filled = row.filledQuantity;
  let nothingLeft = false;
  for (const execution of executions) {
    if (execution.orderQuantity === null || execution.leavesQuantity === null) continue;
    const total = minus(execution.orderQuantity, execution.leavesQuantity);
    if (greater(total, filled)) filled = total;
    if (isZero(execution.leavesQuantity)) nothingLeft = true;
  }
  if (ended) return { filled, quantity, state: ended.status === 'Filled' ? 'filled' : 'ended' };
  if (nothingLeft && !greater(quantity, filled)) return { filled, quantity, state: 'filled' };
  return { filled, quantity, state: open ? 'open' : 'unseen' };
}
