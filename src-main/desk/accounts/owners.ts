import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountId } from '../../domain/account.ts';
import type { KeyCheck } from '../../exchange/gateway.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';

const shape = z.record(z.string(), z.strictObject({ userId: z.string(), key: z.string() }));

/** The setting that says which Bybit account each account of ours is, and by which key that was learned. */
const OWNERS = 'owners';

/** Which Bybit account each account of ours is: a key of another one is not taken under its name. */
export interface Owners {
  /** The user id an account's key has to be of; `null` when it is the key that was used last, or the first. */
  idFor(config: { id: AccountId; apiKey: string }): string | null;
  /** An account is who it was first found to be. */
  learn(account: AccountId, check: KeyCheck): void;
}

export function createOwners(
  configs: readonly { id: AccountId; apiKey: string }[],
  settings: Readonly<Record<string, unknown>>,
  save: (reason: SaveReason, change: Change) => SaveOutcome,
): Owners {
  const owners = { ...shape.safeParse(settings[OWNERS]).data };
  const printOf = (apiKey: string): string =>
    createHash('sha256').update(apiKey).digest('hex').slice(0, 16);

  return {
    idFor({ id, apiKey }) {
      const known = owners[id];
      return known === undefined || known.key === printOf(apiKey) ? null : known.userId;
    },
    learn(account, { userId }) {
      const config = configs.find(({ id }) => id === account);
      if (config === undefined || userId === undefined) return;
      const key = printOf(config.apiKey);
      const known = owners[account];
      if (known && (known.userId !== userId || known.key === key)) return;
      owners[account] = { userId, key };
      save('checked', { settings: { [OWNERS]: { ...owners } } });
    },
  };
}
