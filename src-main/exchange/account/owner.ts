import type { Sorted } from '../bybit/sort-error.ts';
import type { KeyCheck } from '../gateway.ts';
import type { Walk } from '../rest/page-walk.ts';

/**
 * Whose account a key opens, where it is not the key that was used before. Until the venue has said that
 * it is the same account's, nothing else is read or sent with it: two accounts must not be mixed under one
 * name.
 */
export interface Owner {
  /** Why nothing may be read or sent; `null` once it may. */
  barred(): string | null;
  /** Asks the venue unless it is known; `refused` where the key is another account's, for good. */
  check(): Promise<{ why: string; refused: boolean } | null>;
}

export function createOwner(options: {
  account: string;
  /** The user id the key has to be of; `null` where there is nothing to hold it against. */
  userId: string | null;
  ask: () => Promise<Walk<KeyCheck>>;
}): Owner {
  const { account, userId } = options;
  let open = userId === null;
  let stranger: string | null = null;

  const unsure = (trouble: Sorted): boolean => trouble.verdict === 'retry';

  return {
    barred() {
      if (open) return null;
      return stranger ?? `Whose key ${account} has now is not known yet. Nothing was sent.`;
    },
    async check() {
      if (open) return null;
      if (stranger !== null) return { why: stranger, refused: true };
      const walk = await options.ask();
      if (!walk.ok && unsure(walk.trouble)) return { why: walk.trouble.sentence, refused: false };
      // A venue that does not say whose a key is leaves nothing to compare; a bad key is refused anyway.
      const is = walk.ok ? walk.rows[0]?.userId : undefined;
      if (is === undefined || is === userId) {
        open = true;
        return null;
      }
      stranger = `The key of ${account} belongs to another Bybit account (user ${is}) than the one Holdfast has followed as ${account} (user ${userId}). Nothing was read or sent with it. Put the former key back, or give the new account a name of its own.`;
      return { why: stranger, refused: true };
    },
  };
}
