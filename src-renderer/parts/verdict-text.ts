import type { VerdictState } from '../../src-preload/contract/verdict.ts';
import type { Connection } from '../client/connection.ts';
import { span } from './time-text.ts';
import { trueAt } from './true-at.ts';

/** The verdict as this screen says it; `sentence` begins with `alarm`. */
export type ShownVerdict = Pick<VerdictState, 'severity' | 'alarm' | 'sentence'>;

/** The desk's verdict, word for word, unless this screen has lost the desk: then it is old, and says so. */
export function shownVerdict(
  connection: Connection,
  verdict: VerdictState | null,
  now: number,
): ShownVerdict {
  if (connection.state === 'lost') {
    const alarm = 'Not known: the connection to the desk is lost.';
    const old = span(now - trueAt(connection.since, verdict?.asOf ?? null));
    return { severity: 'unknown', alarm, sentence: `${alarm} What you see was true ${old} ago.` };
  }
  return verdict ?? { severity: 'unknown', alarm: '', sentence: 'Reading the accounts…' };
}
