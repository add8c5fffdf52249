import { expect, test } from 'vitest';
import { createCache } from '../../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../../src-main/cache/kinds.ts';
import type { Parts } from '../../../src-main/desk/parts.ts';
import { accountRow } from '../../../src-main/desk/slices/accounts.ts';
import { createPositionRows } from '../../../src-main/desk/slices/positions.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import { aPosition } from '../../cache/rows.ts';
import { aMarket, aVenue } from '../../cache/venue.ts';
import { manualClock } from '../../support/manual-clock.ts';

test('E10 why a contract has no prices or is not traded any more stands on its row and on its account', async () => {
  const clock = manualClock();
  const main = aVenue('main', clock.now);
  const cache = createCache({
    accounts: [{ account: 'main', gateway: main }],
    market: aMarket(),
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  main.holds.positions = [
    aPosition({ stopLoss: '95' }),
    aPosition({ symbol: 'OLDUSDT', stopLoss: '95' }),
  ];
  cache.take('main', main.snapshot(clock.now()));
  cache.take('main', { kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  const rows = createPositionRows({
    cache,
    clock,
    loop: { watch: () => null, monitors: () => [] },
    settings: () => ({ ttlSeconds: defaultTtlSeconds }),
  } as unknown as Parts);
  const trouble = async (): Promise<(string | null)[]> => {
    await Promise.resolve();
    return rows().map((row) => row.contractTrouble);
  };
  const problem = (): string | null =>
    accountRow({ id: 'main', role: 'main', venue: 'practice' } as never, {
      cache,
      mode: 'watch',
      key: null,
      now: clock.now(),
    }).problem;

  expect(await trouble()).toEqual([null, null]);
  expect(problem()).toBeNull();
  const gone = 'Bybit has no prices for OLDUSDT: it may have been delisted or renamed.';
  const told = { kind: 'prices', symbol: 'OLDUSDT', asOf: clock.now() } as const;
  cache.takeMarket({ ...told, trouble: gone });
  expect(await trouble()).toEqual([null, gone]);
  expect(problem()).toBe(gone);
  expect(rows()[1]?.protection.state).toBe('full');
  // What is told of a contract nobody holds is no problem of the account.
  cache.takeMarket({ ...told, symbol: 'ELSEUSDT', trouble: 'No prices.' });
  expect(problem()).toBe(gone);
  cache.takeMarket({ ...told, trouble: null });
  expect(await trouble()).toEqual([null, null]);
  expect(problem()).toBeNull();
});
