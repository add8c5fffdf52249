import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { sign } from '../../../src-main/exchange/bybit/sign.ts';

// Computed with the venue's documented recipe and checked against its answers.
test.each([
  [
    '1700000000000k1235000category=linear&symbol=BTCUSDT',
    'e8f05a855a217a230eb42446a000df754183049715aa02e714bd3d15ce1ded6e',
  ],
  [
    '1700000000000k1235000{"category":"linear","symbol":"BTCUSDT","buyLeverage":"10","sellLeverage":"10"}',
    '7ae2c200f03351f5be998e02f15c98117b50508ce7bfeadbf85029bca9d11f50',
  ],
  ['1700000000000k1235000', 'd8c8f44c27ad78c5db4eb82faa6f0b83949f5a3ca3f10408aa6a3fbdee7b8fd8'],
  ['GET/realtime1700000001000', '606bc5b5adc10525c27290f2eae0046b6b51dfa92b3d514625eaad9ccf2ce6be'],
])('"%s" is signed as the venue expects it', async (message, expected) => {
  expect(await sign(message, 's456')).toBe(expected);
});

test('a private key signs with RSA', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signature = Buffer.from(await sign('message', pem), 'base64');
  expect(verify('RSA-SHA256', Buffer.from('message'), publicKey, signature)).toBe(true);
});
