import type { Execution } from '../../domain/execution.ts';
import {
  approximate,
  type Decimal,
  dividedBy,
  greater,
  isPositive,
  isZero,
  minus,
  sum,
  times,
} from '../../domain/numbers.ts';
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
  /** The venue knows no such order any more, as it is with one that ended unfilled a day ago. */
  forgotten: boolean;
}

/**
 * The state of an order from all that is known of it. An execution tells the order's total as its
 * quantity less what it still leaves, so that nothing is ever added up from deltas. An order that is
 * merely absent from a list is `unseen`, not gone (P18, P58).
 */
export function fillOf(evidence: Evidence, before: { filled: Decimal; quantity: Decimal }): Fill {
  const { open, ended, executions, forgotten } = evidence;
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
  if (open) return { filled, quantity, state: 'open' };
  return { filled, quantity, state: forgotten ? 'ended' : 'unseen' };
}

/** What an order's fills of this look were worth each: their average, else the venue's for the order; `null` when neither is told. */
export function fillPrice({ executions, ended, open }: Evidence): Decimal | null {
  const quantity = sum(executions.map((execution) => execution.quantity));
  if (isPositive(quantity)) {
    const value = sum(executions.map((execution) => times(execution.price, execution.quantity)));
    return dividedBy(value, quantity);
  }
  const average = (ended ?? open)?.averagePrice ?? null;
  return average !== null && isPositive(average) ? average : null;
}
