import { expect, test } from 'vitest';
import type { Clock } from '../../src-main/domain/clock.ts';
import { virtualTime } from '../support/virtual-time.ts';
import { openWire, runSequence, type Wire } from '../support/wire-model.ts';

const SEQUENCES = 100;
const FIRST_SEED = 1;
const LADDER = 3;
/** A hundred whole exchanges take about 5 s; on a machine at work several times that. ms. */
const LOADED_MACHINE = 180_000;

test(
  'after random commands, fills, price moves and faults the gateway tells the exchange’s truth',
  async () => {
    const differences: string[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
      const difference = await runSequence(seed);
      if (difference !== null) differences.push(difference);
    }
    console.log(
      `Ran ${SEQUENCES} sequences, seeds ${FIRST_SEED} to ${FIRST_SEED + SEQUENCES - 1}.`,
    );
    expect(differences).toEqual([]);
  },
  LOADED_MACHINE,
);

/** An account with one position and a ladder of take-profits on it. */
async function openLadder(
  clock: Clock,
  onFrame: (frame: { account: { role: string } }) => void,
): Promise<Wire> {
  const wire = await openWire(clock, { seed: 7, scenario: 'empty', onFrame });
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
    const time = virtualTime();
    let messages = 0;
    const undisturbed = async (): Promise<void> => {
      const wire = await openLadder(time.clock, ({ account }) => {
        if (account.role === 'main') messages++;
      });
      messages = 0;
      await fillLadder(wire);
      expect(await wire.settled()).toBeNull();
      await wire.stop();
    };
    await time.during(undisturbed());
    expect(messages).toBeGreaterThanOrEqual(LADDER * 2 * 3);

    const outcomes: string[] = [];
    const droppedAfter = async (index: number): Promise<void> => {
      const wire = await openLadder(time.clock, () => {});
      await wire.control('fault', { kind: 'dropSocket', account: 'main', afterFrames: index });
      await fillLadder(wire);
      const difference = await wire.settled();
      if (difference !== null) outcomes.push(`after message ${index}: ${difference}`);
      await wire.stop();
    };
    for (let index = 0; index <= messages; index++) await time.during(droppedAfter(index));
    console.log(`Dropped the socket after each of ${messages} messages.`);
    expect(outcomes).toEqual([]);
  },
  LOADED_MACHINE,
);
