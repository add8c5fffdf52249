import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { redact } from '../../../src-main/domain/redact.ts';
import { mapKeyCheck } from '../../../src-main/exchange/bybit/map-key-check.ts';
import { venueUrls } from '../../../src-main/exchange/bybit/venue-urls.ts';
import { sharedPath } from '../../support/shared.ts';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const good = {
  readOnly: 0,
  permissions: { ContractTrade: ['Order', 'Position'], Wallet: ['AccountTransfer'] },
  ips: ['203.0.113.7'],
  deadlineDay: -2,
  expiredAt: '1970-01-01T00:00:00Z',
  uta: 1,
};

describe('what a key may do', () => {
  test('a good key has nothing that stands out', () => {
    expect(mapKeyCheck(good, NOW)).toEqual({
      readOnly: false,
      canTrade: true,
      canWithdraw: false,
      boundToIp: true,
      expiresAt: null,
      findings: [],
    });
  });

  test.each([
    [{ readOnly: 1 }, 'read-only'],
    [{ permissions: { ContractTrade: ['Position'] } }, 'may not trade contracts'],
    [{ permissions: { ...good.permissions, Wallet: ['Withdraw'] } }, 'withdraw'],
    [{ ips: ['*'] }, 'from any address'],
    [{ expiredAt: '2026-11-25T00:00:00Z', deadlineDay: 5 }, 'expires on 2026-11-25'],
    [{ expiredAt: '2026-11-19T00:00:00Z', deadlineDay: 0 }, 'has expired'],
    [{ uta: 0 }, 'not a unified trading account'],
  ])('%j is said in one sentence of its own', (over, words) => {
    const { findings } = mapKeyCheck({ ...good, ...over }, NOW);
    expect(findings.length).toBe(1);
    expect(findings[0]).toContain(words);
  });

  const path = sharedPath('recordings', 'wss-bybitapi', 'rest-user-query-api.json');
  test.skipIf(path === null)('a recorded answer reads as a full key bound to an address', () => {
    const { body } = JSON.parse(readFileSync(path as string, 'utf8'));
    expect(mapKeyCheck(body.result, NOW)).toMatchObject({
      canTrade: true,
      boundToIp: true,
      expiresAt: null,
      findings: [],
    });
  });
});

describe('P54 redaction', () => {
  test('P54 secrets go from texts and objects, everything else stays', () => {
    const secret = 's3cr3t-value';
    const facts = {
      message: `failed with ${secret}`,
      headers: { 'X-BAPI-SIGN': 'ab', 'X-BAPI-API-KEY': 'cd', 'Content-Type': 'text/plain' },
      requestOptions: { key: 'ef', secret: 'gh', baseUrl: 'https://x' },
      list: [`apiSecret=${secret}`, 42, null],
      size: '0.010',
    };
    const clean = redact(facts, [secret]);
    expect(JSON.stringify(clean)).not.toMatch(/s3cr3t|"ab"|"cd"|"ef"|"gh"/);
    expect(clean.headers['Content-Type']).toBe('text/plain');
    expect(clean.requestOptions.baseUrl).toBe('https://x');
    expect(clean.size).toBe('0.010');
    expect(facts.requestOptions.secret).toBe('gh');
    expect(redact('error sign! origin_string[1700KEY5000body]')).not.toContain('KEY5000');
    expect(redact({ failure: new Error(`no ${secret}`) }, [secret])).toEqual({
      failure: 'no [removed]',
    });
  });

  test('P54 Bybit’s own addresses are reached over TLS only', () => {
    for (const venue of ['live', 'testnet', 'demo'] as const) {
      const urls = venueUrls(venue);
      expect(urls.restUrl).toMatch(/^https:\/\/api[a-z-]*\.bybit\.com$/);
      expect(urls.wsPrivateUrl).toMatch(/^wss:\/\/stream[a-z-]*\.bybit\.com\/v5\/private$/);
      expect(urls.wsPublicUrl).toMatch(/^wss:\/\/stream[a-z-]*\.bybit\.com\/v5\/public\/linear$/);
    }
    expect(venueUrls('demo').wsPublicUrl).toBe(venueUrls('live').wsPublicUrl);
  });
});
