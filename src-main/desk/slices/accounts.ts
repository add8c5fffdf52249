import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { Mode } from '../../../src-preload/contract/words.ts';
import type { Cache } from '../../cache/cache.ts';
import type { KeyCheck } from '../../exchange/gateway.ts';
import type { AccountConfig } from '../accounts/accounts-file.ts';

/** One account as the strip at the top shows it. */
export function accountRow(
  config: AccountConfig,
  facts: { cache: Cache; mode: Mode; key: KeyCheck | null; now: number },
): AccountRow {
  const wallet = facts.cache.held(config.id, 'wallet');
  const positions = facts.cache.held(config.id, 'positions');
  const line = facts.cache.link(config.id);
  const figures = wallet.rows[0];
  return {
    id: config.id,
    role: config.role,
    venue: config.venue,
    mode: facts.mode,
    equity: figures?.equity ?? null,
    available: figures?.available ?? null,
    unrealisedPnl: figures?.unrealisedPnl ?? null,
    streamState: line.stream,
    streamReason: line.streamReason,
    // A ready stream is watched for silence, so what it keeps is true now; to the second, for the eye.
    asOf:
      line.stream === 'ready' && positions.fresh
        ? Math.floor(facts.now / 1000) * 1000
        : positions.asOf,
    readOnly: facts.key?.readOnly ?? null,
    problem: line.restTrouble ?? facts.key?.findings[0] ?? null,
  };
}
