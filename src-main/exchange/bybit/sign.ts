import { createHmac, sign as signWithKey } from 'node:crypto';

/**
 * The venue's signature of `message`: HMAC-SHA256 as hex, or RSA-SHA256 as base64 when the secret is
 * a private key. Done here because bybit-api's own, over Web Crypto, costs ten times as much.
 */
export async function sign(message: string, secret: string): Promise<string> {
  return secret.includes('PRIVATE KEY')
    ? signWithKey('RSA-SHA256', Buffer.from(message), secret).toString('base64')
    : createHmac('sha256', secret).update(message).digest('hex');
}
