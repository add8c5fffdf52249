import type { AccountId } from '../../domain/account.ts';
import type { Gateway, KeyCheck } from '../../exchange/gateway.ts';

/** What the venue says of each account's key, asked until it has said so. */
export function createKeyChecks(gateways: ReadonlyMap<AccountId, Gateway>, onChange: () => void) {
  const keys = new Map<AccountId, KeyCheck>();
  return {
    keys,
    async check(): Promise<void> {
      for (const [account, gateway] of gateways) {
        if (keys.has(account)) continue;
        const read = await gateway.checkKey();
        if (read.state === 'ok' && read.rows[0]) keys.set(account, read.rows[0]);
      }
      onChange();
    },
  };
}
