import { expect, test } from 'vitest';
import { dividedBy, toStep } from '../../src-main/domain/numbers.ts';
import type { Order } from '../../src-main/domain/order.ts';
import { openWire, runSequence, type Wire } from '../support/wire-model.ts';

const SEQUENCES = 100;
const AT_ONCE = 8;
const FIRST_SEED = 1;
const LADDER = 3;

test('after random commands, fills, price moves and faults the gateway tells the exchange’s truth', async () => {
  const seeds = Array.from({ length: SEQUENCES }, (_, i) => FIRST_SEED + i);
  const differences: string[] = [];
  const worker = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const difference = await runSequence(seed);
      if (difference !== null) differences.push(difference);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(`Ran ${SEQUENCES} sequences, seeds ${FIRST_SEED} to ${FIRST_SEED + SEQUENCES - 1}.`);
  expect(differences).toEqual([]);
}, 60_000);

/** Fills the open limit orders of one position one after the other, each in two parts. */
async function fillLadder(wire: Wire): Promise<void> {
  const orders = Object.values(wire.told.picture().orders) as Order[];
  const symbol = orders[0]?.symbol;
  const ladder = orders.filter((order) => order.symbol === symbol && order.triggerPrice === null);
  for (const { orderId, quantity } of ladder.slice(0, LADDER)) {
    const half = toStep(dividedBy(quantity, '2'), '0.001', 'down');
    for (const part of [{ quantity: half }, {}]) {
      await wire.control('fill', { account: 'main', orderId, ...part });
    }
  }
}

test('dropping the socket at every message of a filling ladder changes nothing', async () => {
  let frames = 0;
  const undisturbed = await openWire({
    seed: 7,
    onFrame: ({ account }) => void (frames += account.role === 'main' ? 1 : 0),
  });
  undisturbed.gateway.start();
  await undisturbed.ready();
  frames = 0;
  await fillLadder(undisturbed);
  expect(await undisturbed.settled()).toBeNull();
  await undisturbed.stop();
  const messages = frames;
  expect(messages).toBeGreaterThan(LADDER * 2 * 3);

  const outcomes: string[] = [];
  for (let index = 0; index <= messages; index++) {
    const wire = await openWire({ seed: 7 });
    wire.gateway.start();
    await wire.ready();
    await wire.control('fault', { kind: 'dropSocket', account: 'main', afterFrames: index });
    await fillLadder(wire);
    const difference = await wire.settled();
    if (difference !== null) outcomes.push(`after message ${index}: ${difference}`);
    await wire.stop();
  }
  console.log(`Dropped the socket after each of ${messages} messages.`);
  expect(outcomes).toEqual([]);
}, 60_000);
