import type { AccountId } from '../../domain/account.ts';
import type { Gateway, KeyCheck } from '../../exchange/gateway.ts';

/** What the venue says of each account's key, asked until it has said so; each is told once to `learn`. */
export function createKeyChecks(
  gateways: ReadonlyMap<AccountId, Gateway>,
  learn: (account: AccountId, check: KeyCheck) => void,
) {
  const keys = new Map<AccountId, KeyCheck>();
  return {
    keys,
    async check(): Promise<void> {
      for (const [account, gateway] of gateways) {
        if (keys.has(account)) continue;
        const read = await gateway.checkKey();
        const check = read.state === 'ok' ? read.rows[0] : undefined;
        if (!check) continue;
        keys.set(account, check);
        learn(account, check);
      }
    },
  };
}
