import { expect, test } from 'vitest';
import type { AccountConfig } from '../../../src-main/desk/accounts/accounts-file.ts';
import {
  checkModeChange,
  createModes,
  startingMode,
} from '../../../src-main/desk/accounts/modes.ts';
import type { KeyCheck } from '../../../src-main/exchange/gateway.ts';
import type { AccountRecord } from '../../../src-main/persistence/records.ts';

const account = (
  venue: AccountConfig['venue'],
  host: string,
  mode: AccountConfig['mode'],
): AccountConfig => ({
  id: 'main',
  role: 'main',
  venue,
  mode,
  restUrl: `https://${host}`,
  wsPrivateUrl: `wss://${host}/v5/private`,
  wsPublicUrl: `wss://${host}/v5/public/linear`,
  apiKey: 'k',
  apiSecret: 's',
});
const remembered = (mode: AccountRecord['mode']): AccountRecord => ({
  id: 'main',
  role: 'main',
  venue: 'live',
  mode,
});

test('nothing that could reach real money is armed by a start, whatever the file or the last run said', () => {
  for (const venue of ['live', 'testnet', 'demo'] as const)
    expect(startingMode(account(venue, 'api.bybit.com', 'armed'), remembered('armed'), false)).toBe(
      'watch',
    );
  for (const host of ['venue.example', '127.0.0.1.example', '10.0.0.1', 'localhost.example'])
    expect(startingMode(account('custom', host, 'armed'), remembered('armed'), false), host).toBe(
      'watch',
    );
  const half = { ...account('custom', '127.0.0.1', 'armed'), wsPrivateUrl: 'wss://venue.example' };
  expect(startingMode(half, undefined, false)).toBe('watch');
});

test('the practice account is armed from the start and keeps what the operator chose', () => {
  const practice = account('practice', '127.0.0.1', 'armed');
  expect(startingMode(practice, undefined, false)).toBe('armed');
  expect(startingMode(practice, remembered('watch'), false)).toBe('watch');
});

test('a venue on this machine never does more than its file and the operator allowed', () => {
  const local = (mode: AccountConfig['mode']) => account('custom', '127.0.0.1:1', mode);
  expect(startingMode(local('armed'), undefined, false)).toBe('armed');
  expect(startingMode(local('armed'), remembered('watch'), false)).toBe('watch');
  expect(startingMode(local('watch'), remembered('armed'), false)).toBe('watch');
});

test('P41 while a restore waits to be resumed, nothing is armed by a restart', () => {
  expect(startingMode(account('practice', '127.0.0.1', 'armed'), remembered('armed'), true)).toBe(
    'watch',
  );
});

test('arming needs the name typed, a checked key that trades and cannot withdraw, and no pause', () => {
  const key: KeyCheck = {
    readOnly: false,
    canTrade: true,
    canWithdraw: false,
    boundToIp: true,
    expiresAt: null,
    findings: [],
  };
  const arm = (over: Partial<Parameters<typeof checkModeChange>[0]>) => () =>
    checkModeChange({
      account: 'main',
      mode: 'armed',
      confirm: 'main',
      key,
      paused: false,
      ...over,
    });
  expect(arm({})).not.toThrow();
  expect(arm({ confirm: undefined })).toThrow('type its name');
  expect(arm({ confirm: 'mirror' })).toThrow('type its name');
  expect(arm({ paused: true })).toThrow('Resume first');
  expect(arm({ key: null })).toThrow('not been checked');
  expect(arm({ key: { ...key, canWithdraw: true } })).toThrow('withdraw');
  expect(arm({ key: { ...key, readOnly: true } })).toThrow('read-only');
  expect(arm({ key: { ...key, canTrade: false } })).toThrow('read-only');
  expect(arm({ mode: 'watch', paused: true, key: null, confirm: undefined })).not.toThrow();
  // To propose needs no name, and the same key: what is approved is to be sent.
  const propose = { mode: 'propose', confirm: undefined } as const;
  expect(arm(propose)).not.toThrow();
  expect(arm({ ...propose, paused: true })).toThrow('Resume first');
  expect(arm({ ...propose, key: { ...key, readOnly: true } })).toThrow('could not be sent');
  expect(arm({ ...propose, key: { ...key, canWithdraw: true } })).toThrow('withdraw');
});

test('F9 to do less is in force although it cannot be saved; to do more is refused then', () => {
  const reasons: (string | undefined)[] = [];
  const full = { says: 'kept' as 'kept' | 'durable' };
  const modes = createModes({
    configs: [account('practice', '127.0.0.1', 'armed')],
    remembered: [],
    paused: false,
    disarmed: { accounts: new Set(), add: () => true, remove() {} },
    operation(about) {
      reasons.push(about.onRefusal);
      if (about.onRefusal === 'roll-back' && full.says === 'kept') throw new Error('full');
      return full.says;
    },
    onChange() {},
  });
  const by = { author: 'operator' } as const;
  expect(modes.set(['main'], 'propose', by)).toBe('kept');
  expect(modes.of('main')).toBe('propose');
  expect(() => modes.set(['main'], 'armed', by)).toThrow('full');
  expect(modes.of('main')).toBe('propose');
  expect(modes.set(['main'], 'watch', by)).toBe('kept');
  expect(() => modes.set(['main'], 'propose', by)).toThrow('full');
  expect(modes.of('main')).toBe('watch');
});
