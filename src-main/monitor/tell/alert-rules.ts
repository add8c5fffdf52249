import type { Alert } from '../../alerts/alerts.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { absolute, approximate, type Decimal, greater, minus } from '../../domain/numbers.ts';
import type { SetAside } from '../../domain/set-aside.ts';
import { plural } from '../../domain/words.ts';
import type { Finding } from '../rules/detect.ts';
import { openTotal } from '../rules/ladder.ts';
import { tell } from './story.ts';

/** What an alert is about; `about` tells the legs of a symbol apart. */
const leg = ({ account, symbol, positionIdx }: Monitor) => ({
  account,
  symbol,
  about: String(positionIdx),
});

/** The alert a finding is worth, from what the venue has confirmed (P49); `null` for the rest. Each is a fact of its own. */
export function newsOf(finding: Finding, monitor: Monitor): Alert | null {
  const { account, symbol } = monitor;
  const about = {
    ...leg(monitor),
    text: `${symbol} on ${account}: ${tell(finding, monitor).text}`,
    anew: true,
  };
  switch (finding.kind) {
    case 'overfilled':
      return { severity: 'critical', rule: 'overfilled', ...about };
    case 'take-profit-filled':
      return { severity: 'info', rule: `take-profit-${finding.level}-hit`, ...about };
    case 'opened':
      return { severity: 'info', rule: 'position-opened', ...about };
    case 'closed': {
      const bad = finding.reason === 'liquidation' || finding.reason === 'auto-deleveraging';
      const rule = finding.reason === 'stop' ? 'stop-hit' : 'position-closed';
      return { severity: bad ? 'critical' : 'info', rule, ...about };
    }
    default:
      return null;
  }
}

/** A position some of which no stop covers: the loudest alert there is (P21). */
export function unprotected(monitor: Monitor, covered: Decimal): Alert {
  const { account, symbol, side, size } = monitor;
  const text =
    approximate(covered) === 0
      ? `${symbol} on ${account}: the ${side} position of ${size} has no stop. Set one on Bybit now.`
      : `${symbol} on ${account}: only ${covered} of the ${side} position of ${size} is covered by a stop. Set one for the rest on Bybit now.`;
  return { severity: 'critical', rule: 'unprotected', ...leg(monitor), text };
}

/**
 * What is wrong with a ladder whose entries are done: the open take-profits have to close exactly the
 * position, within one quantity step (P24). `null` when they do, or when there is no ladder.
 */
export function ladderDrift(monitor: Monitor, quantityStep: Decimal): Alert | null {
  const { account, symbol, size, takeProfits, entries, phase } = monitor;
  if (phase === 'closed' || entries.some((entry) => entry.open)) return null;
  if (!takeProfits.some((rung) => rung.state === 'open')) return null;
  const total = openTotal(takeProfits);
  if (!greater(absolute(minus(total, size)), quantityStep)) return null;
  const text = `${symbol} on ${account}: the open take-profits would close ${total}, but the position is ${size}. Correct them on Bybit.`;
  return { severity: 'warning', rule: 'take-profit-drift', ...leg(monitor), text };
}

/** Stops that cover nothing the others do not (P55). */
export const spareStop = (monitor: Monitor, spare: number): Alert => ({
  severity: 'warning',
  rule: 'several-stops',
  ...leg(monitor),
  text: `${monitor.symbol} on ${monitor.account}: ${plural(spare, 'stop covers', 'stops cover')} nothing that the others do not. Cancel what is too much on Bybit.`,
});

/** An account of which nothing is known any more: neither the stream nor reads answer. */
export const blind = (account: AccountId, since: number, why: string | null): Alert => ({
  severity: 'critical',
  rule: 'blind',
  account,
  symbol: null,
  text: `Nothing has been known about ${account} since ${new Date(since).toISOString()}: the stream is down and reads are failing${why ? ` (${why})` : ''}. You are looking at the last known state; watch your positions on Bybit.`,
});

/** A symbol of which something is not understood (E1): told anew each time it comes to that. */
export const notUnderstood = (account: AccountId, { symbol, sentence }: SetAside): Alert => ({
  severity: 'critical',
  rule: 'not-understood',
  account,
  symbol,
  text: `${symbol} on ${account}: ${sentence}`,
  anew: true,
});

/** An execution of a kind that is not known here. */
export const oddExecution = ({ account, symbol, quantity, price, others }: Execution): Alert => ({
  severity: 'warning',
  rule: 'execution-not-understood',
  account,
  symbol,
  text: `${symbol} on ${account}: Bybit reports an execution of a kind that is not known here (${others?.['execType'] ?? 'other'}): ${quantity} at ${price}. It is booked to no trade; compare the result with Bybit.`,
});
