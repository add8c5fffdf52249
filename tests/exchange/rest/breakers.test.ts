import { expect, test } from 'vitest';
import { createBreakers } from '../../../src-main/exchange/rest/breakers.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** Breakers over work that answers what it is told to; `true` is a failure. */
function breakers() {
  const still = manualClock();
  const wall = { set: 0 };
  const clock = { ...still, now: () => still.now() + wall.set };
  const states: string[] = [];
  const made = createBreakers<boolean>(
    clock,
    10_000,
    (failed) => failed,
    ({ state }) => states.push(state),
  );
  const run = (failed: boolean) => made.run('/v5/x', async () => failed);
  return { still, wall, states, made, run };
}

test('E6 after the clock is set back an hour an open breaker still rests only its time', async () => {
  const { still, wall, run } = breakers();
  for (let i = 0; i < 5; i++) await run(true);
  expect(await run(false)).toBeNull();
  wall.set = -3_600_000;
  still.advance(10_000);
  expect(await run(false)).toBe(false);
});

test('five failures in a row open it, one probe decides, and who comes meanwhile waits for it', async () => {
  const { still, states, made, run } = breakers();
  for (let i = 0; i < 4; i++) await run(true);
  await run(false);
  for (let i = 0; i < 5; i++) expect(await run(true)).toBe(true);
  expect(states).toEqual(['open']);
  still.advance(10_000);
  expect(await run(true)).toBe(true);
  expect(states).toEqual(['open', 'half-open', 'open']);
  still.advance(10_000);
  let finish = (_failed: boolean): void => {};
  const probe = made.run('/v5/x', () => new Promise((resolve) => (finish = resolve)));
  const other = run(false);
  await Promise.resolve();
  finish(false);
  expect(await probe).toBe(false);
  expect(await other).toBe(false);
  expect(made.status()).toMatchObject([{ kind: '/v5/x', state: 'closed' }]);
});
