import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  equal,
  greater,
  isMultiple,
  less,
  minus,
  smallest,
  sum,
  times,
  toStep,
} from '../../../src-main/domain/numbers.ts';
import { coveredAt, coversAll, levelsOf } from '../../../src-main/monitor/goals/cover.ts';
import { type Difference, difference } from '../../../src-main/monitor/goals/difference.ts';
import type { Facts } from '../../../src-main/monitor/goals/facts.ts';
import { type Goal, goalsOf } from '../../../src-main/monitor/goals/goal.ts';
import type { Step } from '../../../src-main/monitor/goals/step.ts';
import { ownTable, realTable } from './instruments.ts';
import { applied, heldIn, ordersIn } from './model.ts';
import { type Situation, situations } from './random.ts';

const real = realTable();
if (real === null)
  console.log(
    'The real instrument table is not beside this checkout: the laws are tried on contracts of our own.',
  );
const anything = situations([...ownTable(), ...(real ?? [])]);

const runs = { numRuns: 1_000 };
const law = (holds: (of: Situation) => void): void =>
  fc.assert(
    fc.property(anything, (of) => {
      holds(of);
    }),
    runs,
  );

const after = (facts: Facts, steps: readonly Step[]): Facts => steps.reduce(applied, facts);

/** Applies differences until one is empty; how many it took. */
function settle(of: Situation): { facts: Facts; rounds: number; last: Difference } {
  let { facts } = of;
  let last = difference(facts, of.goals);
  let rounds = 0;
  for (; last.steps.length > 0 && rounds < 6; rounds += 1) {
    facts = after(facts, last.steps);
    last = difference(facts, of.goals);
  }
  return { facts, rounds, last };
}

const resizes = ({ write }: Step): boolean =>
  write.do === 'close' || (write.do === 'place' && write.type === 'Market' && write.as === 'entry');

describe('law 1: carrying out the steps leaves nothing, or what a new size asks for', () => {
  test('a difference that does not change the size is empty once carried out', () => {
    law(({ facts, goals }) => {
      const { steps } = difference(facts, goals);
      if (steps.some(resizes)) return;
      expect(difference(after(facts, steps), goals).steps).toEqual([]);
    });
  });

  test('any difference is empty after three rounds', () => {
    law((of) => expect(settle(of).rounds).toBeLessThanOrEqual(3));
  });
});

test('law 2: between any two steps every unit keeps at least the cover it had, unless the operator loosened it', () => {
  law(({ facts, goals }) => {
    if (goals.some(({ author, want }) => author === 'operator' && /covered|trail/.test(want.kind)))
      return;
    let before = facts;
    for (const step of difference(facts, goals).steps) {
      const now = applied(before, step);
      const [was, is] = [heldIn(before), heldIn(now)];
      if (was && is) {
        const had = levelsOf(was, ordersIn(before).stops);
        const has = levelsOf(is, ordersIn(now).stops);
        for (const { price } of had)
          expect(
            less(coveredAt(has, is, price), smallest(coveredAt(had, was, price), is.size)),
          ).toBe(false);
      }
      before = now;
    }
  });
});

describe('law 3: no step goes too far', () => {
  const reducing = (facts: Facts): string =>
    sum(
      ordersIn(facts).rungs.map((one) =>
        one.state === 'open' ? minus(one.quantity, one.filledQuantity) : '0',
      ),
    );

  test('nothing is opened that no goal asks for, and take-profits are never raised above the position', () => {
    law(({ facts, goals }) => {
      const mayOpen = goals.some(({ want }) => want.kind === 'entries' || want.kind === 'paired');
      let before = facts;
      for (const step of difference(facts, goals).steps) {
        const { write } = step;
        if (write.do === 'place') expect(write.reduceOnly || mayOpen).toBe(true);
        const now = applied(before, step);
        const is = heldIn(now);
        if (is && greater(reducing(now), reducing(before)))
          expect(greater(reducing(now), is.size)).toBe(false);
        before = now;
      }
    });
  });

  test('another’s order is touched only when all orders are to go', () => {
    law(({ facts, goals }) => {
      const all = goals.some(({ want }) => want.kind === 'no-orders' && want.whose === 'all');
      const { stops, foreign } = ordersIn(facts);
      const others = new Set(
        [...foreign, ...stops.filter(({ own }) => !own)].map(({ orderId }) => orderId),
      );
      for (const { write } of difference(facts, goals).steps)
        if ('orderId' in write && others.has(write.orderId)) expect(all).toBe(true);
    });
  });

  test('what is sent is on the tick and on the step, and no order is below the minimum', () => {
    law(({ facts, goals }) => {
      if (!facts.instrument.known) return;
      const { tickSize, quantityStep, minQuantity } = facts.instrument.value;
      for (const { write } of difference(facts, goals).steps) {
        for (const name of ['stopLoss', 'price', 'triggerPrice', 'trailingStop', 'activePrice']) {
          const price = (write as Record<string, unknown>)[name];
          if (typeof price === 'string') expect(isMultiple(price, tickSize)).toBe(true);
        }
        const quantity = (write as { quantity?: string }).quantity;
        if (quantity === undefined) continue;
        expect(isMultiple(quantity, quantityStep)).toBe(true);
        expect(less(quantity, minQuantity)).toBe(false);
      }
    });
  });
});

test('law 4: the same facts and goals give the same steps under the same names, each name once', () => {
  law(({ facts, goals }) => {
    const found = difference(facts, goals);
    expect(difference(structuredClone(facts), structuredClone(goals))).toEqual(found);
    const wishes = found.steps.map(({ wish }) => wish);
    expect(new Set(wishes).size).toBe(wishes.length);
    const repeated = difference({ ...facts, spent: wishes }, goals);
    expect(repeated.steps.filter(({ wish }) => wishes.includes(wish))).toEqual([]);
  });
});

describe('law 5: what is not met says why', () => {
  test('in the end every goal is met, or blocked, waited for, behind a stronger one, or over', () => {
    law((of) => {
      const { facts, last } = settle(of);
      const told = new Set<Goal>([
        ...[...last.blocked, ...last.waiting, ...last.behind].map(({ goal }) => goal),
        ...last.ended,
      ]);
      for (const goal of of.goals)
        if (!told.has(goal)) expect([goal.want, isMet(facts, goal)]).toEqual([goal.want, true]);
    });
  });

  test('the sentence of a stop that cannot be set is true of the price', () => {
    law(({ facts, goals }) => {
      for (const { sentence } of difference(facts, goals).blocked) {
        const found = /^The price (\S+) is (above|at|below) the \w+ of (\S+)\.$/.exec(sentence);
        if (!found) continue;
        const [, price = '', where, stop = ''] = found;
        expect(facts.prices.known && facts.prices.value.last).toBe(price);
        const is = equal(price, stop) ? 'at' : less(price, stop) ? 'below' : 'above';
        expect(where).toBe(is);
      }
    });
  });
});

/** Whether a goal is met, checked on the facts alone and in other words than the difference's. */
function isMet(facts: Facts, { want, author }: Goal): boolean {
  const held = heldIn(facts);
  const { stops, rungs, entries, foreign } = ordersIn(facts);
  if (!facts.instrument.known) return false;
  const { tickSize, quantityStep } = facts.instrument.value;
  const open = rungs.filter(({ state }) => state === 'open');
  switch (want.kind) {
    case 'covered': {
      if (held === null) return true;
      const levels = levelsOf(held, stops).filter(
        (level) => want.triggerBy === null || level.triggerBy === want.triggerBy,
      );
      const price = toStep(want.price, tickSize, held.side === 'long' ? 'up' : 'down');
      if (author === 'operator') return levels.some((level) => equal(level.price, price));
      return equal(coveredAt(levels, held, price), held.size);
    }
    case 'trail':
      return (
        held === null ||
        (held.trail !== null &&
          !greater(held.trail.distance, toStep(want.distance, tickSize, 'up')))
      );
    case 'ladder': {
      const taken = sum(foreign.map(({ reduces, quantity }) => (reduces ? quantity : '0')));
      const total = sum(
        open.map(({ quantity, filledQuantity }) => minus(quantity, filledQuantity)),
      );
      const done = want.rungs.every(({ level }) =>
        rungs.some((one) => one.level === level && one.state === 'filled'),
      );
      return held === null || done || equal(total, minus(held.size, smallest(taken, held.size)));
    }
    case 'no-entries':
      return entries.every(({ state }) => state !== 'open');
    case 'entries':
      return want.entries.every(({ id }) => entries.some((one) => one.id === id));
    case 'size-at-most':
      return held === null || !greater(held.size, toStep(want.size, quantityStep, 'up'));
    case 'paired': {
      if (held === null || !facts.followed?.known) return held === null;
      const wanted = times(facts.followed.value, want.ratio);
      const most = toStep(wanted, quantityStep, 'up');
      const least = want.mayGrow ? toStep(wanted, quantityStep, 'down') : '0';
      return !greater(held.size, most) && !less(held.size, least);
    }
    default:
      return (
        held !== null ||
        (open.length === 0 &&
          stops.every(({ own }) => !own) &&
          entries.every(({ state }) => state !== 'open'))
      );
  }
}

test('in the end no stop of ours is without use, and every unit is covered where a stop was wanted', () => {
  law((of) => {
    const { facts, last } = settle(of);
    const held = heldIn(facts);
    const wanted = goalsOf(of.goals, 'covered');
    if (held === null || wanted.length === 0) return;
    const { stops } = ordersIn(facts);
    const told = new Set<Goal>(
      [...last.blocked, ...last.waiting, ...last.behind].map(({ goal }) => goal),
    );
    if (wanted.some((goal) => !told.has(goal)))
      expect(coversAll(levelsOf(held, stops), held.size)).toBe(true);
    else return;
    if (of.goals.some(({ want }) => want.kind === 'size-at-most' || want.kind === 'paired')) return;
    const own = stops.filter((stop) => stop.own && stop.triggerBy === 'LastPrice');
    const ours = levelsOf({ ...held, trail: null }, own).filter(
      ({ triggerBy }) => triggerBy === 'LastPrice',
    );
    for (const stop of own) {
      const others = ours.filter(
        (level) => (level as { orderId?: string }).orderId !== stop.orderId,
      );
      expect(equal(coveredAt(others, held, stop.price), held.size)).toBe(false);
    }
  });
});
