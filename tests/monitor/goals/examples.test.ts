import { describe, expect, test } from 'vitest';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import type { Facts } from '../../../src-main/monitor/goals/facts.ts';
import type { Goal } from '../../../src-main/monitor/goals/goal.ts';
import {
  aForeign,
  anEntry,
  aRung,
  aStop,
  at,
  contract,
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

const steps = (of: Facts, goals: Goal[]) => writes(difference(of, goals).steps);

const entry = anEntry('58000', '0.100');
const breakeven = covered('60072.0429', 'rule', 'breakeven');
const noEntries = goal({ kind: 'no-entries' });
const afterTp1 = [breakeven, noEntries];
const toBreakeven = { do: 'set-stop', stopLoss: '60072.1', triggerBy: 'LastPrice' };
const cancelEntry = { do: 'cancel', orderId: 'e@58000' };
const cancelStop = { do: 'cancel', orderId: 's1' };
const conditional = { stops: [aStop('s1', '59000', '1.000')], entries: [entry], conditional: 1 };
const withoutStop = held({ stop: null });

describe('after TP1', () => {
  test('example 1: long 0.150 at 60,000, SL 59,000, own entry open, last 62,000; covered >= breakeven, no-entries: set SL 60,072.1; cancel the entry', () => {
    const of = facts({ orders: { entries: [entry] } });
    expect(steps(of, afterTp1)).toEqual([toBreakeven, cancelEntry]);
  });

  test('example 2: as 1, but the stop is a conditional order for 1.000 at 59,000: amend that order: trigger 60,072.1, quantity 0.150; cancel the entry', () => {
    const of = facts({ position: withoutStop, orders: conditional });
    expect(steps(of, afterTp1)).toEqual([
      { do: 'amend', orderId: 's1', triggerPrice: '60072.1', quantity: '0.15' },
      cancelEntry,
    ]);
  });

  test('example 3: as 1, two partial stops 0.075 at 59,000 and 0.075 at 58,500: amend both to 60,072.1; cancel the entry', () => {
    const stops = [aStop('s1', '59000', '0.075'), aStop('s2', '58500', '0.075')];
    const of = facts({ position: withoutStop, orders: { stops, entries: [entry] } });
    expect(steps(of, afterTp1)).toEqual([
      { do: 'amend', orderId: 's1', triggerPrice: '60072.1' },
      { do: 'amend', orderId: 's2', triggerPrice: '60072.1' },
      cancelEntry,
    ]);
  });

  test('example 4: as 1, SL 60,500: cancel the entry (the stop is better already)', () => {
    const of = facts({ position: held({ stop: at('60500') }), orders: { entries: [entry] } });
    expect(steps(of, afterTp1)).toEqual([cancelEntry]);
  });

  test('example 5: as 1, last 59,900: cancel the entry; covered is blocked: the price 59,900 is below the breakeven of 60,072.1; offered: close the rest, or leave it', () => {
    const of = facts({ orders: { entries: [entry] }, last: '59900' });
    const found = difference(of, afterTp1);
    expect(writes(found.steps)).toEqual([cancelEntry]);
    expect(found.blocked).toEqual([
      {
        goal: breakeven,
        sentence: 'The price 59900 is below the breakeven of 60072.1.',
        offers: [
          { text: 'Close the rest, 0.150, at market.', want: { kind: 'size-at-most', size: '0' } },
          { text: 'Leave the stop at 59000.', want: null },
        ],
      },
    ]);
    expect(steps(facts({ orders: { entries: [entry] } }), afterTp1)).toContainEqual(toBreakeven);
  });

  test('example 6: short 0.150 at 60,000, SL 61,000, last 58,000; covered <= 59,928.0: set SL 59,928.0', () => {
    const of = facts({ position: held({ side: 'short', stop: at('61000') }), last: '58000' });
    expect(steps(of, [covered('59928.0429', 'rule', 'breakeven')])).toEqual([
      { ...toBreakeven, stopLoss: '59928.0' },
    ]);
  });

  test('example 7: as 2, the venue has said that this order cannot be amended: place a stop 0.150 at 60,072.1; then, once it is confirmed, cancel the old one; then the entry', () => {
    const of = facts({ position: withoutStop, orders: { ...conditional, unamendable: ['s1'] } });
    const found = difference(of, afterTp1);
    expect(writes(found.steps)).toEqual([
      {
        do: 'place',
        as: 'stop',
        side: 'Sell',
        type: 'Market',
        quantity: '0.15',
        reduceOnly: true,
        closeOnTrigger: true,
        triggerPrice: '60072.1',
        triggerBy: 'LastPrice',
        triggerDirection: 2,
      },
      cancelStop,
      cancelEntry,
    ]);
    const [placed, replaced, last] = found.steps;
    expect(replaced?.after).toEqual([placed?.wish]);
    expect(last?.after).toEqual([]);
  });

  test('example 8: as 7, the first step is confirmed, the program was killed: cancel the old one; cancel the entry (worked out from facts alone)', () => {
    const stops = [aStop('s1', '59000', '1.000'), aStop('new', '60072.1', '0.150')];
    const orders = { stops, entries: [entry], unamendable: ['s1'], conditional: 2 };
    expect(steps(facts({ position: withoutStop, orders }), afterTp1)).toEqual([
      cancelStop,
      cancelEntry,
    ]);
  });

  test('example 9: as 1, no stop at all; covered >= 59,000 (adopted plan), author rule "missing stop": set SL 59,000', () => {
    expect(steps(facts({ position: withoutStop }), [covered('59000')])).toEqual([
      { ...toBreakeven, stopLoss: '59000.0' },
    ]);
  });
});

describe('ladders', () => {
  const cents = { quantityStep: '0.01', minQuantity: '0.01' };
  const amend = (level: number, quantity: string) => ({
    do: 'amend',
    orderId: `tp${level}`,
    quantity,
  });

  test('example 10: long 1.76 (0.88 just filled), rungs 0.74 / 0.04 / 0.04 / 0.06; ladder 85/5/5/5: amend the four to 1.49 / 0.08 / 0.08 / 0.11', () => {
    const of = facts({
      position: held({ size: '1.76' }),
      orders: { rungs: rungs(['0.74', '0.04', '0.04', '0.06']) },
      rules: cents,
    });
    expect(steps(of, [ladder(shares)])).toEqual([
      amend(1, '1.49'),
      amend(2, '0.08'),
      amend(3, '0.08'),
      amend(4, '0.11'),
    ]);
  });

  test('example 11: long 0.88 (half closed elsewhere), rungs 1.49 / 0.08 / 0.08 / 0.11: amend to 0.74 / 0.04 / 0.04 / 0.06, the largest first', () => {
    const of = facts({
      position: held({ size: '0.88' }),
      orders: { rungs: rungs(['1.49', '0.08', '0.08', '0.11']) },
      rules: cents,
    });
    expect(steps(of, [ladder(shares)])).toEqual([
      amend(1, '0.74'),
      amend(4, '0.06'),
      amend(2, '0.04'),
      amend(3, '0.04'),
    ]);
  });

  test('example 12: as 10, TP1 has 0.10 of 0.74 filled, size 1.66: amend TP1 to 1.49 in all (1.39 open), the others to 0.08 / 0.08 / 0.11', () => {
    const [, ...others] = rungs(['0.74', '0.04', '0.04', '0.06']);
    const first = aRung(1, '63000', '0.74', { filledQuantity: '0.10' });
    const of = facts({
      position: held({ size: '1.66' }),
      orders: { rungs: [first, ...others] },
      rules: cents,
    });
    expect(steps(of, [ladder(shares)])).toEqual([
      amend(1, '1.49'),
      amend(2, '0.08'),
      amend(3, '0.08'),
      amend(4, '0.11'),
    ]);
  });
});

describe('the operator', () => {
  const one = (stop: string) => facts({ position: held({ size: '1.000', stop: at(stop) }) });
  const operators = covered('58500', 'operator');
  const rules = covered('59000');

  test('example 13: long 1.000, SL 59,000; operator: covered >= 58,500, rule: covered >= 59,000: set SL 58,500; the rule stands behind the operator and says so', () => {
    const found = difference(one('59000'), [rules, operators]);
    expect(writes(found.steps)).toEqual([{ ...toBreakeven, stopLoss: '58500.0' }]);
    expect(found.behind).toEqual([
      {
        goal: rules,
        by: operators,
        sentence: 'A stop at 59000.0 stands behind what the operator set: a test wants it.',
      },
    ]);
    expect(difference(one('58500'), [rules, operators]).steps).toEqual([]);
  });

  test('example 14: as 13, the operator hands the position back; rule: covered >= 59,000: set SL 59,000', () => {
    expect(steps(one('58500'), [rules])).toEqual([{ ...toBreakeven, stopLoss: '59000.0' }]);
  });

  test('example 15: long 1.000; operator: size-at-most 0.500: market reduce-only sell 0.500; next round: ladder for 0.500', () => {
    const goals = [goal({ kind: 'size-at-most', size: '0.500' }, 'operator'), ladder(['50', '50'])];
    const orders = { rungs: rungs(['0.5', '0.5']) };
    const before = facts({ position: held({ size: '1.000' }), orders });
    expect(steps(before, goals)).toEqual([{ do: 'close', side: 'Sell', quantity: '0.500' }]);
    const after = facts({ position: held({ size: '0.500' }), orders });
    expect(steps(after, goals)).toEqual([
      { do: 'amend', orderId: 'tp1', quantity: '0.25' },
      { do: 'amend', orderId: 'tp2', quantity: '0.25' },
    ]);
  });

  test('example 16: long 0.0015, step 0.0005, minimum 0.001; size-at-most 0.00075: nothing: what would be closed is below the minimum; offered: close 0.001, or all', () => {
    const of = facts({ position: held({ size: '0.0015' }), rules: { quantityStep: '0.0005' } });
    const found = difference(of, [goal({ kind: 'size-at-most', size: '0.00075' }, 'operator')]);
    expect(found.steps).toEqual([]);
    expect(found.blocked.map(({ sentence }) => sentence)).toEqual([
      'Closing 0.00075 is below the smallest order of 0.001.',
    ]);
    expect(found.blocked[0]?.offers.map(({ text }) => text)).toEqual([
      'Close 0.001.',
      'Close all 0.0015.',
    ]);
  });
});

describe('what is gone, what is another’s, what is not known', () => {
  test('example 17: flat, two own rungs and one foreign limit rest, two good reads, 10 s; no-orders: cancel the two; the foreign one is listed', () => {
    const orders = { rungs: rungs(['0.1', '0.05']), foreign: [aForeign('f1')] };
    const sweep = goal({ kind: 'no-orders', whose: 'own' });
    expect(steps(facts({ position: flat(), orders }), [sweep])).toEqual([
      { do: 'cancel', orderId: 'tp1' },
      { do: 'cancel', orderId: 'tp2' },
    ]);
    for (const doubted of [flat({ reads: 1 }), flat({ since: now - 9_000 })]) {
      const found = difference(facts({ position: doubted, orders }), [sweep]);
      expect(found.steps).toEqual([]);
      expect(found.waiting[0]?.sentence).toMatch(/^The position is gone since \d+ s, and /);
    }
  });

  test('example 18: hedge: long leg 1.000 without a stop, short leg 0.500 with SL; covered on leg 1: set SL with positionIdx 1; leg 2 untouched', () => {
    const long = facts({ positionIdx: 1, position: held({ size: '1.000', stop: null }) });
    const short = facts({
      positionIdx: 2,
      position: held({ side: 'short', size: '0.500', stop: at('63000') }),
    });
    const found = difference(long, [covered('59000')]).steps;
    expect(found).toMatchObject([
      { positionIdx: 1, write: { ...toBreakeven, stopLoss: '59000.0' } },
    ]);
    expect(steps(short, [covered('63000')])).toEqual([]);
  });

  test('example 19: long 1.000, SL 59,000, last 62,000; trail 500 from 61,500 (reached): set trailing 500 beside the SL; the SL stays', () => {
    const trailing = goal({ kind: 'trail', distance: '500', from: '61500' });
    const goals = [covered('59000'), trailing];
    expect(steps(facts({ position: held({ size: '1.000' }) }), goals)).toEqual([
      { do: 'set-trail', trailingStop: '500.0', activePrice: null },
    ]);
    const standing = held({ size: '1.000', trail: { distance: '500', trigger: '61500' } });
    expect(steps(facts({ position: standing }), goals)).toEqual([]);
  });

  test('example 20: the order list is unknown; anything: none: the orders are not known since 12 s', () => {
    const orders = {
      known: false,
      reason: 'The list was cut short.',
      since: now - 12_000,
    } as const;
    const found = difference({ ...facts(), orders }, afterTp1);
    expect(found.steps).toEqual([]);
    expect(found.waiting).toEqual(
      afterTp1.map((goal) => ({
        goal,
        sentence: 'The orders are not known since 12 s: The list was cut short.',
      })),
    );
  });

  test('example 21: position closed and opened again while away; goals of the old opening: none: they ended with it', () => {
    const old = afterTp1.map((goal) => ({ ...goal, opening: 1 }));
    const of = facts({ position: held({ opening: 2 }), orders: { entries: [entry] } });
    const found = difference(of, old);
    expect(found).toMatchObject({ steps: [], blocked: [], ended: old });
  });

  test('example 22: a short 3.000 opened against a resting own buy of 3.000; covered on the short: set SL of the playbook; the resting buy is left to the operator', () => {
    const resting = aForeign('buy', {
      side: 'Buy',
      quantity: '3.000',
      price: '58000',
      reduces: false,
    });
    const of = facts({
      position: held({ side: 'short', size: '3.000', stop: null }),
      orders: { foreign: [resting] },
    });
    expect(steps(of, [covered('63000'), goal({ kind: 'entries', entries: [] })])).toEqual([
      { ...toBreakeven, stopLoss: '63000.0' },
    ]);
  });

  test('example 23: two full stops (SL 60,072.1 and an old conditional 1.000 at 59,000); covered >= 60,072.1: cancel the old one; a foreign one is only told', () => {
    const of = (own: boolean) =>
      facts({
        position: held({ stop: at('60072.1') }),
        orders: { stops: [{ ...aStop('s1', '59000', '1.000'), own }] },
      });
    expect(steps(of(true), [breakeven])).toEqual([cancelStop]);
    expect(steps(of(false), [breakeven])).toEqual([]);
  });

  test('example 24: mirror 0.200 to main 1.000 at opening; main 0.500 now, mirror 0.200; paired at 0.2, reduce first: on the mirror: market reduce-only 0.100; next round its ladder', () => {
    const goals = [goal({ kind: 'paired', ratio: '0.2', mayGrow: false }), ladder(['50', '50'])];
    const mirror = (size: string) =>
      facts({
        account: 'mirror',
        position: held({ size }),
        orders: { rungs: rungs(['0.1', '0.1']) },
        followed: { known: true, value: '0.500' },
      });
    expect(steps(mirror('0.200'), goals)).toEqual([
      { do: 'close', side: 'Sell', quantity: '0.100' },
    ]);
    expect(steps(mirror('0.100'), goals)).toEqual([
      { do: 'amend', orderId: 'tp1', quantity: '0.05' },
      { do: 'amend', orderId: 'tp2', quantity: '0.05' },
    ]);
  });

  test('example 25: any; close-all = size-at-most 0 and no-orders on everything: cancel entries; market reduce-only; cancel the rest when flat', () => {
    const goals = [
      goal({ kind: 'size-at-most', size: '0' }, 'operator'),
      goal({ kind: 'no-orders', whose: 'all' }, 'operator'),
      breakeven,
      ladder(shares),
    ];
    const orders = { ...conditional, rungs: rungs(['0.1']), foreign: [aForeign('f1')] };
    const open = facts({ position: held({ size: '150' }), orders });
    expect(steps(open, goals)).toEqual([
      cancelEntry,
      { do: 'close', side: 'Sell', quantity: contract.maxMarketQuantity },
      { do: 'close', side: 'Sell', quantity: '50' },
    ]);
    const closed = facts({ position: flat({ reads: 1 }), orders: { ...orders, entries: [] } });
    expect(steps(closed, goals)).toEqual([
      { do: 'cancel', orderId: 'tp1' },
      cancelStop,
      { do: 'cancel', orderId: 'f1' },
    ]);
    expect(difference(facts({ position: flat() }), goals)).toMatchObject({
      steps: [],
      blocked: [],
    });
  });
});
