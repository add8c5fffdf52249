import { expect, test } from 'vitest';
import { positionKey } from '../../../src-main/domain/keys.ts';
import type { Monitor } from '../../../src-main/domain/monitor.ts';
import { equal } from '../../../src-main/domain/numbers.ts';
import { type VirtualDesk, virtualDesk } from '../../support/virtual-desk.ts';
import { breakevenOf, fillFirst, pick, truthOf, writesOf } from './on-practice.ts';

const isDone = ({ desk }: VirtualDesk, monitor: Monitor): boolean =>
  desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true;

/** Where the exchange has the stop of a position, and for how much where it is an order. */
async function stopsOf(on: VirtualDesk, { account, symbol }: Monitor) {
  const { positions, orders } = await truthOf(on, account);
  const held = positions.find((row) => row.symbol === symbol);
  const own = orders.filter((row) => row.symbol === symbol && row.stopOrderType === 'Stop');
  const levels = [held?.stopLoss ?? '', ...own.map(({ triggerPrice }) => triggerPrice)];
  return {
    size: held?.size,
    levels: levels.filter((level) => level !== ''),
    own: own.map(({ qty }) => qty),
  };
}

/** Writes that the exchange took more than once. */
async function takenTwice(on: VirtualDesk): Promise<string[]> {
  const taken = (await writesOf(on)).filter(({ retCode }) => retCode === 0);
  const names = taken.map(({ account, path, body }) => `${account} ${path} ${body}`);
  return names.filter((name, at) => names.indexOf(name) !== at);
}

test('P56 E8 M6 with answers lost, slow both ways and lists that lag, every hit on both accounts ends at breakeven, each write taken once', async () => {
  const on = await virtualDesk({ mode: 'armed' }, { latencyMs: 80, jitterMs: 40, lagMs: 800 });
  const { desk, time, ask } = on;
  const chosen = ['main', 'mirror'].flatMap((account) => [
    pick(desk, account, 'position'),
    pick(desk, account, 'order', false),
    pick(desk, account, 'position', false),
  ]);
  for (const account of ['main', 'mirror']) {
    await ask('fault', { kind: 'acceptThenDrop', path: 'trading-stop', count: 2, account });
    await ask('fault', { kind: 'acceptThenDrop', path: 'order/amend', count: 1, account });
    await ask('fault', { kind: 'acceptThenDrop', path: 'order/cancel', count: 1, account });
    await ask('fault', { kind: 'reorder', count: 6, account });
  }
  for (const monitor of chosen) await fillFirst(on, monitor);
  await time.until(() => chosen.every((monitor) => isDone(on, monitor)));
  for (const monitor of chosen) {
    const { size, levels, own } = await stopsOf(on, monitor);
    expect(levels.map((level) => equal(level, breakevenOf(desk, monitor)))).toEqual([true]);
    // A stop of its own is for what the hit has left open.
    if (own[0] !== undefined) expect(equal(own[0], size ?? '0')).toBe(true);
  }
  expect(await takenTwice(on)).toEqual([]);
  expect(desk.alerts.filter(({ rule }) => rule.startsWith('intent-'))).toEqual([]);
});

test('a stop that somebody takes away after the first take-profit is put back, on both accounts', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  for (const account of ['main', 'mirror']) {
    const monitor = pick(desk, account, 'position');
    await fillFirst(on, monitor);
    await time.until(() => isDone(on, monitor));
    const { symbol, positionIdx } = monitor;
    await ask('stop', { account, symbol, positionIdx, price: null });
    await time.pass(2_000);
    const { levels } = await stopsOf(on, monitor);
    expect(levels.map((level) => equal(level, breakevenOf(desk, monitor)))).toEqual([true]);
  }
});

test('H6 a position that is gone before its stop can be moved is no failure, and nothing is said of one', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  const monitor = pick(desk, 'main', 'position', false);
  const { account, symbol, side, takeProfits } = monitor;
  await ask('fault', { kind: 'latency', path: 'trading-stop', ms: 400, count: 1 });
  await ask('fill', { account, orderId: takeProfits[0]?.orderId });
  await time.pass(50);
  expect(desk.intents().map(({ step }) => step)).toEqual(['sent']);
  await ask('close', { account, symbol, side });
  await time.until(() => desk.intents().at(-1)?.step === 'withdrawn');
  await time.pass(5_000);
  expect((await writesOf(on)).map(({ retCode }) => retCode)).toEqual([10001]);
  expect(desk.alerts.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(desk.timeline().filter(({ stage }) => stage === 'refused')).toEqual([]);
});

test('M6 where no frame tells what a fill has made of the position, it is asked for before anything is sent', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  const monitor = pick(desk, 'main', 'order', false);
  await ask('fault', { kind: 'dropTopic', topic: 'position', account: 'main', forMs: 3_000 });
  await fillFirst(on, monitor);
  await time.until(() => isDone(on, monitor));
  const { size, own } = await stopsOf(on, monitor);
  expect(own.map((quantity) => equal(quantity, size ?? '0'))).toEqual([true]);
  expect((await writesOf(on)).map(({ path }) => path)).toEqual(['/v5/order/amend']);
});

test('P38 what a position leaves behind is cancelled once two reads and ten seconds prove it gone, and not before', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  const monitor = pick(desk, 'main', 'order', false);
  const { account, symbol, side, stop } = monitor;
  await ask('close', { account, symbol, side });
  const rests = async (): Promise<boolean> =>
    (await truthOf(on, account)).orders.some(({ orderId }) => orderId === stop?.orderId);
  await time.pass(9_000);
  expect(await rests()).toBe(true);
  await time.pass(10_000);
  expect(await rests()).toBe(false);
  expect(desk.alerts.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(desk.loop.watch(positionKey(monitor))).toBeNull();
});

test('P21 a stop that somebody takes away is put back where it was within two seconds, on both accounts', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time, ask } = on;
  for (const account of ['main', 'mirror']) {
    const monitor = pick(desk, account, 'position');
    const { symbol, positionIdx, stop } = monitor;
    await ask('stop', { account, symbol, positionIdx, price: null });
    await time.pass(2_000);
    expect((await stopsOf(on, monitor)).levels).toEqual([stop?.price]);
  }
});

test('P56 P21 in hedge mode both legs get their stops back though an answer is lost and the position cannot be read for a while', async () => {
  const on = await virtualDesk({ mode: 'armed' }, { scenario: 'hedge' });
  const { desk, time, ask } = on;
  const legs = desk.loop.monitors().filter(({ account, stop }) => account === 'main' && stop);
  const [long, short] = [1, 2].map((idx) =>
    legs.find(
      ({ symbol, positionIdx }) =>
        positionIdx === idx && legs.filter((leg) => leg.symbol === symbol).length === 2,
    ),
  );
  if (!long || !short || long.symbol !== short.symbol) throw new Error('no symbol with two legs');
  const { account, symbol } = long;
  await ask('fault', { kind: 'acceptThenDrop', path: 'position/trading-stop', count: 1, account });
  await ask('fault', { kind: 'http500', path: 'position/list', account, forMs: 6_000 });
  await ask('fault', { kind: 'dropTopic', topic: 'position', account, forMs: 6_000 });
  await ask('stop', { account, symbol, positionIdx: 1, price: null });
  await ask('stop', { account, symbol, positionIdx: 2, price: null });
  await time.pass(20_000);
  for (const { positionIdx, stop } of [long, short]) {
    const position = desk.cache.positionAt({ account, symbol, positionIdx });
    expect(position?.stopLoss).toBe(stop?.price);
  }
  expect(await takenTwice(on)).toEqual([]);
});

test('M14 after a start what is pending is asked about side by side: each stop is moved within 2 s of the snapshot', async () => {
  const on = await virtualDesk({ mode: 'watch' }, { latencyMs: 80 });
  const { desk: first, time } = on;
  const chosen = first.loop
    .monitors()
    .filter(({ stop, takeProfits }) => stop?.source === 'position' && takeProfits.length === 4);
  for (const monitor of chosen) await fillFirst(on, monitor);
  await time.until(() =>
    chosen.every(
      (one) => first.loop.watch(positionKey(one))?.monitor.takeProfits[0]?.state === 'filled',
    ),
  );
  const monitors = structuredClone([...first.loop.monitors()]);
  await time.during(first.stop());
  // As a crash leaves it: every stop was about to be moved, and none of it reached the exchange.
  const intents = chosen.map((monitor, n) => ({
    id: `pending ${n}`,
    account: monitor.account,
    position: positionKey(monitor),
    pending: true,
    step: 'sent',
    at: 1,
    data: {
      version: 2,
      symbol: monitor.symbol,
      positionIdx: monitor.positionIdx,
      write: { do: 'set-stop', stopLoss: breakevenOf(first, monitor), triggerBy: 'LastPrice' },
      text: 'move the stop',
      orderLinkId: `hf-${n}`,
      facts: { stampedBy: 'stream', asOf: 1 },
    },
  }));
  expect(intents.length).toBeGreaterThan(20);
  const second = await on.another({ mode: 'armed', monitors, intents });
  const at = time.clock.now();
  const isMoved = (one: Monitor): boolean =>
    second.loop.watch(positionKey(one))?.monitor.breakevenMoved === true;
  await time.until(() => chosen.every(isMoved), 10_000);
  const sentAt = second.saves
    .filter(({ change }) => change.intents?.some(({ step }) => step === 'sent'))
    .map((save) => save.at - at);
  expect(Math.max(...sentAt)).toBeLessThanOrEqual(2_000);
});
