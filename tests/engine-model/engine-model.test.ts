import { expect, test } from 'vitest';
import { runHistory } from './run.ts';

test.each([7, 125, 1003, 1028])(
  'history %i of an armed desk: protected in time, nothing stray or doubled, booked as the exchange has it',
  async (seed) => {
    expect(await runHistory(seed, { steps: 60 })).toBeNull();
  },
  120_000,
);
