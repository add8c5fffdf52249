import fc from 'fast-check';
import type { Instrument } from '../../../src-main/domain/instrument.ts';
import { fromNumber, minus, plus, times, toStep } from '../../../src-main/domain/numbers.ts';
import type { TriggerBy } from '../../../src-main/domain/order.ts';
import type { Side } from '../../../src-main/domain/position.ts';
import { type Facts, known, type Rung } from '../../../src-main/monitor/goals/facts.ts';
import type { Goal, Want } from '../../../src-main/monitor/goals/goal.ts';
import { facts, flat, goal, now } from './facts.ts';

export interface Situation {
  facts: Facts;
  goals: Goal[];
}

const source = fc.constantFrom<TriggerBy>('LastPrice', 'LastPrice', 'MarkPrice');

/** Any leg of any contract with any orders around it, and any goals. */
export function situations(table: readonly Instrument[]): fc.Arbitrary<Situation> {
  const base = fc.record({
    rules: fc.constantFrom(...table),
    side: fc.constantFrom<Side>('long', 'short'),
    hedge: fc.boolean(),
    ticks: fc.integer({ min: 5_000, max: 200_000 }),
    steps: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 50_000 })),
  });
  return base.chain(({ rules, side, hedge, ticks, steps }) => {
    const price = toStep(times(rules.tickSize, fromNumber(ticks)), rules.tickSize, 'nearest');
    const least = toStep(rules.minQuantity, rules.quantityStep, 'up');
    const amount = (count: number): string =>
      plus(least, times(rules.quantityStep, fromNumber(count)));
    const size = amount(steps - 1);
    /** `away` thousandths of the price, on the losing side for a negative one; never nearer than a tick. */
    const level = (away: number): string => {
      const far = Math.sign(away) * Math.max(1, Math.round((ticks * Math.abs(away)) / 1_000));
      const shift = times(rules.tickSize, fromNumber(Math.abs(far)));
      const up = far > 0 === (side === 'long');
      return toStep(up ? plus(price, shift) : minus(price, shift), rules.tickSize, 'nearest');
    };
    const losing = fc.integer({ min: 1, max: 300 }).map((away) => level(-away));
    const winning = fc.integer({ min: 1, max: 300 }).map((away) => level(away));
    const around = fc.oneof({ weight: 4, arbitrary: losing }, { weight: 1, arbitrary: winning });
    const part = fc.integer({ min: 0, max: steps + 5 }).map(amount);
    const stop = fc.record({
      price: losing,
      quantity: fc.oneof({ weight: 5, arbitrary: part }, fc.constant('whole' as const)),
      triggerBy: source,
      leg: fc.boolean(),
      own: fc.boolean(),
    });
    const rung = fc.record({
      level: fc.constantFrom(1, 2, 3, 4, 5),
      price: winning,
      quantity: part,
      state: fc.constantFrom<Rung['state']>('open', 'open', 'filled', 'gone'),
    });
    const entry = fc.record({
      price: losing,
      quantity: part,
      stopLoss: fc.option(losing, { nil: null }),
    });
    const shares = fc.constantFrom(
      ['85', '5', '5', '5'],
      ['100'],
      ['60', '40'],
      ['25', '25', '25', '25'],
    );
    const wants: fc.Arbitrary<Want> = fc.oneof(
      fc.record({
        kind: fc.constant('covered' as const),
        price: around,
        triggerBy: fc.option(source, { nil: null }),
        called: fc.constant('stop'),
      }),
      fc.record({
        kind: fc.constant('covered' as const),
        price: losing,
        triggerBy: fc.constant(null),
        called: fc.constant('breakeven'),
      }),
      fc.record({
        kind: fc.constant('trail' as const),
        distance: fc.integer({ min: 1, max: 200 }).map((n) => times(rules.tickSize, fromNumber(n))),
        from: fc.option(around, { nil: null }),
      }),
      fc.tuple(shares, fc.integer({ min: 1, max: 50 })).map(([shares, first]) => ({
        kind: 'ladder' as const,
        rungs: shares.map((share, at) => ({
          level: at + 1,
          price: level(first + at * 40),
          share,
        })),
      })),
      fc.constant({ kind: 'no-entries' as const }),
      fc.record({
        kind: fc.constant('size-at-most' as const),
        size: fc.oneof(fc.constant('0'), part),
      }),
      fc.record({
        kind: fc.constant('no-orders' as const),
        whose: fc.constantFrom('own' as const, 'all' as const),
      }),
      fc.record({
        kind: fc.constant('paired' as const),
        ratio: fc.constantFrom('0.2', '0.33', '1'),
        mayGrow: fc.boolean(),
      }),
      fc.record({ price: losing, quantity: part }).map(({ price, quantity }) => ({
        kind: 'entries' as const,
        entries: [
          {
            id: 'new',
            side: side === 'long' ? ('Buy' as const) : ('Sell' as const),
            price,
            quantity,
          },
        ],
      })),
    );
    return fc
      .record({
        open: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
        stop: fc.option(fc.record({ price: losing, triggerBy: source }), { nil: null }),
        trail: fc.option(fc.record({ price: losing, awake: fc.boolean() }), { nil: null, freq: 4 }),
        stops: fc.array(stop, { maxLength: 4 }),
        rungs: fc.uniqueArray(rung, { maxLength: 5, selector: ({ level }) => level }),
        entries: fc.array(entry, { maxLength: 3 }),
        foreign: fc.array(fc.record({ quantity: part, reduces: fc.boolean() }), { maxLength: 1 }),
        unamendable: fc.array(fc.constantFrom('s0', 's1', 'r1', 'r2'), { maxLength: 2 }),
        followed: fc.option(part, { nil: null }),
        wants: fc.array(
          fc.tuple(
            wants,
            fc.constantFrom(
              'operator' as const,
              'guard' as const,
              'rule' as const,
              'rule' as const,
              'adopted' as const,
            ),
            fc.integer({ min: 1, max: 1_000 }),
          ),
          { maxLength: 5 },
        ),
      })
      .map((of) => {
        const trigger = of.trail?.awake ? of.trail.price : null;
        const distance = of.trail ? away(price, of.trail.price) : '0';
        const stops = of.stops.map((stop, at) => ({ ...stop, orderId: `s${at}` }));
        return {
          facts: facts({
            positionIdx: hedge ? (side === 'long' ? 1 : 2) : 0,
            position: of.open
              ? {
                  side,
                  size,
                  entryPrice: price,
                  opening: 1,
                  stop: of.stop,
                  trail: of.trail ? { distance, trigger } : null,
                }
              : flat(),
            orders: {
              stops: of.open ? stops : stops.filter(({ leg }) => !leg),
              rungs: of.rungs.map((rung) => ({
                ...rung,
                orderId: `r${rung.level}`,
                filledQuantity: rung.state === 'filled' ? rung.quantity : '0',
                state: rung.state,
                conditional: false,
              })),
              entries: of.entries.map((entry, at) => ({
                ...entry,
                id: `e${at}`,
                orderId: `e${at}`,
                side: side === 'long' ? ('Buy' as const) : ('Sell' as const),
                filledQuantity: '0',
                state: 'open' as const,
              })),
              foreign: of.foreign.map((one, at) => ({
                ...one,
                orderId: `f${at}`,
                side: side === 'long' ? ('Sell' as const) : ('Buy' as const),
                price: level(100),
              })),
              unamendable: of.unamendable,
            },
            rules,
            last: price,
            followed: of.followed === null ? null : known(of.followed),
          }),
          goals: of.wants.map(([want, author, age]) => goal(want, author, { since: now - age })),
        };
      });
  });
}

const away = (a: string, b: string): string => {
  const between = minus(a, b);
  return between.startsWith('-') ? between.slice(1) : between;
};
