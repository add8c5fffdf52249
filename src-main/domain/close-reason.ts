import type { Execution } from './execution.ts';
import { isStopOf, type Monitor } from './monitor.ts';
import { isPositive } from './numbers.ts';

/** Why a position ended, from the executions that closed it, never from its P&L or size (P20). */
export type CloseReason =
  | 'stop'
  | 'trailing stop'
  | 'take-profit'
  | 'liquidation'
  | 'auto-deleveraging'
  | 'settlement'
  | 'closed by hand'
  | 'not known';

/**
 * The reason of the last closing execution; `not known` when none was seen. Without the monitor only
 * what the venue says of the order counts.
 */
export function closeReason(
  monitor: Monitor | null,
  executions: readonly Execution[],
): CloseReason {
  const last = executions.findLast(closes);
  if (!last) return 'not known';
  if (last.type === 'BustTrade' || last.createType?.startsWith('CreateByLiq')) return 'liquidation';
  if (last.type === 'AdlTrade' || last.createType?.startsWith('CreateByAdl'))
    return 'auto-deleveraging';
  if (last.type === 'Settle' || last.type === 'Delivery') return 'settlement';
  switch (last.stopOrderType) {
    case 'TrailingStop':
      return 'trailing stop';
    case 'StopLoss':
    case 'PartialStopLoss':
      return 'stop';
    case 'TakeProfit':
    case 'PartialTakeProfit':
      return 'take-profit';
    default:
  }
  if (monitor && isStopOf(monitor, last.orderId)) return 'stop';
  if (monitor?.takeProfits.some((rung) => rung.orderId === last.orderId)) return 'take-profit';
  if (last.stopOrderType === 'Stop') return 'stop';
  // A limit order of a monitor that is forgotten may have been a take-profit.
  return monitor || last.orderType === 'Market' ? 'closed by hand' : 'not known';
}

/** True for an execution that reduced a position. Funding has no closed size; of `other` nothing is known. */
export const closes = (execution: Execution): boolean =>
  execution.type !== 'Funding' &&
  execution.type !== 'other' &&
  execution.closedSize !== null &&
  isPositive(execution.closedSize);
