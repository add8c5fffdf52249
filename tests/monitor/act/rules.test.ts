import { expect, test } from 'vitest';
import { positionKey } from '../../../src-main/domain/keys.ts';
import type { Monitor } from '../../../src-main/domain/monitor.ts';
import { equal, minus, sum, times } from '../../../src-main/domain/numbers.ts';
import { openTotal } from '../../../src-main/monitor/rules/ladder.ts';
import type { DeskRig } from '../../support/desk-rig.ts';
import { virtualDesk } from '../../support/virtual-desk.ts';

/** A monitor of the main account that fits. */
function pick(desk: DeskRig, fits: (monitor: Monitor) => boolean): Monitor {
  const found = desk.loop.monitors().find((one) => one.account === 'main' && fits(one));
  if (!found) throw new Error('the scenario has no such position');
  return found;
}

const now = (desk: DeskRig, monitor: Monitor): Monitor | undefined =>
  desk.loop.watch(positionKey(monitor))?.monitor;

const isBuilding = ({ entries, takeProfits }: Monitor): boolean =>
  entries.some(({ open }) => open) && takeProfits.length === 4;

test.each(['position', 'order'] as const)(
  'P21 P22 a stop that is removed by hand is put back where it was within two seconds: %s',
  async (source) => {
    const { desk, time, ask } = await virtualDesk({ mode: 'armed' });
    const monitor = pick(desk, ({ stop, phase }) => stop?.source === source && phase === 'adopted');
    const { account, symbol } = monitor;
    await ask('stop', { account, symbol, price: null });
    await time.until(() => now(desk, monitor)?.stop === null);
    const removedAt = time.clock.now();
    await time.until(() => now(desk, monitor)?.stop !== null);
    expect(time.clock.now() - removedAt).toBeLessThanOrEqual(2_000);
    expect(now(desk, monitor)?.stop).toMatchObject({
      price: monitor.stop?.price,
      quantity: 'full',
    });
  },
);

test('the ladder is spread anew, in the parts it had, once an entry fills', async () => {
  const { desk, time, ask } = await virtualDesk({ mode: 'armed' });
  const monitor = pick(desk, isBuilding);
  const entry = monitor.entries.find(({ open }) => open);
  await ask('fill', { account: 'main', orderId: entry?.orderId });
  const fits = (): boolean => {
    const is = now(desk, monitor);
    return (
      is !== undefined && !equal(is.size, monitor.size) && equal(openTotal(is.takeProfits), is.size)
    );
  };
  await time.until(fits);
  const after = now(desk, monitor);
  const first = after?.takeProfits[0]?.quantity ?? '0';
  const step = desk.cache.instrument(monitor.symbol)?.quantityStep ?? '0';
  const part = times(after?.size ?? '0', '0.85');
  expect(Math.abs(Number(minus(part, first)))).toBeLessThanOrEqual(3 * Number(step));
  expect(after?.takeProfits.map(({ orderId }) => orderId)).toEqual(
    monitor.takeProfits.map(({ orderId }) => orderId),
  );
});

test('P23 a stop order is for the whole of a position that has grown', async () => {
  const { desk, time, ask } = await virtualDesk({ mode: 'armed' });
  const monitor = pick(desk, ({ stop }) => stop?.source === 'order');
  const { account, symbol, side, size } = monitor;
  await ask('order', {
    account,
    category: 'linear',
    symbol,
    side: side === 'long' ? 'Buy' : 'Sell',
    orderType: 'Market',
    qty: size,
    positionIdx: monitor.positionIdx,
  });
  const grown = times(size, '2');
  await time.until(() => equal(now(desk, monitor)?.size ?? '0', grown));
  const covered = (): string =>
    sum(
      [now(desk, monitor)?.stop, ...(now(desk, monitor)?.otherStops ?? [])].map((stop) =>
        stop?.quantity === 'full' ? grown : (stop?.quantity ?? '0'),
      ),
    );
  await time.until(() => equal(covered(), grown));
});

test('M16 after a restart the second take-profit does not do again what the first one did', async () => {
  const { desk, time, ask, another } = await virtualDesk({ mode: 'armed' });
  const monitor = pick(
    desk,
    ({ takeProfits, stop }) => takeProfits.length === 4 && stop?.source === 'position',
  );
  await ask('fill', { account: 'main', orderId: monitor.takeProfits[0]?.orderId });
  await time.until(() => now(desk, monitor)?.breakevenMoved === true);
  const saved = desk.loop.monitors();
  await time.during(desk.stop());

  const second = await another({ mode: 'armed', monitors: [...saved] });
  await ask('fill', { account: 'main', orderId: monitor.takeProfits[1]?.orderId });
  await time.until(() => now(second, monitor)?.takeProfits[1]?.state === 'filled');
  await time.pass(5_000);
  expect(second.intents().filter(({ position }) => position === positionKey(monitor))).toEqual([]);
  expect(second.alerts.filter(({ rule }) => rule === 'breakeven-moved')).toEqual([]);
});

test('a stop that trails in steps follows the best price, never goes back, and survives a restart', async () => {
  const trailing = { afterTakeProfit: 1, distance: '1', unit: '%', by: 'steps' } as const;
  const playbook = { trailing };
  const { desk, time, ask, another } = await virtualDesk({ mode: 'armed', playbook });
  const monitor = pick(
    desk,
    ({ takeProfits, stop, side }) =>
      takeProfits.length === 4 && stop?.source === 'position' && side === 'long',
  );
  const entry = Number(monitor.entryPrice);
  const priceIs = (factor: number) =>
    ask('price', { symbol: monitor.symbol, price: (entry * factor).toFixed(8), holdMs: 600_000 });
  const stopAt = (desk_: DeskRig): number => Number(now(desk_, monitor)?.stop?.price);

  await priceIs(1.03);
  await time.until(() => stopAt(desk) > entry * 1.0185);
  const high = stopAt(desk);
  expect(high).toBeLessThanOrEqual(entry * 1.0201);
  await priceIs(1.025);
  await time.pass(5_000);
  expect(stopAt(desk)).toBe(high);

  const saved = desk.loop.monitors();
  await time.during(desk.stop());
  const second = await another({ mode: 'armed', playbook, monitors: [...saved] });
  await time.pass(5_000);
  expect(stopAt(second)).toBe(high);
  expect(now(second, monitor)?.rules.trailedFrom).toBe(now(desk, monitor)?.rules.trailedFrom);
});
