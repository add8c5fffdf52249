import { expect, test } from 'vitest';
import { openWire, runSequence, type Wire } from '../support/wire-model.ts';

const SEQUENCES = 100;
const AT_ONCE = 8;
const FIRST_SEED = 1;
const LADDER = 3;
/** These take about 5 s alone; on a machine at work several times that. ms. */
const LOADED_MACHINE = 180_000;

test(
  'after random commands, fills, price moves and faults the gateway tells the exchange’s truth',
  async () => {
    const seeds = Array.from({ length: SEQUENCES }, (_, i) => FIRST_SEED + i);
    const differences: string[] = [];
    await inParallel(seeds, async (seed) => {
      const difference = await runSequence(seed);
      if (difference !== null) differences.push(difference);
    });
    console.log(
      `Ran ${SEQUENCES} sequences, seeds ${FIRST_SEED} to ${FIRST_SEED + SEQUENCES - 1}.`,
    );
    expect(differences).toEqual([]);
  },
  LOADED_MACHINE,
);

/** An account with one position and a ladder of take-profits on it. */
async function openLadder(onFrame: (frame: { account: { role: string } }) => void): Promise<Wire> {
  const wire = await openWire({ seed: 7, scenario: 'empty', onFrame });
  wire.gateway.start();
  await wire.ready();
  const order = { symbol: 'BTCUSDT', positionIdx: 0, type: 'Limit', timeInForce: 'GTC' } as const;
  await wire.gateway.place(
    { ...order, side: 'Buy', quantity: '0.1', type: 'Market', orderLinkId: 'entry' },
    'manual',
  );
  for (let level = 1; level <= LADDER; level++) {
    const price = String(110_000 + level * 1_000);
    const takeProfit = {
      ...order,
      side: 'Sell',
      reduceOnly: true,
      quantity: '0.02',
      price,
    } as const;
    await wire.gateway.place({ ...takeProfit, orderLinkId: `tp-${level}` }, 'protect');
  }
  expect(await wire.settled()).toBeNull();
  return wire;
}

/** Fills the ladder, each take-profit in two parts. */
async function fillLadder(wire: Wire): Promise<void> {
  for (const orderId of Object.keys(wire.told.picture().orders)) {
    for (const part of [{ quantity: '0.01' }, {}]) {
      await wire.control('fill', { account: 'main', orderId, ...part });
    }
  }
}

test(
  'dropping the socket at every message of a filling ladder changes nothing',
  async () => {
    let messages = 0;
    const undisturbed = await openLadder(({ account }) => {
      if (account.role === 'main') messages++;
    });
    messages = 0;
    await fillLadder(undisturbed);
    expect(await undisturbed.settled()).toBeNull();
    await undisturbed.stop();
    expect(messages).toBeGreaterThanOrEqual(LADDER * 2 * 3);

    const outcomes: string[] = [];
    const indices = Array.from({ length: messages + 1 }, (_, index) => index);
    await inParallel(indices, async (index) => {
      const wire = await openLadder(() => {});
      await wire.control('fault', { kind: 'dropSocket', account: 'main', afterFrames: index });
      await fillLadder(wire);
      const difference = await wire.settled();
      if (difference !== null) outcomes.push(`after message ${index}: ${difference}`);
      await wire.stop();
    });
    console.log(`Dropped the socket after each of ${messages} messages.`);
    expect(outcomes).toEqual([]);
  },
  LOADED_MACHINE,
);

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
