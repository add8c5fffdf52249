import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Order } from '../../../src-main/domain/order.ts';
import { isGone } from '../../../src-main/monitor/rules/absence.ts';
import { detect } from '../../../src-main/monitor/rules/detect.ts';
import { tell } from '../../../src-main/monitor/tell/story.ts';
import { aFill, aPosition } from '../../cache/rows.ts';
import { anEntry, aStop, aTakeProfit, aView, endedAs, found, ladder } from '../rows.ts';

const held = () => found(aPosition({ stopLoss: '95' }), ladder());
const kinds = (result: ReturnType<typeof detect>) => result.findings.map((finding) => finding.kind);

test('nothing new is nothing at all: the very same monitor comes back', () => {
  const monitor = held();
  const result = detect(monitor, aView());
  expect(result.monitor).toBe(monitor);
  expect(result.findings).toEqual([]);
});

test('P09 the first fill of an entry opens the position and is no take-profit', () => {
  const entry = anEntry('e1', '98', '1');
  const monitor = found(null, [entry, ...ladder()]);
  const part = {
    ...entry,
    filledQuantity: '0.3',
    status: 'PartiallyFilled' as const,
    updatedAt: 2,
  };
  const result = detect(
    monitor,
    aView({
      position: aPosition({ size: '0.3', stopLoss: '95' }),
      orders: [part, ...ladder()],
      executions: [aFill(entry, '0.3', '0.3')],
    }),
  );
  expect(kinds(result)).toEqual(['entry-filled', 'opened', 'stop-changed']);
  expect(result.monitor).toMatchObject({ phase: 'building', size: '0.3', targetSize: '1' });
});

test('P10 a take-profit is hit by its order id: 85 % of the target or 28 % of the size alike', () => {
  const filled = aTakeProfit('tp1', '102', '0.85', { status: 'Filled', filledQuantity: '0.85' });
  const result = detect(
    held(),
    aView({
      position: aPosition({ size: '0.15', stopLoss: '95' }),
      orders: ladder().slice(1),
      executions: [aFill(filled, '0.85', '0.85')],
      ended: endedAs(filled),
    }),
  );
  expect(result.findings).toMatchObject([{ kind: 'take-profit-filled', level: 1, filled: '0.85' }]);
  expect(result.monitor.phase).toBe('taking-profit');
});

test('P01 P10 a size that shrank without a fill of a take-profit is no take-profit', () => {
  const result = detect(held(), aView({ position: aPosition({ size: '0.34', stopLoss: '95' }) }));
  expect(kinds(result)).toEqual([]);
  expect(result.monitor).toMatchObject({ size: '0.34', phase: 'adopted' });
});

test('P12 every further fill of an entry is seen, by its cumulative quantity', () => {
  const entry = anEntry('e1', '98', '1');
  let monitor = found(aPosition({ stopLoss: '95' }), [entry, ...ladder()]);
  for (const filled of ['0.2', '0.5', '0.9']) {
    const row = { ...entry, filledQuantity: filled, updatedAt: Number(filled) * 100 };
    const result = detect(monitor, aView({ orders: [row, ...ladder()] }));
    expect(kinds(result)).toEqual(['entry-filled']);
    monitor = result.monitor;
    expect(monitor.entries[0]?.filledQuantity).toBe(filled);
  }
});

test('P13 totals are the venue’s: the same fill told twice counts once, and more than all is shown', () => {
  const tp = aTakeProfit('tp1', '102', '0.85');
  const fill = aFill(tp, '0.4', '0.4');
  const first = detect(held(), aView({ executions: [fill] }));
  const again = detect(first.monitor, aView({ executions: [fill, fill] }));
  expect(first.monitor.takeProfits[0]?.filledQuantity).toBe('0.4');
  expect(again.monitor.takeProfits[0]?.filledQuantity).toBe('0.4');
  expect(again.findings).toEqual([]);
  const over = aTakeProfit('tp1', '102', '0.85', { filledQuantity: '0.9', status: 'Filled' });
  expect(
    kinds(detect(held(), aView({ orders: ladder().slice(1), ended: endedAs(over) }))),
  ).toContain('overfilled');
});

test('P14 a partly filled take-profit is not a completed one', () => {
  const part = aTakeProfit('tp1', '102', '0.85', {
    filledQuantity: '0.84',
    status: 'PartiallyFilled',
    updatedAt: 2,
  });
  const result = detect(held(), aView({ orders: [part, ...ladder().slice(1)] }));
  expect(result.findings).toMatchObject([
    { kind: 'take-profit-partly', level: 1, quantity: '0.84' },
  ]);
  expect(result.monitor.phase).toBe('adopted');
  expect(result.monitor.takeProfits[0]?.state).toBe('open');
});

test('P15 every level is reachable, in any order', () => {
  let monitor = held();
  for (const level of [3, 1, 4, 2]) {
    const order = ladder()[level - 1];
    if (!order) throw new Error('no such rung');
    const filled = { ...order, status: 'Filled' as const, filledQuantity: order.quantity };
    const ended = new Set(
      monitor.takeProfits.filter((rung) => rung.state === 'filled').map((rung) => rung.orderId),
    );
    const result = detect(
      monitor,
      aView({
        orders: ladder().filter((row) => row.orderId !== order.orderId && !ended.has(row.orderId)),
        ended: endedAs(filled),
      }),
    );
    expect(result.findings).toMatchObject([{ kind: 'take-profit-filled', level }]);
    monitor = result.monitor;
  }
  expect(monitor.takeProfits.every((rung) => rung.state === 'filled')).toBe(true);
});

test('P17 everything that happened in one look is found, whatever else happened', () => {
  const entry = anEntry('e1', '98', '1');
  const monitor = found(aPosition({ stopLoss: '95' }), [entry, ...ladder()]);
  const tp = aTakeProfit('tp1', '102', '0.85', { status: 'Filled', filledQuantity: '0.85' });
  const cancelled = { ...entry, status: 'Cancelled' as const, filledQuantity: '0.5', updatedAt: 3 };
  const result = detect(
    monitor,
    aView({
      position: aPosition({ size: '0.65', stopLoss: '99' }),
      orders: ladder().slice(1),
      ended: endedAs(tp, cancelled),
    }),
  );
  expect(kinds(result)).toEqual([
    'entry-filled',
    'entry-ended',
    'take-profit-filled',
    'stop-changed',
  ]);
});

test('P18 P58 an order missing from the book, of whose end nothing is known, is asked about, not dropped', () => {
  const entry = anEntry('e1', '98', '1');
  const monitor = found(aPosition({ stopLoss: '95' }), [entry, ...ladder()]);
  const result = detect(monitor, aView({ orders: ladder().slice(1) }));
  expect(result.unseen).toEqual(['e1', 'tp1']);
  expect(result.monitor.takeProfits[0]?.state).toBe('open');
  expect(result.monitor.entries[0]?.open).toBe(true);
});

test('P19 a position that is missing stands as last known until its absence is proved', () => {
  const monitor = held();
  const missing = detect(monitor, aView({ position: null, gone: false }));
  expect(missing.monitor).toBe(monitor);
  const gone = detect(monitor, aView({ position: null, orders: [], gone: true }));
  expect(kinds(gone)).toContain('closed');
  expect(gone.monitor).toMatchObject({ phase: 'closed', size: '0', stop: null });
});

test('P19 absence is proved by a later whole read or by the closing executions, nothing less', () => {
  const absence = { firstWholeAsOf: 100, since: 105 };
  const close = aFill(aTakeProfit('tp1', '102', '1'), '1', '1', { executedAt: 90 });
  const at = {
    now: 170,
    executionsAsOf: 160,
    wholeAsOf: 100,
    size: '1',
    sizeAsOf: 80,
    executions: [],
    ordersStand: false,
  };
  expect(isGone(absence, at)).toBe(false);
  expect(isGone(absence, { ...at, wholeAsOf: 1_099 })).toBe(false);
  expect(isGone(absence, { ...at, wholeAsOf: 1_100 })).toBe(true);
  expect(isGone(absence, { ...at, executions: [close] })).toBe(true);
  expect(isGone(absence, { ...at, sizeAsOf: 90, executions: [close] })).toBe(false);
  expect(isGone(absence, { ...at, size: '1.5', executions: [close] })).toBe(false);
  // An open order that only reduces it speaks against its absence, for a while; executions decide.
  const standing = { ...at, wholeAsOf: 20_000, ordersStand: true };
  expect(isGone(absence, { ...standing, now: 20_000 })).toBe(false);
  expect(isGone(absence, { ...standing, now: 30_105 })).toBe(true);
  expect(isGone(absence, { ...standing, executions: [close] })).toBe(true);
});

test('P20 why it closed comes from the executions', () => {
  const cases = [
    [{ stopOrderType: 'StopLoss' }, 'stop'],
    [{ stopOrderType: 'TrailingStop' }, 'trailing stop'],
    [{ type: 'BustTrade' }, 'liquidation'],
    [{ type: 'AdlTrade' }, 'auto-deleveraging'],
    [{ orderId: 'tp4' }, 'take-profit'],
    [{ orderId: 'typed', createType: 'CreateByClosing' }, 'closed by hand'],
  ] as const;
  for (const [of, reason] of cases) {
    const close = aFill(aTakeProfit('x', '90', '1'), '1', '1', of);
    const result = detect(held(), aView({ position: null, gone: true, closing: [close] }));
    expect(result.findings).toContainEqual({ kind: 'closed', reason, size: '1' });
  }
  expect(detect(held(), aView({ position: null, gone: true })).findings).toContainEqual({
    kind: 'closed',
    reason: 'not known',
    size: '1',
  });
});

test('P26 a filled rung stays filled; an order that replaces a cancelled one takes its level', () => {
  const filled = aTakeProfit('tp1', '102', '0.85', { status: 'Filled', filledQuantity: '0.85' });
  const cancelled = aTakeProfit('tp3', '106', '0.05', { status: 'Cancelled', updatedAt: 2 });
  const rest = ladder().filter((row) => row.orderId === 'tp2' || row.orderId === 'tp4');
  const first = detect(held(), aView({ orders: rest, ended: endedAs(filled, cancelled) }));
  const again = detect(
    first.monitor,
    aView({ orders: [...rest, aTakeProfit('new', '106.5', '0.05')], ended: () => null }),
  );
  expect(again.monitor.takeProfits.map((rung) => [rung.level, rung.orderId, rung.state])).toEqual([
    [1, 'tp1', 'filled'],
    [2, 'tp2', 'open'],
    [3, 'new', 'open'],
    [4, 'tp4', 'open'],
  ]);
});

test('a stop that goes, comes or moves is found, on the position or as an order', () => {
  const bare = detect(held(), aView({ position: aPosition() }));
  expect(bare.findings).toMatchObject([{ kind: 'stop-changed', after: null }]);
  expect(bare.protection?.complete).toBe(false);
  const order = detect(
    bare.monitor,
    aView({ position: aPosition(), orders: [...ladder(), aStop('s', '94', '1')] }),
  );
  expect(order.findings).toMatchObject([{ after: { price: '94', source: 'order' } }]);
});

test('entries cancelled before any fill withdraw the monitor', () => {
  const entry = anEntry('e1', '98', '1');
  const monitor = found(null, [entry]);
  const ended = endedAs({ ...entry, status: 'Cancelled', updatedAt: 2 });
  const result = detect(monitor, aView({ position: null, orders: [], ended }));
  expect(kinds(result)).toEqual(['entry-ended', 'withdrawn']);
  expect(result.monitor.phase).toBe('closed');
});

test('P11 P16 executions that came while nobody looked lead to the same monitor, in any grouping', () => {
  const steps = fc.array(
    fc.record({ rung: fc.integer({ min: 0, max: 3 }), hundredths: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(steps, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (fills, cuts) => {
      const totals = [0, 0, 0, 0];
      const executions = fills.flatMap(({ rung, hundredths }, index) => {
        const order = ladder()[rung];
        if (!order) return [];
        const most = Math.round(Number(order.quantity) * 100);
        const before = totals[rung] ?? 0;
        const total = Math.min(most, before + hundredths);
        if (total === before) return [];
        totals[rung] = total;
        return [
          aFill(order, String((total - before) / 100), String(total / 100), {
            execId: `x${index}`,
            executedAt: 100 + index,
            leavesQuantity: ((most - total) / 100).toFixed(2),
          }),
        ];
      });
      const openAfter = (seen: typeof executions) =>
        ladder().filter((order) => {
          const last = seen.findLast((row) => row.orderId === order.orderId);
          return !last || Number(last.leavesQuantity) > 0;
        });
      const atOnce = detect(held(), aView({ executions, orders: openAfter(executions) })).monitor;
      let stepwise = held();
      let group: typeof executions = [];
      executions.forEach((row, index) => {
        group.push(row);
        if (!cuts[index] && index < executions.length - 1) return;
        const seen = executions.slice(0, index + 1);
        stepwise = detect(stepwise, aView({ executions: group, orders: openAfter(seen) })).monitor;
        group = [];
      });
      expect(stepwise.takeProfits).toEqual(atOnce.takeProfits);
      expect(stepwise.phase).toBe(atOnce.phase);
      expect(stepwise.lastExecution).toEqual(atOnce.lastExecution);
      // Replaying all of them once more finds nothing.
      const replay = detect(atOnce, aView({ executions, orders: openAfter(executions) }));
      expect(replay.findings).toEqual([]);
      expect(replay.monitor).toBe(atOnce);
    }),
    { seed: 20250601, numRuns: 200 },
  );
});

test('a stop is told to have moved only when its price differs; another cover has its own words', () => {
  const monitor = found(aPosition(), [...ladder(), aStop('s', '94', '1')]);
  const told = (stop: Order): string[] => {
    const result = detect(monitor, aView({ position: aPosition(), orders: [...ladder(), stop] }));
    expect(result.monitor.stop?.orderId).toBe(stop.orderId);
    return result.findings.map((finding) => tell(finding, result.monitor).text);
  };
  expect(told(aStop('other', '94.0', '1'))).toEqual([]);
  expect(told(aStop('s', '94', '0.4'))).toEqual([
    'The stop at 94 now protects 0.4; before, it protected 1.',
  ]);
  expect(told(aStop('other', '96', '1'))).toEqual(['The stop moved from 94 to 96.']);
});

test('M8 a take-profit that is 99 % filled when it is cancelled was hit', () => {
  const ended = endedAs(
    aTakeProfit('tp1', '102', '0.85', { status: 'Cancelled', filledQuantity: '0.845' }),
  );
  const result = detect(held(), aView({ orders: ladder().slice(1), ended }));
  expect(result.findings).toMatchObject([
    { kind: 'take-profit-filled', level: 1, filled: '0.845' },
  ]);
  expect(result.monitor.phase).toBe('taking-profit');
});

test('M8 what replaces a partly filled take-profit takes its level, and what was filled stays counted', () => {
  const [tp1, ...rest] = ladder();
  if (!tp1) throw new Error('no ladder');
  const cancelled = { ...tp1, status: 'Cancelled' as const, filledQuantity: '0.4' };
  const moved = aTakeProfit('moved', '103', '0.45');
  const result = detect(
    held(),
    aView({
      orders: [moved, ...rest],
      ended: endedAs(cancelled),
      position: aPosition({ size: '0.6' }),
    }),
  );
  const first = result.monitor.takeProfits.filter(({ level }) => level === 1);
  expect(first).toMatchObject([
    { orderId: 'tp1', filledQuantity: '0.4', state: 'gone' },
    { orderId: 'moved', filledQuantity: '0', state: 'open' },
  ]);
  expect(result.monitor.takeProfits).toHaveLength(5);
});

test('M16 a take-profit is told at the price it was filled at', () => {
  const tp1 = aTakeProfit('tp1', '102', '0.85');
  const fills = [
    aFill(tp1, '0.35', '0.35', { price: '102' }),
    aFill(tp1, '0.5', '0.85', { price: '102.85' }),
  ];
  const result = detect(held(), aView({ orders: ladder().slice(1), executions: fills }));
  expect(result.findings).toMatchObject([{ kind: 'take-profit-filled', price: '102.5' }]);
});

test('an entry that is placed elsewhere once a take-profit was hit is nobody’s plan', () => {
  const first = aTakeProfit('tp1', '102', '0.85', { status: 'Filled', filledQuantity: '0.85' });
  const hit = detect(held(), aView({ orders: ladder().slice(1), ended: endedAs(first) })).monitor;
  const later = anEntry('mine', '99', '1');
  const again = detect(hit, aView({ orders: [...ladder().slice(1), later] })).monitor;
  expect(again.entries).toMatchObject([{ orderId: 'mine', planned: false }]);
  const before = detect(held(), aView({ orders: [...ladder(), later] })).monitor;
  expect(before.entries).toMatchObject([{ orderId: 'mine', planned: true }]);
});

test('where the whole position was last stopped is remembered, and R with the first stop', () => {
  const monitor = held();
  expect(monitor).toMatchObject({
    plan: { stop: { price: '95', triggerBy: 'LastPrice' } },
    rules: { risk: '5' },
  });
  const moved = detect(monitor, aView({ position: aPosition({ stopLoss: '101' }) })).monitor;
  expect(moved).toMatchObject({ plan: { stop: { price: '101' } }, rules: { risk: '5' } });
  const bare = detect(moved, aView({ position: aPosition() })).monitor;
  expect(bare).toMatchObject({ stop: null, plan: { stop: { price: '101' } } });
});

test('the parts of a ladder are remembered when an entry fills beside it, until somebody adds a level', () => {
  const entry = anEntry('e1', '98', '1');
  const monitor = found(aPosition({ stopLoss: '95' }), [...ladder(), entry]);
  const grown = detect(
    monitor,
    aView({
      position: aPosition({ size: '2', stopLoss: '95' }),
      orders: ladder(),
      ended: endedAs({ ...entry, status: 'Filled', filledQuantity: '1' }),
    }),
  ).monitor;
  expect(monitor.plan.ladder).toBeNull();
  expect(grown.plan.ladder).toEqual([
    { level: 1, share: '0.85' },
    { level: 2, share: '0.05' },
    { level: 3, share: '0.05' },
    { level: 4, share: '0.05' },
  ]);
  const added = (link: string | null) =>
    detect(
      grown,
      aView({
        position: aPosition({ size: '2', stopLoss: '95' }),
        orders: [...ladder(), aTakeProfit('more', '120', '0.3', { orderLinkId: link })],
      }),
    ).monitor.plan.ladder;
  expect(added(null)).toBeNull();
  expect(added('hf-abc')).toHaveLength(4);
});
