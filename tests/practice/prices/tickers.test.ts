import { expect, test } from 'vitest';
import { quoteOf } from '../../../src-main/practice/engine/state/venue.ts';
import { tickerFields } from '../../../src-main/practice/rows/market.ts';
import { bareWorld, noon } from '../support.ts';

test('a market that stands still names a time of the next funding that a client can read', () => {
  const { world } = bareWorld();
  world.venue.time.setSpeed(0);
  const { nextFundingTime } = tickerFields(world.venue, quoteOf(world.venue, 'BTCUSDT'));
  expect(Number(nextFundingTime)).toBeGreaterThan(noon);
  expect(Number(nextFundingTime)).toBeLessThanOrEqual(noon + 8 * 3_600_000);
});
