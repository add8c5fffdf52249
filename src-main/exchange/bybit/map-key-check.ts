import type { KeyCheck } from '../gateway.ts';
import { listOf, type Payload, payloadOf, text, whole } from './fields.ts';

const DAY = 86_400_000;

/** What `user/query-api` says a key may do, with a sentence for each thing that stands out. */
export function mapKeyCheck(value: unknown, now: number): KeyCheck {
  const row = payloadOf(value, 'a key');
  const permissions = payloadOf(row['permissions'], 'a key without permissions');
  const may = (group: string, right: string): boolean => {
    const rights = permissions[group];
    return Array.isArray(rights) && rights.includes(right);
  };
  const ips = row['ips'] === undefined ? [] : listOf(row['ips'], 'a list of addresses');
  const readOnly = whole(row, 'readOnly') === 1;
  const canTrade = !readOnly && may('ContractTrade', 'Order') && may('ContractTrade', 'Position');
  const canWithdraw = may('Wallet', 'Withdraw');
  const boundToIp = ips.some((ip) => ip !== '' && ip !== '*');
  const expiresAt = expiryOf(text(row, 'expiredAt'));
  const findings = [
    readOnly && 'The key is read-only: Holdfast can watch this account but never act on it.',
    !readOnly &&
      !canTrade &&
      'The key may not trade contracts. Allow contract orders and positions for it on the exchange’s site.',
    canWithdraw &&
      'The key may withdraw funds. Holdfast refuses to act with such a key: create one without that right.',
    !boundToIp &&
      'The key works from any address. Bind it to this machine’s IP address on the exchange’s site.',
    expiresAt !== null &&
      expiresAt - now < 14 * DAY &&
      (expiresAt <= now
        ? 'The key has expired. Create a new one.'
        : `The key expires on ${new Date(expiresAt).toISOString().slice(0, 10)}. Create a new one before then.`),
    whole(row, 'uta') === 0 &&
      'The account is not a unified trading account, which Holdfast needs. Upgrade it on the exchange’s site.',
  ].filter((finding) => finding !== false);
  const userId = userIdOf(row);
  return {
    ...(userId === null ? {} : { userId }),
    readOnly,
    canTrade,
    canWithdraw,
    boundToIp,
    expiresAt,
    findings,
  };
}

/** Whose key it is; `null` where the venue does not say. */
function userIdOf(row: Payload): string | null {
  const id = row['userID'];
  if (typeof id === 'string' && id !== '') return id;
  return typeof id === 'number' && id > 0 ? String(id) : null;
}

/** The venue writes the year 1970 for a key that does not expire. */
function expiryOf(written: string | null): number | null {
  const at = written === null ? Number.NaN : Date.parse(written);
  return at > DAY ? at : null;
}
