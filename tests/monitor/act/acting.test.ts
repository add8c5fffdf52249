import { expect, test } from 'vitest';
import { positionKey } from '../../../src-main/domain/keys.ts';
import type { Monitor } from '../../../src-main/domain/monitor.ts';
import { compare, equal, less, sum, times, toStep } from '../../../src-main/domain/numbers.ts';
import { linkIdOf } from '../../../src-main/monitor/act/intent.ts';
import { virtualDesk } from '../../support/virtual-desk.ts';
import { breakevenOf, fillFirst, pick, truthOf, writesOf } from './on-practice.ts';

test('P10 P49 armed: at the first take-profit the stop goes to breakeven and the entries go, and only what the venue confirmed is told', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  await fillFirst(on, monitor);
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  const truth = await truthOf(on, 'main');
  const position = truth.positions.find((row) => row.symbol === monitor.symbol);
  expect(equal(position?.stopLoss ?? '0', breakevenOf(desk, monitor))).toBe(true);
  const left = new Set(truth.orders.map((order) => order.orderId));
  expect(monitor.entries.filter((entry) => entry.open && left.has(entry.orderId))).toEqual([]);
  const kept = monitor.takeProfits.slice(1).filter((rung) => left.has(rung.orderId ?? ''));
  expect(kept).toHaveLength(3);
  // Every write was saved before it was sent, and each is confirmed afterwards.
  const steps = desk.intents().map((intent) => intent.step);
  const writes = await writesOf(on);
  expect(steps.filter((step) => step === 'sent')).toHaveLength(writes.length);
  expect(steps.filter((step) => step === 'confirmed')).toHaveLength(writes.length);
  const confirmed = desk.timeline().filter((line) => line.stage === 'confirmed');
  expect(confirmed.map((line) => line.text)).toContain(
    `The stop is at ${breakevenOf(desk, monitor)}: breakeven with fees.`,
  );
});

test('P05 P08 the mirror is managed on its own account and size; the main is not touched', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const monitor = pick(desk, 'mirror', 'position');
  const before = await truthOf(on, 'main');
  await fillFirst(on, monitor);
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  const mirror = await truthOf(on, 'mirror');
  const position = mirror.positions.find((row) => row.symbol === monitor.symbol);
  expect(equal(position?.stopLoss ?? '0', breakevenOf(desk, monitor))).toBe(true);
  const after = await truthOf(on, 'main');
  expect(after.orders.map((order) => order.orderId)).toEqual(
    before.orders.map((order) => order.orderId),
  );
  expect(after.positions.map((row) => row.stopLoss)).toEqual(
    before.positions.map((row) => row.stopLoss),
  );
});

test('P37 watching: nothing is sent, what would be done is told once; arming then does it', async () => {
  const on = await virtualDesk({ mode: 'watch' });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  await fillFirst(on, monitor);
  await time.until(() => desk.timeline().some((line) => line.stage === 'would-do'));
  for (let cycle = 0; cycle < 3; cycle++) await time.during(desk.loop.cycle());
  expect(await writesOf(on)).toEqual([]);
  expect(desk.intents()).toEqual([]);
  const would = desk.timeline().filter((line) => line.stage === 'would-do');
  expect(would).toHaveLength(1 + monitor.entries.filter((entry) => entry.open).length);
  expect(would[0]?.text).toContain(`to ${breakevenOf(desk, monitor)} (breakeven with fees)`);
  desk.modes.set('main', 'armed');
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  expect(await writesOf(on)).toHaveLength(would.length);
});

test('proposing: nothing is sent until the operator approves these very steps, and what somebody else does lapses by itself', async () => {
  const on = await virtualDesk({ mode: 'propose' });
  const { desk, time } = on;
  const { proposals } = desk;
  const monitor = pick(desk, 'main', 'position');
  await fillFirst(on, monitor);
  await time.until(() => proposals.rows().length === 1);
  for (let cycle = 0; cycle < 3; cycle++) await time.during(desk.loop.cycle());
  expect([await writesOf(on), desk.intents()]).toEqual([[], []]);
  const [row] = proposals.rows();
  expect(row).toMatchObject({ account: 'main', symbol: monitor.symbol });
  const answer = await time.during(proposals.approve(row?.id ?? ''));
  expect(answer.outcome).toBe('confirmed');
  expect(await writesOf(on)).toHaveLength(1 + monitor.entries.filter(({ open }) => open).length);
  const { positions } = await truthOf(on, 'main');
  const held = positions.find(({ symbol }) => symbol === monitor.symbol);
  expect(equal(held?.stopLoss ?? '0', breakevenOf(desk, monitor))).toBe(true);
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  expect(proposals.rows()).toEqual([]);

  const other = pick(desk, 'mirror', 'position', false);
  await fillFirst(on, other);
  await time.until(() => proposals.rows().length === 1);
  const { account, symbol, positionIdx } = other;
  await on.ask('stop', { account, symbol, positionIdx, price: breakevenOf(desk, other) });
  await time.until(() => proposals.rows().length === 0);
  expect(proposals.answered()[0]).toMatchObject({ how: 'withdrawn', symbol });
});

test('armed, what is due is done at once: no look of the loop is waited for', async () => {
  // Time stands still while it acts, so messages must be there in no time.
  const on = await virtualDesk({ mode: 'watch' }, { jitterMs: 0, lagMs: 0 });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  await fillFirst(on, monitor);
  await time.until(() => desk.timeline().some((line) => line.stage === 'would-do'));
  await time.settle();
  const at = time.clock.now();
  desk.modes.set('main', 'armed');
  desk.loop.modeChanged('main');
  await time.settle();
  expect(time.clock.now()).toBe(at);
  expect(desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved).toBe(true);
  expect((await writesOf(on)).length).toBeGreaterThan(0);
});

test('while paused nothing is sent, though the fill is seen; resumed, it is acted on', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  const watched = () => desk.loop.watch(positionKey(monitor))?.monitor;
  desk.loop.pause('A backup was restored.');
  await fillFirst(on, monitor);
  await time.until(() => watched()?.takeProfits[0]?.state === 'filled');
  for (let cycle = 0; cycle < 3; cycle++) await time.during(desk.loop.cycle());
  expect(await writesOf(on)).toEqual([]);
  desk.loop.resume();
  await time.until(() => watched()?.breakevenMoved === true);
});

test('P56 an answer that got lost is resolved by asking: the write is sent once', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position', false);
  await on.ask('fault', { kind: 'acceptThenDrop', path: 'trading-stop', count: 1 });
  await fillFirst(on, monitor);
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  const writes = await writesOf(on);
  expect(writes.map((request) => request.path)).toEqual(['/v5/position/trading-stop']);
  expect(desk.intents().map((intent) => intent.step)).toEqual(['sent', 'confirmed']);
});

test('P22 a stop that is an order is amended where it is, never cancelled first', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'order', false);
  await fillFirst(on, monitor);
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  const writes = await writesOf(on);
  expect(writes.map((request) => request.path)).toEqual(['/v5/order/amend']);
  const truth = await truthOf(on, 'main');
  const stop = truth.orders.find((order) => order.orderId === monitor.stop?.orderId);
  expect(equal(stop?.triggerPrice ?? '0', breakevenOf(desk, monitor))).toBe(true);
});

test('M3 where several stops cover the position in parts, every unit ends up behind breakeven', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  const { account, symbol, positionIdx, side, size, stop, takeProfits } = pick(
    desk,
    'main',
    'order',
    false,
  );
  const place = { account, symbol, positionIdx };
  await ask('stop', { ...place, price: null });
  const step = desk.cache.instrument(symbol)?.quantityStep ?? '1';
  // Each is for less than what the first take-profit leaves open.
  const qty = toStep(times(size, '0.112'), step, 'up');
  const closing = {
    ...place,
    side: side === 'long' ? 'Sell' : 'Buy',
    orderType: 'Market',
    reduceOnly: true,
    triggerPrice: stop?.price,
    triggerDirection: side === 'long' ? 2 : 1,
  };
  for (let count = 0; count < 9; count += 1) await ask('order', { ...closing, qty });
  const key = positionKey({ account, symbol, positionIdx });
  await time.until(() => desk.loop.watch(key)?.monitor.stop?.orderId !== stop?.orderId);
  await ask('fill', { account, orderId: takeProfits[0]?.orderId });
  await time.until(() => desk.loop.watch(key)?.monitor.breakevenMoved === true);
  const monitor = desk.loop.watch(key)?.monitor;
  if (!monitor) throw new Error('the monitor is gone');
  const { orders } = await truthOf(on, account);
  const behind = orders.filter(
    (order) =>
      order.symbol === symbol &&
      order.triggerPrice !== '' &&
      equal(order.triggerPrice, breakevenOf(desk, monitor)),
  );
  expect(less(sum(behind.map(({ qty }) => qty)), monitor.size)).toBe(false);
});

test('M13 a stop that the mark price sets off is still set off by it at breakeven', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  const monitor = pick(desk, 'main', 'position');
  const { account, symbol, positionIdx, side, entries, stop } = monitor;
  const key = positionKey(monitor);
  const entry = entries.find(({ open }) => open);
  await ask('order', {
    account,
    symbol,
    positionIdx,
    side: side === 'long' ? 'Buy' : 'Sell',
    orderType: 'Market',
    qty: entry?.quantity,
    stopLoss: stop?.price,
    slTriggerBy: 'MarkPrice',
    tpslMode: 'Full',
  });
  await time.until(() => desk.loop.watch(key)?.monitor.size !== monitor.size);
  await fillFirst(on, monitor);
  await time.until(() => desk.loop.watch(key)?.monitor.breakevenMoved === true);
  const { orders } = await truthOf(on, account);
  const stops = orders.filter(
    (order) => order.symbol === symbol && order.stopOrderType === 'StopLoss',
  );
  expect(stops.map(({ triggerBy }) => triggerBy)).toEqual(['MarkPrice']);
  expect(equal(stops[0]?.triggerPrice ?? '0', stop?.price ?? '0')).toBe(false);
});

test('P56 what cannot be saved is not sent', async () => {
  const on = await virtualDesk({
    mode: 'armed',
    save: (_reason, change) => (change.intents ? 'kept' : 'durable'),
  });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  await fillFirst(on, monitor);
  await time.until(() => desk.alerts.some((alert) => alert.rule === 'intent-refused'));
  expect(await writesOf(on)).toEqual([]);
});

test('P16 P30 P56 after a crash a pending intent is asked about, not sent again', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk: first, time } = on;
  const monitor = pick(first, 'main', 'position', false);
  await fillFirst(on, monitor);
  await time.until(() => first.intents().some((intent) => intent.step === 'confirmed'));
  // As a crash right after the sending would have left it: saved as sent, the monitor not yet moved.
  const pending = first.intents().filter((intent) => intent.step === 'sent');
  const saved = first.saves.findLast(
    (save) =>
      save.reason === 'take-profit-hit' && save.change.monitors?.[0]?.symbol === monitor.symbol,
  )?.change.monitors?.[0];
  if (!saved) throw new Error('the take-profit was not saved');
  await time.during(first.stop());
  const before = (await writesOf(on)).length;

  const second = await on.another({ mode: 'armed', monitors: [saved], intents: pending });
  await time.until(() => second.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true);
  expect((await writesOf(on)).length).toBe(before);
  expect(second.intents().map((intent) => [intent.id, intent.step])).toEqual([
    [pending[0]?.id, 'confirmed'],
  ]);
});

test('P47 with REST down nothing is decided on what is held', async () => {
  const on = await virtualDesk({
    mode: 'armed',
    timings: { retryFirst: 5, breakerRest: 60_000 },
  });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  await on.ask('fault', { kind: 'http500', forMs: 60_000 });
  await time.during(desk.cache.sweep());
  await time.during(desk.cache.sweep());
  expect(desk.cache.link('main').restTrouble).not.toBeNull();
  await fillFirst(on, monitor);
  await time.until(() => desk.timeline().some((line) => line.stage === 'unknown'));
  expect(desk.intents()).toEqual([]);
  expect(desk.loop.watch(positionKey(monitor))?.monitor.phase).toBe('taking-profit');
});

test('P19 P60 a stream cut in the middle loses no fill', async () => {
  const on = await virtualDesk({ timings: { reconnectFirst: 50 } });
  const { desk, time } = on;
  const monitor = pick(desk, 'main', 'position');
  await on.ask('fault', { kind: 'dropSocket' });
  await fillFirst(on, monitor);
  await time.until(() => desk.loop.watch(positionKey(monitor))?.monitor.phase === 'taking-profit');
  expect(desk.loop.monitors()).toHaveLength(60);
  const told = desk.timeline().filter((line) => line.text.startsWith('Take-profit 1 hit'));
  expect(new Set(told.map((line) => line.id)).size).toBe(1);
});

test('duplicated and reordered frames change nothing that is believed', async () => {
  const on = await virtualDesk();
  const { desk, time } = on;
  await on.ask('fault', { kind: 'duplicate', count: 20 });
  await on.ask('fault', { kind: 'reorder', count: 20 });
  const monitors = desk.loop
    .monitors()
    .filter((one) => one.takeProfits.length === 4)
    .slice(0, 6);
  for (const monitor of monitors) await fillFirst(on, monitor);
  const watchOf = (monitor: Monitor) => desk.loop.watch(positionKey(monitor))?.monitor;
  await time.until(() => monitors.every((monitor) => watchOf(monitor)?.phase === 'taking-profit'));
  await time.until(() =>
    monitors.every((monitor) => compare(watchOf(monitor)?.size ?? '0', monitor.size) < 0),
  );
  for (const account of ['main', 'mirror']) {
    const truth = await truthOf(on, account);
    const held = desk.cache.held(account, 'positions').rows;
    for (const row of truth.positions) {
      const own = held.find((one) => one.symbol === row.symbol);
      expect(equal(own?.size ?? '0', row.size)).toBe(true);
    }
    expect(held).toHaveLength(truth.positions.length);
  }
  expect((await time.during(desk.cache.sweep())).differences).toBe(0);
});

test('P30 a link id is derived: the same wish gives the same one, of at most 36 allowed characters', () => {
  const one = linkIdOf('main', 'main/BTCUSDT/0/1/{"do":"cancel"}');
  expect(one).toMatch(/^[A-Za-z0-9_-]{1,36}$/);
  expect(linkIdOf('main', 'main/BTCUSDT/0/1/{"do":"cancel"}')).toBe(one);
  expect(linkIdOf('mirror', 'main/BTCUSDT/0/1/{"do":"cancel"}')).not.toBe(one);
});
