import { expect, test } from 'vitest';
import { adopt } from '../../../src-main/monitor/rules/adopt.ts';
import { protectionOf } from '../../../src-main/monitor/rules/protection.ts';
import { roleOf } from '../../../src-main/monitor/rules/roles.ts';
import { anOrder, aPosition } from '../../cache/rows.ts';
import { anEntry, aStop, aTakeProfit, found, ladder } from '../rows.ts';

test('a position found open keeps its ladder, levelled from nearest to furthest, its stop and its entries', () => {
  const monitor = found(aPosition({ stopLoss: '95' }), [
    ...ladder().toReversed(),
    anEntry('e1', '98', '0.4'),
    anEntry('e2', '97', '0.6', { filledQuantity: '0.1' }),
    aStop('sl', '95', '1', { stopOrderType: 'StopLoss' }),
  ]);
  expect(monitor.phase).toBe('adopted');
  expect(monitor.takeProfits.map((rung) => [rung.level, rung.orderId])).toEqual([
    [1, 'tp1'],
    [2, 'tp2'],
    [3, 'tp3'],
    [4, 'tp4'],
  ]);
  expect(monitor.stop).toEqual({
    price: '95',
    quantity: 'full',
    source: 'position',
    orderId: 'sl',
  });
  expect(monitor.entries.map((entry) => entry.orderId)).toEqual(['e1', 'e2']);
  expect(monitor.targetSize).toBe('1.9');
});

test('a short is levelled downwards and its stop rises', () => {
  const short = { side: 'Buy', positionIdx: 2 } as const;
  const monitor = found(aPosition({ side: 'short', positionIdx: 2 }), [
    aTakeProfit('far', '90', '0.5', short),
    aTakeProfit('near', '98', '0.5', short),
    aStop('sl', '105', '1', { ...short, triggerDirection: 1 }),
    anEntry('e', '101', '1', { side: 'Sell', positionIdx: 2 }),
  ]);
  expect(monitor.takeProfits.map((rung) => rung.orderId)).toEqual(['near', 'far']);
  expect(monitor.stop?.orderId).toBe('sl');
  expect(monitor.entries).toHaveLength(1);
});

test('entry orders alone make a monitor that is building; take-profits alone make none', () => {
  const monitor = found(null, [anEntry('e', '98', '2')]);
  expect(monitor).toMatchObject({ phase: 'building', side: 'long', size: '0', targetSize: '2' });
  const orphans = {
    account: 'main',
    symbol: 'BTCUSDT',
    positionIdx: 0,
    position: null,
    opened: null,
    now: 1,
  } as const;
  expect(adopt({ ...orphans, orders: ladder() })).toBeNull();
});

test('P34 an order is what its type says: a market entry is no limit, a flip is no take-profit', () => {
  expect(roleOf(anEntry('m', '0', '1', { type: 'Market', price: null }), 'long')).toBe('other');
  expect(roleOf(anOrder({ reduceOnly: false }), 'long')).toBe('other');
  expect(roleOf(aStop('up', '120', '1', { triggerDirection: 1 }), 'long')).toBe('take-profit');
  expect(roleOf(aStop('none', '120', '1', { triggerDirection: null }), 'long')).toBe('other');
  expect(roleOf(anOrder({ side: 'Buy' }), 'long')).toBe('other');
});

test('P21 P23 protection is what stops cover, in units', () => {
  const position = aPosition({ size: '128' });
  expect(protectionOf(position, [])).toMatchObject({ stop: null, covered: '0', complete: false });
  expect(protectionOf(aPosition({ size: '128', stopLoss: '0' }), []).complete).toBe(false);
  expect(protectionOf({ ...position, stopLoss: '95' }, []).complete).toBe(true);
  const partly = protectionOf(position, [aStop('a', '95', '100'), aStop('b', '94', '20')]);
  expect(partly).toMatchObject({ covered: '120', complete: false, spare: 0 });
  expect(partly.stop?.orderId).toBe('a');
  const tooMuch = protectionOf(position, [aStop('a', '95', '2546')]);
  expect(tooMuch).toMatchObject({ covered: '128', complete: true });
  expect(tooMuch.stop?.quantity).toBe('2546');
  const all = protectionOf(position, [aStop('a', '95', '0', { closeOnTrigger: true })]);
  expect(all).toMatchObject({ complete: true });
  expect(protectionOf(null, []).complete).toBe(true);
});

test('P55 a second stop is counted', () => {
  const position = aPosition({ stopLoss: '95' });
  const own = aStop('own', '95', '1', { stopOrderType: 'StopLoss' });
  expect(protectionOf(position, [own]).spare).toBe(0);
  expect(protectionOf(position, [own, aStop('second', '90', '1')]).spare).toBe(1);
});

test('M3 only a stop that covers nothing more is too much: halves, a tighter part and a trailing one are not', () => {
  const position = aPosition({ size: '2' });
  const spare = (of: Partial<typeof position>, ...stops: ReturnType<typeof aStop>[]) =>
    protectionOf({ ...position, ...of }, stops).spare;
  const half = (id: string, price: string) => aStop(id, price, '1');
  expect(spare({}, half('a', '95'), half('b', '94'))).toBe(0);
  expect(spare({}, half('a', '95'), half('b', '94'), half('c', '93'))).toBe(1);
  expect(spare({ stopLoss: '90' }, half('a', '95'))).toBe(0);
  expect(spare({ stopLoss: '95' }, half('a', '90'), half('b', '95'))).toBe(2);
  expect(spare({ stopLoss: '90' }, aStop('t', '95', '2', { stopOrderType: 'TrailingStop' }))).toBe(
    0,
  );
  expect(spare({ side: 'short', stopLoss: '105' }, aStop('a', '110', '2'))).toBe(1);
});
