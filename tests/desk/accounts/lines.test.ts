import { expect, test } from 'vitest';
import { syncedAt } from '../../../src-main/desk/accounts/lines.ts';
import { aVenue } from '../../cache/venue.ts';

test('E1 an account is followed up to where something was set aside: executions that wait are read again after a restart', () => {
  const [main, mirror] = [aVenue('main'), aVenue('mirror')];
  const gateways = new Map([main, mirror].map((gateway) => [gateway.account, gateway]));
  main.book.setAside(
    [{ symbol: 'BTCUSDT', kind: 'order', field: 'side', raw: '7', sentence: 'Odd.' }],
    1_000,
  );
  expect(syncedAt(gateways, 9_000, {})).toEqual({ main: 1_000, mirror: 9_000 });
  main.book.understand('BTCUSDT');
  expect(syncedAt(gateways, 9_500, { main: 1_000 })).toEqual({ main: 9_500, mirror: 9_500 });
});
