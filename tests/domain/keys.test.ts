import { expect, test } from 'vitest';
import { positionKey } from '../../src-main/domain/keys.ts';

test('P02 P04 a position is known by account, symbol and position index, and by nothing else', () => {
  const base = { account: 'main', symbol: 'BTCUSDT', positionIdx: 0 } as const;
  const others = [
    { ...base, account: 'mirror' },
    { ...base, symbol: 'ETHUSDT' },
    { ...base, positionIdx: 1 as const },
    { ...base, positionIdx: 2 as const },
  ];
  const keys = new Set([base, ...others].map((of) => positionKey(of)));
  expect(keys.size).toBe(5);
  const withStrategy = { ...base, strategy: 'conservative' };
  expect(positionKey(withStrategy)).toBe(positionKey(base));
});
