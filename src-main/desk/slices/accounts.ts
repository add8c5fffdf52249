import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { Mode } from '../../../src-preload/contract/words.ts';
import type { Cache } from '../../cache/cache.ts';
import type { AccountId } from '../../domain/account.ts';
import { plural } from '../../domain/words.ts';
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
    problem: problemOf(config.id, facts),
  };
}

/** What is wrong with an account: with its line or else its key, and with symbols of it. */
function problemOf(
  account: AccountId,
  { cache, key }: { cache: Cache; key: KeyCheck | null },
): string | null {
  const { restTrouble, stream, streamReason } = cache.link(account);
  const aside = cache.allSetAside(account);
  const symbols = new Set(cache.held(account, 'positions').rows.map(({ symbol }) => symbol));
  const problems = [
    (stream === 'refused' ? streamReason : restTrouble) ?? key?.findings[0] ?? '',
    aside.length > 0
      ? `${plural(aside.length, 'symbol is', 'symbols are')} not understood: ${aside.map(({ symbol }) => symbol).join(', ')}. Nothing is sent there.`
      : '',
    ...[...symbols].map((symbol) => cache.contractTrouble(symbol) ?? ''),
  ].filter(Boolean);
  return problems.length > 0 ? problems.join(' ') : null;
}
