import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from '../engine/state/state.ts';
import { Refusal } from '../refusal.ts';

/** HMAC-SHA256 in lower-case hex, as every key of this venue signs. */
export const signatureOf = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export interface Signed {
  apiKey: string;
  timestamp: string;
  window: string;
  signature: string;
}

/** The four headers of a signed request; `null` when one is missing. */
export function signedHeaders(headers: IncomingHttpHeaders): Signed | null {
  const read = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const signed = {
    apiKey: read('x-bapi-api-key'),
    timestamp: read('x-bapi-timestamp'),
    window: read('x-bapi-recv-window') || '5000',
    signature: read('x-bapi-sign'),
  };
  return signed.apiKey === '' || signed.timestamp === '' || signed.signature === '' ? null : signed;
}

/**
 * Whose request this is. `payload` is the raw query string or the raw body, byte for byte. The time
 * rule is lopsided: the window back, one second forward.
 */
export function authenticate(
  accounts: Account[],
  signed: Signed,
  payload: string,
  now: number,
): Account {
  const account = accounts.find((one) => one.apiKey === signed.apiKey);
  if (account === undefined) throw new Refusal(10003, 'API key is invalid.');
  const at = Number(signed.timestamp);
  const window = Number(signed.window);
  if (!(at >= now - window && at < now + 1000)) {
    throw new Refusal(
      10002,
      `invalid request, please check your server timestamp or recv_window param. req_timestamp[${signed.timestamp}],server_timestamp[${now}],recv_window[${signed.window}]`,
    );
  }
  const origin = `${signed.timestamp}${signed.apiKey}${signed.window}${payload}`;
  if (!same(signatureOf(account.apiSecret, origin), signed.signature)) {
    throw new Refusal(10004, `error sign! origin_string[${origin}]`);
  }
  return account;
}

/** Checks `["key", expires, signature]` of a stream's auth; `null` when it does not hold. */
export function authenticateStream(
  accounts: Account[],
  args: unknown,
  now: number,
): Account | null {
  if (!Array.isArray(args)) return null;
  const [apiKey, expires, signature] = args as unknown[];
  const account = accounts.find((one) => one.apiKey === apiKey);
  if (account === undefined || typeof signature !== 'string') return null;
  if (!(Number(expires) > now)) return null;
  return same(signatureOf(account.apiSecret, `GET/realtime${String(expires)}`), signature)
    ? account
    : null;
}
