import { describe, expect, test } from 'vitest';
import { refuseSecrets } from '../../../src-main/backup/files/secrets.ts';

const random = 'k3Jd82hDk29sHs72jD';

describe('D11 what is a secret is told by name and by shape', () => {
  test.each([
    { apiKey: random },
    { api_key: random },
    { API_SECRET: 'short' },
    { 'api-secret': random },
    { botToken: '123456789:AAHk3Jd82hDk29sHs72jDk3Jd82hDk29sHs' },
    { anything: '123456789:AAHk3Jd82hDk29sHs72jDk3Jd82hDk29sHs' },
    { access_token: random },
    { refreshToken: random },
    { passphrase: 'correct horse battery staple' },
    { password: 'x1' },
    { private_key: '-----BEGIN RSA PRIVATE KEY-----\nMIIE...' },
    { note: '-----BEGIN PRIVATE KEY-----\nMIIE...' },
    { Authorization: `Bearer ${random}` },
    { id_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N' },
    { github: 'ghp_k3Jd82hDk29sHs72jDk3Jd82hDk29sHs72' },
    { clientSecret: 'abc' },
    { mnemonic: 'abandon ability able about above absent absorb abstract' },
    { accounts: [{ deep: { er: { secret: 's' } } }] },
    { headers: [{ name: 'X-Api-Secret', value: 'abc' }] },
    [[{ webhook_url: 'https://hooks.example/services/T0000/B0000/k3Jd82hDk29sHs72jD' }]],
  ])('%j is refused', (value) => {
    expect(() => refuseSecrets(value)).toThrow(/contains keys or passwords/);
  });

  test.each([
    { token: 'BTC' },
    { token: 'USDT', tokens: ['BTC', 'ETH'] },
    { token: '0x2260fac5e5542a773aa44fbcfedf7c193bc2c599' },
    { key: 'main/BTCUSDT/0', positionKey: 'main/BTCUSDT/0' },
    { tokenCount: 12_538, tokensUsed: '120000' },
    { apiKey: '', apiSecret: '', password: null },
    { apiSecret: '********', password: '<...>' },
    { secretary: 'Ann', keyword: 'breakout2024abc', passed: 'yes', passwordless: 'true1234567890' },
    { experience: 'the password of the day is long', text: 'token BTC' },
    { symbol: '1000PEPEUSDT', orderLinkId: 'hf-7f3a9c1e2b4d', hash: 'a'.repeat(64) },
  ])('%j is kept', (value) => {
    expect(() => refuseSecrets(value)).not.toThrow();
  });

  test('D11 a value nested as deep as JSON goes is looked into without a fall', () => {
    const deep = JSON.parse(
      `${'['.repeat(5_000)}{"apiSecret":"x1"}${']'.repeat(5_000)}`,
    ) as unknown;
    expect(() => refuseSecrets(deep)).toThrow(/contains keys/);
  });
});
