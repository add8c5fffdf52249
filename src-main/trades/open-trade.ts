import type { Execution } from '../domain/execution.ts';
import type { Monitor } from '../domain/monitor.ts';
import { type Decimal, less } from '../domain/numbers.ts';
import type { TradeEventRecord, TradeRecord } from '../persistence/records.ts';

/** A trade as the log carries it, open or just ended. */
export interface Open {
  trade: TradeRecord;
  monitor: Monitor | null;
  exits: Execution[];
  /** Entered as the venue's word has it, and by no execution that was seen. */
  unseen: Decimal;
  /** What of it the venue told just now: executions of it may still follow, made until then (ms). */
  ahead: { quantity: Decimal; price: Decimal | null; until: number };
  /** Funding that the venue did not say a leg of. */
  unplaced: boolean;
  /** An execution of a kind that is not known here may be part of it. */
  odd: boolean;
}

export const opened = (trade: TradeRecord, monitor: Monitor | null): Open => ({
  trade,
  monitor,
  exits: [],
  unseen: '0',
  ahead: { quantity: '0', price: null, until: 0 },
  unplaced: false,
  odd: false,
});

/** True while less was seen to leave than was entered. */
export const lacksExits = ({ trade }: Pick<Open, 'trade'>): boolean =>
  less(trade.left, trade.entered);

/** When a trade ended: at its last exit once all of them were seen. */
export const endOf = (one: Open, otherwise: number): number =>
  (lacksExits(one) ? undefined : one.exits.at(-1)?.executedAt) ?? otherwise;

export function closedText({
  trade: { closeReason, realisedPnl, left, entered, grossPnl, fees },
  unplaced,
  odd,
}: Open): string {
  const unknown = odd
    ? 'not known, because an execution of it is of a kind that is not known here'
    : less(left, entered)
      ? 'not known, because not every exit was seen'
      : grossPnl === null
        ? 'not known, because not every entry was seen'
        : `not known, because ${fees === null ? 'a fee' : 'a funding payment'} of it is not known`;
  const funding = unplaced ? ' Funding that the exchange named no leg for is not in it.' : '';
  return `Closed (${closeReason}). Result: ${realisedPnl ?? unknown}.${funding}`;
}

export const noted = (
  trade: TradeRecord,
  kind: 'opened' | 'change' | 'closed',
  at: number,
  text: string,
  more = '',
): TradeEventRecord => ({
  id: [trade.id, kind, ...(more === '' ? [] : [at, more])].join('/'),
  trade: trade.id,
  account: trade.account,
  kind,
  at,
  price: null,
  quantity: null,
  fee: null,
  text,
});

/** An execution of a kind that is not known here may be part of the trade: its result is not known then. */
export function notBooked(one: Open, execution: Execution): TradeEventRecord {
  const { quantity, price, executedAt, execId, others } = execution;
  one.trade = { ...one.trade, grossPnl: null };
  one.odd = true;
  const kind = others?.['execType'] ?? 'other';
  const text = `An execution of a kind that is not known here (${kind}) is not booked: ${quantity} at ${price}. The result is not known.`;
  return noted(one.trade, 'change', executedAt, text, execId);
}
