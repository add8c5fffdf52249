import { describe, expect, test } from 'vitest';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import { type Facts, known } from '../../../src-main/monitor/goals/facts.ts';
import {
  aForeign,
  anEntry,
  aStop,
  covered,
  facts,
  flat,
  goal,
  held,
  ladder,
  now,
  rungs,
  shares,
  writes,
} from './facts.ts';

const breakeven = covered('60072.0429', 'rule', 'breakeven');
const noStop = held({ stop: null });

describe('what the venue has refused', () => {
  test('a step refused for good is not sent again: its goal says the venue’s reason, until something changes', () => {
    const of = facts();
    const [step] = difference(of, [breakeven]).steps;
    const refused = [{ wish: step?.wish ?? '', reason: 'The symbol is being delisted.' }];
    const found = difference({ ...of, refused }, [breakeven]);
    expect(found.steps).toEqual([]);
    expect(found.blocked.map(({ sentence }) => sentence)).toEqual([
      'The exchange refused to move the stop from 59000 to 60072.1: The symbol is being delisted.',
    ]);
    const moved = facts({ position: held({ entryPrice: '60001' }), refused });
    expect(difference(moved, [covered('60073.2')]).steps).toHaveLength(1);
  });

  test('nor is what waits for it: where the new stop was refused, the old one stays', () => {
    const orders = { stops: [aStop('s1', '59000', '1.000')], unamendable: ['s1'], conditional: 1 };
    const of = facts({ position: noStop, orders });
    const [placed] = difference(of, [breakeven]).steps;
    const refused = [{ wish: placed?.wish ?? '', reason: 'Too many stop orders.' }];
    expect(difference({ ...of, refused }, [breakeven]).steps).toEqual([]);
  });

  test('where the symbol has no room for another conditional order, the stop stands on the position', () => {
    const orders = { stops: [aStop('s1', '59000', '1.000')], unamendable: ['s1'], conditional: 10 };
    expect(writes(difference(facts({ position: noStop, orders }), [breakeven]).steps)).toEqual([
      { do: 'set-stop', stopLoss: '60072.1', triggerBy: 'LastPrice' },
      { do: 'cancel', orderId: 's1' },
    ]);
  });
});

describe('stops', () => {
  test('the price that sets a stop off is kept when it is moved', () => {
    const position = held({ stop: { price: '59000', triggerBy: 'MarkPrice' } });
    expect(writes(difference(facts({ position }), [breakeven]).steps)).toEqual([
      { do: 'set-stop', stopLoss: '60072.1', triggerBy: 'MarkPrice' },
    ]);
  });

  test('a price older than three seconds is not known, and the stop waits for a newer one', () => {
    const prices = known({ last: '62000', mark: null, index: null, asOf: now - 4_000 });
    const found = difference({ ...facts(), prices }, [breakeven]);
    expect(found.steps).toEqual([]);
    expect(found.waiting[0]?.sentence).toBe(
      'The price is not known since 4 s: The newest is 4 s old.',
    );
    expect(difference({ ...facts(), prices }, [covered('59000')]).waiting).toEqual([]);
  });

  test('where breakeven cannot be set, a position without a stop gets the next best', () => {
    const found = difference(facts({ position: noStop, last: '59900' }), [
      breakeven,
      covered('59000'),
    ]);
    expect(writes(found.steps)).toMatchObject([{ do: 'set-stop', stopLoss: '59000.0' }]);
    expect(found.blocked.map(({ goal }) => goal)).toEqual([breakeven]);
  });

  test('an entry that stays open takes its own stop along, so that its fill undoes nothing', () => {
    const entry = anEntry('61000', '0.1', { stopLoss: '59000' });
    const found = difference(facts({ orders: { entries: [entry] } }), [breakeven]);
    expect(writes(found.steps)).toEqual([
      { do: 'set-stop', stopLoss: '60072.1', triggerBy: 'LastPrice' },
      { do: 'amend', orderId: 'e@61000', stopLoss: '60072.1' },
    ]);
  });

  test('a part without a stop is added to the order that is there, not given one of its own', () => {
    const orders = { stops: [aStop('s1', '59000', '0.075')] };
    expect(
      writes(difference(facts({ position: noStop, orders }), [covered('59000')]).steps),
    ).toEqual([{ do: 'amend', orderId: 's1', quantity: '0.15' }]);
  });

  test('a stop order may be for the entries still to come; once they are gone it is cut', () => {
    const stops = [aStop('s1', '59000', '1.000')];
    const goals = [covered('59000', 'adopted')];
    const coming = { stops, entries: [anEntry('58500', '0.850')] };
    expect(difference(facts({ position: noStop, orders: coming }), goals).steps).toEqual([]);
    expect(writes(difference(facts({ position: noStop, orders: { stops } }), goals).steps)).toEqual(
      [{ do: 'amend', orderId: 's1', quantity: '0.15' }],
    );
  });

  test('a trailing stop is not set anew, which would start it from here, and none loosens another', () => {
    const standing = held({ trail: { distance: '500', trigger: '61800' } });
    const trail = (distance: string, author?: 'operator') =>
      difference(facts({ position: standing }), [
        goal({ kind: 'trail', distance, from: null }, author),
      ]);
    expect(trail('500')).toMatchObject({ steps: [], blocked: [] });
    expect(trail('800')).toMatchObject({ steps: [], blocked: [] });
    expect(trail('300').blocked[0]?.sentence).toBe(
      'The trailing stop stands at 61800; a new one would begin at 61700.',
    );
    expect(trail('800', 'operator').steps).toHaveLength(1);
  });
});

describe('ladders and entries', () => {
  test('a rung whose price has been passed would be a market order: that is offered, not done', () => {
    const found = difference(facts({ last: '63500' }), [ladder(['50', '50'])]);
    expect(writes(found.steps)).toMatchObject([
      { as: 'rung', of: 2, price: '64000.0', quantity: '0.075' },
    ]);
    expect(found.blocked[0]?.sentence).toBe(
      'The price 63500 has passed take-profit 1 at 63000.0: placed now, it would close 0.075 at once.',
    );
  });

  test('what another’s reduce-only order takes up is not given to the ladder', () => {
    const orders = { foreign: [aForeign('f1', { quantity: '0.050' })] };
    const found = difference(facts({ orders }), [ladder(['50', '50'])]);
    expect(writes(found.steps)).toMatchObject([{ quantity: '0.05' }, { quantity: '0.05' }]);
  });

  test('the operator’s ladder counts, and the rule’s stands behind it', () => {
    const operators = ladder(['100'], '64000', 'operator');
    const found = difference(facts({ orders: { rungs: rungs(['0.150'], 64_000) } }), [
      ladder(shares),
      operators,
    ]);
    expect(found.steps).toEqual([]);
    expect(found.behind.map(({ by }) => by)).toEqual([operators]);
  });

  const wanted = goal({
    kind: 'entries',
    entries: [{ id: 'e1', side: 'Buy', price: '61000.04', quantity: '0.1009' }],
  });

  test('a first entry is placed on tick and step, with the stop that its fills need', () => {
    const of = facts({ position: flat() });
    expect(writes(difference(of, [wanted, covered('60000')]).steps)).toMatchObject([
      { as: 'entry', price: '61000.0', quantity: '0.100', stopLoss: '60000.0', reduceOnly: false },
    ]);
    expect(writes(difference(facts(), [wanted, covered('59000')]).steps)[0]).not.toHaveProperty(
      'stopLoss',
    );
  });

  test('an entry that somebody cancelled is not placed again unasked, and none is enlarged to a minimum', () => {
    const gone = anEntry('61000', '0.1', { id: 'e1', state: 'gone' });
    const found = difference(facts({ orders: { entries: [gone] } }), [wanted]);
    expect(found).toMatchObject({
      steps: [],
      blocked: [{ sentence: 'The entry e1 at 61000.04 has ended without being filled.' }],
    });
    const coarse = facts({ rules: { quantityStep: '0.1', minQuantity: '0.2' } });
    expect(difference(coarse, [wanted])).toMatchObject({
      steps: [],
      blocked: [{ sentence: 'The entry of 0.1 is below the smallest order of 0.2.' }],
    });
  });

  test('two equal market orders of one plan are two wishes', () => {
    const of = facts({ position: held({ size: '200' }) });
    const close = goal({ kind: 'size-at-most', size: '0' }, 'operator');
    const wishes = difference(of, [close]).steps.map(({ wish }) => wish);
    expect(wishes[1]).toBe(`${wishes[0]}/2`);
  });
});

describe('what rests beside a position that is gone', () => {
  const orders = {
    stops: [aStop('s1', '59000', '0.150')],
    rungs: rungs(['0.1', '0.05']),
    entries: [anEntry('58000', '0.100')],
    foreign: [aForeign('f1')],
  };
  const sweep = [goal({ kind: 'no-orders', whose: 'own' })];
  const cancelled = (of: Facts): string[] =>
    difference(of, sweep).steps.map(({ write }) =>
      write.do === 'cancel' ? write.orderId : write.do,
    );

  test.each([
    ['one read says so', { position: flat({ reads: 1 }) }],
    ['it is gone for less than ten seconds', { position: flat({ since: now - 9_999 }) }],
    ['the position is there after all', { position: held() }],
  ])('P38 nothing is swept while %s', (_, doubtful) => {
    expect(cancelled(facts({ orders, ...doubtful }))).toEqual([]);
  });

  test.each(['position', 'orders'] as const)(
    'P38 nothing is swept while the %s is not known',
    (what) => {
      const lost = {
        known: false,
        reason: 'The list was cut short.',
        since: now - 60_000,
      } as const;
      expect(cancelled({ ...facts({ position: flat(), orders }), [what]: lost })).toEqual([]);
    },
  );

  test('P38 once it is proven gone our own orders go, and nobody else’s', () => {
    const found = cancelled(facts({ position: flat(), orders }));
    expect(found.toSorted()).toEqual(['e@58000', 's1', 'tp1', 'tp2']);
  });
});
