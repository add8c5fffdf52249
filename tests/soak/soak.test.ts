import { expect, test } from 'vitest';
import { soak } from './soak.ts';

test('a quarter of an hour of a busy desk: nothing differs, nothing is unprotected, no unknown result', async () => {
  const told: string[] = [];
  const { figures } = await soak({
    hours: 0.25,
    accounts: 2,
    seed: 3,
    progress: (text) => told.push(text),
  });
  expect(told.filter((text) => /^(DIFFERENCE|BOOKS|ERROR)/.test(text))).toEqual([]);
  expect(figures).toMatchObject({ differences: 0, errors: 0, pnlDifference: 0, tradesUnknown: 0 });
  expect(figures['unprotectedMsMax']).toBeLessThanOrEqual(2_000);
  expect(figures['checks']).toBeGreaterThan(0);
}, 300_000);
