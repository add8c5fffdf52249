import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unplanned } from '../../../src-main/domain/monitor.ts';
import { equal, less, minus, smallest, sum } from '../../../src-main/domain/numbers.ts';
import type { PositionIdx, Side } from '../../../src-main/domain/position.ts';
import { coveredAt, coversAll, levelsOf } from '../../../src-main/monitor/goals/cover.ts';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import type { Facts } from '../../../src-main/monitor/goals/facts.ts';
import type { Goal } from '../../../src-main/monitor/goals/goal.ts';
import {
  defaultPlaybook,
  goalsFor as goalsOfRules,
} from '../../../src-main/monitor/rules/playbook-goals.ts';
import { setTradingStop } from '../../../src-main/practice/engine/orders/trading-stop.ts';
import { Refusal } from '../../../src-main/practice/refusal.ts';
import { bareWorld, type Row } from '../../practice/support.ts';
import { goal } from './facts.ts';
import { heldIn, ordersIn } from './model.ts';
import { PracticeLeg } from './practice-leg.ts';

const symbol = 'ETHUSDT';
const level = fc.integer({ min: 2_350, max: 2_650 }).map(String);
const amount = fc.integer({ min: 1, max: 300 }).map((cents) => (cents / 100).toFixed(2));

/** What happens in between: prices, the operator's other devices, the venue. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('price' as const), to: level }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('market' as const),
      adds: fc.boolean(),
      qty: amount,
      stopLoss: fc.option(level, { nil: '' }),
      tpslMode: fc.constantFrom('Full', 'Partial'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('entry' as const),
      price: level,
      qty: amount,
      stopLoss: fc.option(level, { nil: '' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      own: fc.boolean(),
      triggerPrice: level,
      qty: amount,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('levels' as const),
      tpslMode: fc.constantFrom('Full', 'Partial'),
      stopLoss: fc.oneof(level, fc.constant('0')),
      slSize: amount,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), at: fc.nat(20) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** A leg of the practice exchange with a ladder and a stop, and goals that stand throughout. */
function setUp(side: Side, hedge: boolean, wanted: readonly Goal[]) {
  const world = bareWorld();
  if (hedge) world.main.hedgeCoins.add('USDT');
  world.price(symbol, '2500.00');
  const idx: PositionIdx = hedge ? (side === 'long' ? 1 : 2) : 0;
  const leg = new PracticeLeg(world, symbol, idx, side);
  const opens = side === 'long' ? 'Buy' : 'Sell';
  const closes = side === 'long' ? 'Sell' : 'Buy';
  const base = { symbol, positionIdx: idx };

  function happen(one: Event): void {
    const { venue, main, place } = world;
    venue.time.step(1_000);
    if (one.kind === 'price') return world.price(symbol, `${one.to}.00`);
    if (one.kind === 'cancel') {
      const order = [...main.open.values()][one.at % Math.max(1, main.open.size)];
      if (order) world.cancel(order);
    } else if (one.kind === 'market') {
      const { adds, qty, stopLoss, tpslMode } = one;
      const levels = adds && stopLoss !== '' ? { stopLoss, tpslMode } : {};
      place({
        ...base,
        orderType: 'Market',
        side: adds ? opens : closes,
        qty,
        reduceOnly: !adds,
        ...levels,
      });
    } else if (one.kind === 'entry') {
      const { price, qty, stopLoss } = one;
      const order = place({ ...base, orderType: 'Limit', side: opens, price, qty, stopLoss });
      leg.own(order, 'entry', order.orderId);
    } else if (one.kind === 'stop') {
      const { triggerPrice, qty, own } = one;
      const triggerDirection = side === 'long' ? 2 : 1;
      const stop: Row = {
        ...base,
        orderType: 'Market',
        side: closes,
        qty,
        reduceOnly: true,
        closeOnTrigger: true,
      };
      const order = place({ ...stop, triggerPrice, triggerDirection });
      if (own) leg.own(order, 'stop', 'stop');
    } else {
      const { kind: _, ...request } = one;
      setTradingStop(venue, main, { ...base, ...request });
    }
    return undefined;
  }

  const goalsFor = (facts: Facts): Goal[] => [
    ...goalsOfRules({
      facts,
      monitor: { phase: heldIn(facts) ? 'adopted' : 'closed', ...unplanned() },
      settings: { ...defaultPlaybook, foundLadder: 'shares' },
    }),
    ...(heldIn(facts) ? wanted : []),
  ];

  return { leg, happen, goalsFor };
}

const ignoringRefusals = (work: () => void): void => {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
};

/** Between two steps of ours that fill nothing, no unit loses cover. */
function expectNoLoss(before: Facts, after: Facts): void {
  const [was, is] = [heldIn(before), heldIn(after)];
  if (!was || !is || !equal(was.size, is.size) || was.opening !== is.opening) return;
  const had = levelsOf(was, ordersIn(before).stops);
  const has = levelsOf(is, ordersIn(after).stops);
  for (const { price } of had)
    expect(less(coveredAt(has, is, price), smallest(coveredAt(had, was, price), is.size))).toBe(
      false,
    );
}

const ladderAt = (side: Side): Goal =>
  goal({
    kind: 'ladder',
    rungs: [20, 60, 100, 140].map((away, at) => ({
      level: at + 1,
      price: String(side === 'long' ? 2_500 + away : 2_500 - away),
      share: defaultPlaybook.shares[at] ?? '0',
    })),
  });

const round = fc.record({
  event,
  /** Steps that never reach the venue, as if it had been too busy. */
  lost: fc.array(fc.nat(4), { maxLength: 2 }),
  /** What happens after so many steps of the round. */
  meanwhile: fc.option(fc.record({ after: fc.nat(3), event }), { nil: null }),
});

function play(
  side: Side,
  hedge: boolean,
  rounds: readonly (typeof round extends fc.Arbitrary<infer T> ? T : never)[],
  wanted: readonly Goal[],
): void {
  const { leg, happen, goalsFor } = setUp(side, hedge, wanted);
  const opening: Event = {
    kind: 'market',
    adds: true,
    qty: '1.76',
    stopLoss: '',
    tpslMode: 'Full',
  };
  happen(opening);
  for (const { event, lost, meanwhile } of rounds) {
    ignoringRefusals(() => happen(event));
    const { steps } = difference(leg.facts(), goalsFor(leg.facts()));
    let isFresh = true;
    for (const [at, step] of steps.entries()) {
      if (meanwhile?.after === at) {
        ignoringRefusals(() => happen(meanwhile.event));
        isFresh = false;
      }
      if (lost.includes(at) || (step.after.length > 0 && lost.length > 0)) continue;
      const before = leg.facts();
      ignoringRefusals(() => leg.send(step));
      // What is sent on facts that have changed since may cost cover: the next round puts it right.
      if (isFresh) expectNoLoss(before, leg.facts());
    }
  }
  let last = difference(leg.facts(), goalsFor(leg.facts()));
  let calm = 0;
  for (; last.steps.length > 0 && calm < 6; calm += 1) {
    // In calm the venue takes every step that was worked out from what it says.
    for (const step of last.steps) {
      const before = leg.facts();
      leg.send(step);
      expectNoLoss(before, leg.facts());
    }
    last = difference(leg.facts(), goalsFor(leg.facts()));
  }
  expect(calm).toBeLessThanOrEqual(5);
  expectMet(
    leg.facts(),
    goalsFor(leg.facts()),
    new Set([...last.blocked, ...last.waiting].map(({ goal }) => goal.want.kind)),
  );
}

/** What the operator would look for in the end, on the exchange's own rows. */
function expectMet(facts: Facts, goals: readonly Goal[], told: ReadonlySet<string>): void {
  const held = heldIn(facts);
  const { stops, rungs, entries, foreign } = ordersIn(facts);
  const open = rungs.filter(({ state }) => state === 'open');
  const wants = new Set(goals.map(({ want }) => want.kind));
  if (held === null) {
    expect([
      ...open,
      ...entries.filter(({ state }) => state === 'open'),
      ...stops.filter(({ own }) => own),
    ]).toEqual([]);
    return;
  }
  if (!told.has('covered'))
    expect(coversAll(levelsOf({ ...held, trail: null }, stops), held.size)).toBe(true);
  if (wants.has('no-entries')) expect(entries.filter(({ state }) => state === 'open')).toEqual([]);
  const total = sum(open.map(({ quantity, filledQuantity }) => minus(quantity, filledQuantity)));
  const taken = sum(foreign.map(({ reduces, quantity }) => (reduces ? quantity : '0')));
  if (wants.has('ladder') && !told.has('ladder') && open.length > 0)
    expect(total).toBe(minus(held.size, smallest(taken, held.size)));
}

const sides = fc.constantFrom<Side>('long', 'short');
const rounds = fc.array(round, { minLength: 3, maxLength: 15 });

describe('on the practice exchange, with fills, hands, losses and prices in between', () => {
  test.each([
    ['one-way', false],
    ['hedge', true],
  ])(
    'the playbook is met after five rounds at most, and no unit loses cover on the way: %s',
    (_, hedge) => {
      fc.assert(
        fc.property(sides, rounds, (side, rounds) => play(side, hedge, rounds, [ladderAt(side)])),
        { numRuns: 40 },
      );
    },
  );

  test('so are a size, a trailing stop and no entries', () => {
    const wants = fc.subarray<Goal['want']>([
      { kind: 'size-at-most', size: '1.2' },
      { kind: 'trail', distance: '40', from: null },
      { kind: 'no-entries' },
    ]);
    fc.assert(
      fc.property(sides, rounds, wants, (side, rounds, wants) =>
        play(side, true, rounds, [ladderAt(side), ...wants.map((want) => goal(want))]),
      ),
      { numRuns: 40 },
    );
  });
});
