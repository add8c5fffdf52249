import type { Execution } from '../../domain/execution.ts';
import { positionKey } from '../../domain/keys.ts';
import type { Monitor, Stop } from '../../domain/monitor.ts';
import { equal, isZero } from '../../domain/numbers.ts';
import { plural } from '../../domain/words.ts';
import type { TimelineRecord } from '../../persistence/records.ts';
import type { SaveReason } from '../../persistence/store.ts';
import type { Finding } from '../rules/detect.ts';

/** What a finding is to be saved as. */
export function reasonOf(
  findings: readonly Finding[],
  before: Monitor,
  after: Monitor,
): SaveReason {
  for (const finding of findings) {
    switch (finding.kind) {
      case 'closed':
        return finding.reason === 'stop' || finding.reason === 'trailing stop'
          ? 'stop-hit'
          : 'position-closed';
      case 'take-profit-filled':
        return 'take-profit-hit';
      case 'take-profit-partly':
      case 'entry-filled':
      case 'opened':
        return 'fill';
      default:
    }
  }
  return before.phase === after.phase ? 'checked' : 'phase-change';
}

/** A line of the position's story for what the venue has confirmed; the same finding, the same id. */
export function lineOf(finding: Finding, monitor: Monitor, now: number): TimelineRecord {
  const { account, symbol, positionIdx } = monitor;
  const told = tell(finding, monitor);
  return {
    id: [positionKey(monitor), monitor.openedAt, finding.kind, told.mark].join('/'),
    account,
    symbol,
    positionIdx,
    at: now,
    stage: 'confirmed',
    text: told.text,
    detail: told.detail ?? null,
  };
}

/** When the venue filled what a finding tells of, ms; `null` where no execution says so. */
export function filledAt(finding: Finding, executions: readonly Execution[]): number | null {
  if (!('orderId' in finding)) return null;
  const of = executions.findLast(({ orderId }) => orderId === finding.orderId);
  return of?.executedAt ?? null;
}

/** What happened, as a sentence; `mark` tells two findings of a kind apart. */
export function tell(
  finding: Finding,
  monitor: Monitor,
): { text: string; mark: string; detail?: string } {
  switch (finding.kind) {
    case 'opened':
      return {
        text: `Position opened: ${monitor.side} ${finding.size} at ${finding.entryPrice ?? 'an unknown price'}.`,
        mark: '',
        ...(finding.executions.length > 0 && { detail: fillsText(finding.executions) }),
      };
    case 'entry-filled':
      return {
        text: `Entry order filled: ${finding.filled} of ${finding.of}.`,
        mark: `${finding.orderId}/${finding.filled}`,
        detail: `${finding.quantity} more; order ${finding.orderId}`,
      };
    case 'entry-ended':
      return {
        text: `Entry order ended with ${finding.filled} of ${finding.of} filled.`,
        mark: finding.orderId,
        detail: `order ${finding.orderId}`,
      };
    case 'take-profit-partly':
      return {
        text: `Take-profit ${finding.level} partly filled: ${finding.filled} of ${finding.of} at ${finding.price}.`,
        mark: `${finding.orderId}/${finding.filled}`,
        detail: `${finding.quantity} more; order ${finding.orderId}`,
      };
    case 'take-profit-filled':
      return {
        text: `Take-profit ${finding.level} hit: ${finding.filled} closed at ${finding.price}.`,
        mark: finding.orderId,
        detail: `order ${finding.orderId}`,
      };
    case 'overfilled':
      return {
        text: `The exchange reports ${finding.filled} filled on an order for ${finding.of}. Check that order on Bybit.`,
        mark: `${finding.orderId}/${finding.filled}`,
        detail: `order ${finding.orderId}`,
      };
    case 'stop-changed': {
      const { after, before } = finding;
      return {
        text: stopText(before, after),
        mark: `${after?.price ?? 'none'}/${after?.quantity ?? ''}/${monitor.updatedAt}`,
      };
    }
    case 'closed':
      return { text: `Position of ${finding.size} closed: ${finding.reason}.`, mark: '' };
    default: {
      const filled = monitor.entries.some((entry) => !isZero(entry.filledQuantity));
      const how = filled ? ', and no position is open' : ' without a fill';
      return { text: `The entry orders ended${how}.`, mark: '' };
    }
  }
}

const fillsText = (executions: readonly Execution[]): string =>
  executions.map(({ quantity, price }) => `${quantity} at ${price}`).join(', ');

function stopText(before: Stop | null, after: Stop | null): string {
  if (!after) return `The stop at ${before?.price ?? 'an unknown price'} is gone.`;
  const covers = coverOf(after);
  if (!before) return `A stop at ${after.price} protects ${covers}.`;
  if (!equal(before.price, after.price))
    return `The stop moved from ${before.price} to ${after.price}.`;
  return `The stop at ${after.price} now protects ${covers}; before, it protected ${coverOf(before)}.`;
}

const coverOf = ({ quantity }: Stop): string =>
  quantity === 'full' ? 'the whole position' : quantity;

/** The first line of a story: the position or its entry orders were found. */
export function seenLine(monitor: Monitor): TimelineRecord {
  const { account, symbol, positionIdx } = monitor;
  const rungs = plural(monitor.takeProfits.length, 'take-profit');
  const stop = monitor.stop ? `a stop at ${monitor.stop.price}` : 'no stop';
  return {
    id: [positionKey(monitor), monitor.openedAt, 'seen', monitor.updatedAt].join('/'),
    account,
    symbol,
    positionIdx,
    at: monitor.updatedAt,
    stage: 'seen',
    text:
      monitor.phase === 'adopted'
        ? `Found open: ${monitor.side} ${monitor.size} with ${rungs} and ${stop}.`
        : `Found ${plural(monitor.entries.length, 'entry order')} for a ${monitor.side} position of ${monitor.targetSize}.`,
    detail: null,
  };
}
