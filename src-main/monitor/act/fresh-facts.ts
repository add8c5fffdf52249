import type { Cache } from '../../cache/cache.ts';
import type { Facts, Sight } from '../../cache/facts.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Watch } from '../watch/watch.ts';

/** The position's frame is waited for this long after an execution, ms; then it is asked for. */
const FRAME_WITHIN_MS = 500;

interface Known {
  cache: Cache;
  clock: Clock;
}

/** Facts fit to write on, or why there are none. */
export type FreshFacts = { facts: Facts } | { reason: string };

/**
 * One fresh set of facts of a watch's symbol (M6): what the stream keeps true, else read for the purpose,
 * and with the position at least as new as the executions that were taken in.
 */
export async function freshFacts(known: Known, watch: Watch): Promise<FreshFacts> {
  const { cache } = known;
  const { account, symbol } = watch.monitor;
  const read = async (): Promise<FreshFacts> => {
    const answer = await cache.facts(account, symbol);
    return answer.state === 'ok' ? { facts: answer.facts } : { reason: answer.reason };
  };
  const first = await read();
  const { traded } = watch;
  if (!('facts' in first) || traded === null || !isBehind(watch, first.facts)) return first;
  const wait = frameWithin(known, watch, first.facts);
  if (first.facts.stampedBy === 'stream' && wait > 0) {
    await told(known, watch, wait);
    return freshFacts(known, watch);
  }
  traded.asked = true;
  const asked = await cache.askPosition(account, symbol);
  return asked.state === 'unknown' ? { reason: asked.reason } : read();
}

/** How long the frame of the position may still be on its way, ms; 0 when nothing is waited for. */
export function frameWithin({ clock }: Pick<Known, 'clock'>, watch: Watch, rows: Sight): number {
  if (watch.traded === null || !isBehind(watch, rows)) return 0;
  return Math.max(0, FRAME_WITHIN_MS - (clock.ticks() - watch.traded.ticks));
}

/** The position is not yet what an execution has made of it. */
function isBehind({ traded, monitor }: Watch, { positions }: Pick<Sight, 'positions'>): boolean {
  if (traded === null || traded.asked) return false;
  const row = positions.find((one) => one.positionIdx === monitor.positionIdx);
  if (row === undefined) return true;
  const isBySequence = traded.seq !== null && row.seq >= traded.seq;
  return !isBySequence && (row.updatedAt ?? 0) < traded.executedAt;
}

/** Resolves once something is told of the account's positions, or after so many ms. */
function told({ cache, clock }: Known, watch: Watch, ms: number): Promise<void> {
  const { account } = watch.monitor;
  return new Promise((resolve) => {
    let cancel = (): void => {};
    const unsubscribe = cache.subscribe((change) => {
      if (change.kind === 'positions' && change.account === account) end();
    });
    const end = (): void => {
      cancel();
      unsubscribe();
      resolve();
    };
    cancel = clock.after(ms, end);
  });
}
