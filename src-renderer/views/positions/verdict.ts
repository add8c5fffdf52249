import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { Connection } from '../../client/connection.ts';
import { accountName, listed } from '../../parts/names.ts';
import { count, plural } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';
import { trueAt } from '../../parts/true-at.ts';
import { type Doubt, doubtsOf } from './doubt.ts';
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
  /** Holdfast is paused: it shows, but does not act. */
  paused: boolean;
  /** How long a position that was read stays true without a stream, ms. */
  ttlMs: number;
  now: number;
}

/** Never says "protected" of what is not known: a lost link, an unread account and an old fact come first. */
export function verdictOf(facts: VerdictFacts): Verdict {
  const { connection, accounts, positions, now } = facts;
  if (connection.state === 'lost') {
    const seen = [...(accounts ?? []), ...(positions ?? [])];
    return {
      tone: 'unknown',
      alarm: 'Not known: the connection to the desk is lost.',
      rest: `What you see was true ${span(now - trueAt(connection.since, seen))} ago.`,
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
  const doubt = doubtWords(doubtsOf(accounts, positions, facts.ttlMs, now), now);

  const alarms = [
    unprotected > 0 ? `${plural(unprotected, 'position has', 'positions have')} no stop.` : '',
    partly > 0 ? `${plural(partly, 'is', 'are')} only partly protected.` : '',
    unchecked > 0 ? `${plural(unchecked, 'position is', 'positions are')} not checked yet.` : '',
    late > 0 ? `${plural(late, 'has its', 'have their')} stop beyond liquidation.` : '',
    doubt,
  ].filter(Boolean);
  const idle = facts.paused ? ['Holdfast is paused and does not act.'] : [];
  const alarm = [...alarms, ...idle].join(' ');

  if (alarms.length > 0) {
    const tone = unprotected > 0 ? 'bad' : doubt || unchecked > 0 ? 'unknown' : 'look';
    return { tone, alarm, rest: safe > 0 ? restOf(safe, doubt !== '', facts.paused) : '' };
  }
  const tone = facts.paused ? 'look' : 'good';
  if (positions.length === 0) return { tone, alarm, rest: 'No open positions.' };
  const all =
    positions.length === 1
      ? 'The one open position is protected'
      : `All ${count(positions.length)} positions are protected`;
  return { tone, alarm, rest: `${all}${facts.paused ? atTheExchange : ''}.` };
}

const atTheExchange = ' by what stands at the exchange';

function restOf(safe: number, doubtful: boolean, paused: boolean): string {
  if (doubtful) return `${plural(safe, 'was', 'were')} protected when last seen.`;
  return `${plural(safe, 'is', 'are')} protected${paused ? atTheExchange : ''}.`;
}

/** `What you see of Main is 49 s old and not certain.`; empty without a doubt. */
function doubtWords(doubts: readonly Doubt[], now: number): string {
  const namesOf = (some: readonly Doubt[]): string =>
    listed(some.map(({ account }) => accountName(account)));
  const unread = doubts.filter(({ seenAt }) => seenAt === null);
  const old = doubts.filter(({ seenAt }) => seenAt !== null);
  const oldest = Math.min(...old.map(({ seenAt }) => seenAt ?? now));
  return [
    unread.length > 0
      ? `${namesOf(unread)} ${unread.length === 1 ? 'is' : 'are'} not known yet.`
      : '',
    old.length > 0
      ? `What you see of ${namesOf(old)} is ${span(now - oldest)} old and not certain.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}
