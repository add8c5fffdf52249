import type { AccountId } from '../../domain/account.ts';
import type { PositionKey } from '../../domain/keys.ts';
import type { VerdictSeverity, VerdictState } from '../../domain/monitor.ts';
import { namesOf, plural, span } from '../../domain/words.ts';
import type { Judgement } from './protection.ts';

/** After this long without being seen a fact is not to be relied on: no monitor, however calm, waits longer. ms. */
const STALE_MS = 60_000;

/** What is known of an account as a whole. */
export interface AccountSeen {
  account: AccountId;
  /** The ready stream keeps its positions and orders true. */
  confirmed: boolean;
  /** When its positions and its orders were last both known to be true, ms; `null` until both were read whole. */
  seenAt: number | null;
  /** What is wrong with its line, as a sentence; `null` when nothing is. */
  trouble: string | null;
}

/** An open position with its judgement. */
export interface PositionSeen {
  key: PositionKey;
  account: AccountId;
  protection: Pick<Judgement, 'state' | 'beyondLiquidation'>;
  /** Its symbol is set aside: nothing of it is known to be so. */
  setAside?: boolean;
}

export interface VerdictFacts {
  accounts: readonly AccountSeen[];
  positions: readonly PositionSeen[];
  /** Holdfast watches, but does not act. */
  paused: boolean;
  /** How long a position that was read stays true without a stream, ms. */
  ttlMs: number;
  now: number;
}

/**
 * Whether what is shown of an account may no longer be so. A ready stream tells of every change, so a
 * quiet fact stays true; without one it is known only as long as a reading lasts, `ttlMs`.
 */
export function isDoubtful(
  { confirmed, seenAt }: AccountSeen,
  { ttlMs, now }: Pick<VerdictFacts, 'ttlMs' | 'now'>,
): boolean {
  return seenAt === null || now - seenAt > (confirmed ? STALE_MS : Math.min(ttlMs, STALE_MS));
}

/**
 * The answer to "is every position protected, and is what I see true right now?": the only place that
 * gives it. Never says "protected" of what is not known: an unread account and an old fact come first.
 */
export function verdictOf(facts: VerdictFacts): VerdictState {
  const { accounts, positions, paused, now } = facts;
  const doubtful = accounts.filter((one) => isDoubtful(one, facts));
  const inDoubt = new Set(doubtful.map(({ account }) => account));
  const counts = count(positions);
  const seen = accounts.flatMap(({ seenAt }) => seenAt ?? []);
  const told = {
    counts,
    unknown: doubtful.map((one) => ({ account: one.account, why: whyDoubted(one, now) })),
    culprits: positions
      .filter((one) => inDoubt.has(one.account) || !isProtected(one))
      .map(({ key }) => key),
    asOf: seen.length === 0 ? null : Math.min(...seen),
  };
  if (accounts.length === 0) {
    return { ...told, severity: 'unknown', alarm: '', sentence: 'No account is connected.' };
  }
  const doubt = doubtWords(doubtful, now);
  const { unprotected, partly, unchecked, notUnderstood, beyondLiquidation: late } = counts;
  const alarms = [
    unprotected > 0 ? `${plural(unprotected, 'position has', 'positions have')} no stop.` : '',
    partly > 0 ? `${plural(partly, 'is', 'are')} only partly protected.` : '',
    unchecked > 0 ? `${plural(unchecked, 'position is', 'positions are')} not checked yet.` : '',
    notUnderstood > 0
      ? `${plural(notUnderstood, 'position is', 'positions are')} not understood and not known to be protected.`
      : '',
    late > 0 ? `${plural(late, 'has its', 'have their')} stop beyond liquidation.` : '',
    doubt,
  ].filter(Boolean);
  const wrong = alarms.length > 0;
  const alarm = [...alarms, paused ? 'Holdfast is paused and does not act.' : '']
    .filter(Boolean)
    .join(' ');
  const rest = wrong ? restOf(counts.protected, doubt !== '', paused) : allOf(counts, paused);
  return {
    ...told,
    severity: severityOf(
      unprotected > 0,
      doubt !== '' || unchecked + notUnderstood > 0,
      wrong || paused,
    ),
    alarm,
    sentence: [alarm, rest].filter(Boolean).join(' '),
  };
}

const severityOf = (bare: boolean, unsure: boolean, look: boolean): VerdictSeverity =>
  bare ? 'critical' : unsure ? 'unknown' : look ? 'attention' : 'ok';

const isProtected = ({ protection, setAside }: PositionSeen): boolean =>
  !setAside && protection.state === 'full' && !protection.beyondLiquidation;

function count(positions: readonly PositionSeen[]): VerdictState['counts'] {
  const how: Record<Judgement['state'], number> = { full: 0, part: 0, none: 0, unknown: 0 };
  let late = 0;
  let odd = 0;
  for (const { protection, setAside } of positions) {
    if (setAside) {
      odd += 1;
      continue;
    }
    how[protection.state] += 1;
    if (protection.state === 'full' && protection.beyondLiquidation) late += 1;
  }
  return {
    positions: positions.length,
    protected: how.full - late,
    partly: how.part,
    unprotected: how.none,
    unchecked: how.unknown,
    notUnderstood: odd,
    beyondLiquidation: late,
  };
}

const atTheExchange = ' by stops at the exchange';

function allOf({ positions }: VerdictState['counts'], paused: boolean): string {
  if (positions === 0) return 'No open positions.';
  const all =
    positions === 1
      ? 'The one open position is protected'
      : `All ${positions} positions are protected`;
  return `${all}${paused ? atTheExchange : ''}.`;
}

function restOf(safe: number, doubtful: boolean, paused: boolean): string {
  if (safe === 0) return '';
  if (doubtful) return `${plural(safe, 'was', 'were')} protected when last seen.`;
  return `${plural(safe, 'is', 'are')} protected${paused ? atTheExchange : ''}.`;
}

/** `What you see of Main is 49 s old and not certain.`; empty without a doubt. */
function doubtWords(doubtful: readonly AccountSeen[], now: number): string {
  const names = (some: readonly AccountSeen[]): string =>
    namesOf(some.map(({ account }) => account));
  const unread = doubtful.filter(({ seenAt }) => seenAt === null);
  const old = doubtful.filter(({ seenAt }) => seenAt !== null);
  const oldest = Math.min(...old.map(({ seenAt }) => seenAt ?? now));
  return [
    unread.length > 0
      ? `${names(unread)} ${unread.length === 1 ? 'is' : 'are'} not known yet.`
      : '',
    old.length > 0
      ? `What you see of ${names(old)} is ${span(now - oldest)} old and not certain.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function whyDoubted({ seenAt, trouble }: AccountSeen, now: number): string {
  const seen =
    seenAt === null ? 'It has not been read yet.' : `Last seen ${span(now - seenAt)} ago.`;
  return trouble === null ? seen : `${seen} ${trouble}`;
}
