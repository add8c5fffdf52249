import type { AccountRow, PositionRow } from '../../../src-preload/contract.ts';
import type { Connection } from '../../client/desk-client.ts';
import { STALE_MS } from '../../parts/age.tsx';
import { accountName } from '../../parts/names.ts';
import { count, plural } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';
import { protectionOf } from './protection.ts';

/** The answer to "is every position protected, and is what I see true right now?" in words. */
export interface Verdict {
  tone: 'good' | 'look' | 'bad' | 'unknown';
  /** What is wrong, said first; empty when nothing is. */
  alarm: string;
  rest: string;
}

export interface VerdictFacts {
  connection: Connection;
  /** `null` until they have come. */
  accounts: readonly AccountRow[] | null;
  positions: readonly PositionRow[] | null;
  now: number;
}

/** Never says "protected" of what is not known: a lost link, an unread account and an old fact come first. */
export function verdictOf({ connection, accounts, positions, now }: VerdictFacts): Verdict {
  if (connection.state === 'lost') {
    return {
      tone: 'unknown',
      alarm: 'Not known: the connection to the desk is lost.',
      rest: `What you see is ${span(now - connection.since)} old or older.`,
    };
  }
  if (!accounts || !positions) return { tone: 'unknown', alarm: '', rest: 'Reading the accounts…' };
  if (accounts.length === 0)
    return { tone: 'unknown', alarm: '', rest: 'No account is connected.' };

  const kinds = positions.map((row) => protectionOf(row));
  const unprotected = kinds.filter(({ state }) => state === 'none').length;
  const partly = kinds.filter(({ state }) => state === 'part').length;
  const unchecked = kinds.filter(({ state }) => state === 'unknown').length;
  const late = kinds.filter((kind) => kind.state === 'full' && kind.stopBeyondLiquidation).length;
  const safe = positions.length - unprotected - partly - late - unchecked;

  const unread = accounts.find((account) => account.asOf === null);
  const old = accounts.find((account) => account.asOf !== null && now - account.asOf > STALE_MS);
  const doubt = unread
    ? `${accountName(unread.id)} is not known yet.`
    : old
      ? `${accountName(old.id)} was last seen ${span(now - (old.asOf ?? now))} ago.`
      : '';

  const alarms = [
    unprotected > 0 ? `${plural(unprotected, 'position has', 'positions have')} no stop.` : '',
    partly > 0 ? `${plural(partly, 'is', 'are')} only partly protected.` : '',
    unchecked > 0 ? `${plural(unchecked, 'position is', 'positions are')} not checked yet.` : '',
    late > 0 ? `${plural(late, 'has its', 'have their')} stop beyond liquidation.` : '',
    doubt,
  ].filter(Boolean);

  if (alarms.length > 0) {
    const tone = unprotected > 0 ? 'bad' : doubt || unchecked > 0 ? 'unknown' : 'look';
    return { tone, alarm: alarms.join(' '), rest: safe > 0 ? restOf(safe, Boolean(doubt)) : '' };
  }
  if (positions.length === 0) return { tone: 'good', alarm: '', rest: 'No open positions.' };
  return {
    tone: 'good',
    alarm: '',
    rest:
      positions.length === 1
        ? 'The one open position is protected.'
        : `All ${count(positions.length)} positions are protected.`,
  };
}

const restOf = (safe: number, doubtful: boolean): string =>
  doubtful
    ? `${plural(safe, 'was', 'were')} protected when last seen.`
    : `${plural(safe, 'is', 'are')} protected.`;
