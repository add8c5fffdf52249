import { describe, expect, test } from 'vitest';
import type { Goal } from '../../../src-main/domain/goal.ts';
import {
  type Phase,
  type Plan,
  type RuleMemory,
  unplanned,
} from '../../../src-main/domain/monitor.ts';
import type { Playbook } from '../../../src-main/domain/playbook.ts';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import { defaultPlaybook, goalsFor } from '../../../src-main/monitor/rules/playbook-goals.ts';
import { trailedAfter } from '../../../src-main/monitor/rules/rule-trailing.ts';
import {
  aRung,
  aStop,
  at,
  covered,
  type FactsOf,
  facts,
  flat,
  held,
  rungs,
  writes,
} from '../goals/facts.ts';

interface Known extends FactsOf {
  plan?: Partial<Plan>;
  memory?: Partial<RuleMemory>;
  settings?: Partial<Playbook>;
  phase?: Phase;
}

/** What is wanted of the facts, plan, memory and settings a test is about. */
function wants({ plan, memory, settings, phase = 'adopted', ...of }: Known) {
  const blank = unplanned();
  const goals = goalsFor({
    facts: facts(of),
    monitor: { phase, plan: { ...blank.plan, ...plan }, rules: { ...blank.rules, ...memory } },
    settings: { ...defaultPlaybook, ...settings },
  });
  return goals.map(({ want, author }) => ({ author, ...want }));
}

describe('the stop', () => {
  test('one that covers everything stays where it was found, the position’s own by itself', () => {
    expect(wants({})).toEqual([]);
    const of = {
      position: held({ stop: null }),
      orders: { stops: [aStop('a', '59000', '0.150')] },
    };
    expect(wants(of)).toMatchObject([{ author: 'adopted', kind: 'covered', price: '59000' }]);
  });

  test('a part without a stop gets the widest of those that are there', () => {
    const stops = [aStop('a', '59500', '0.05'), aStop('b', '59000', '0.05')];
    const of = { position: held({ stop: null }), orders: { stops } };
    expect(wants(of)).toMatchObject([{ author: 'rule', kind: 'covered', price: '59000' }]);
  });

  const bare = (of: Parameters<typeof held>[0] = {}) => held({ stop: null, ...of });

  test('a missing one is put back where it was, and set off as it was', () => {
    const plan = { stop: { price: '58000', triggerBy: 'MarkPrice' as const } };
    expect(wants({ position: bare(), plan })[0]).toMatchObject({
      author: 'rule',
      price: '58000',
      triggerBy: 'MarkPrice',
    });
  });

  test('where none was, it comes at the playbook’s distance from the entry, or not at all', () => {
    expect(wants({ position: bare() })).toMatchObject([{ price: '57000' }]);
    expect(wants({ position: bare({ side: 'short' }) })).toMatchObject([{ price: '63000' }]);
    expect(wants({ position: bare(), settings: { stopDistance: null } })).toEqual([]);
  });

  test('where the price has passed the place of a missing one, the playbook’s distance is left', () => {
    const plan = { stop: { price: '58000', triggerBy: 'LastPrice' as const } };
    const of = { position: bare(), last: '57500' };
    const goals = goalsFor({
      facts: facts(of),
      monitor: { phase: 'adopted', ...unplanned(), plan: { ...unplanned().plan, ...plan } },
      settings: defaultPlaybook,
    });
    expect(writes(difference(facts(of), goals).steps)).toEqual([
      { do: 'set-stop', stopLoss: '57000.0', triggerBy: 'LastPrice' },
    ]);
    // A nearer one is never looked for further off than it was.
    const far = { stop: { price: '56000', triggerBy: 'LastPrice' as const } };
    expect(wants({ position: bare(), plan: far })).toMatchObject([{ price: '56000' }]);
  });

  test('one that trails may sleep, so it counts for none', () => {
    const trail = { distance: '500', trigger: null };
    expect(wants({ position: bare({ trail }) })).toMatchObject([{ price: '57000' }]);
  });

  test('P23 a stop order follows the size of the position', () => {
    const stops = [aStop('s', '59000', '1.000')];
    const of = facts({ position: bare(), orders: { stops } });
    const goals = goalsFor({
      facts: of,
      monitor: { phase: 'adopted', ...unplanned() },
      settings: defaultPlaybook,
    });
    expect(writes(difference(of, goals).steps)).toEqual([
      { do: 'amend', orderId: 's', quantity: '0.15' },
    ]);
  });
});

describe('after the first take-profit', () => {
  const afterTp1 = { kind: 'covered', price: '60072.1', called: 'breakeven', author: 'rule' };
  const all = (first: ReturnType<typeof aRung>) =>
    wants({ orders: { rungs: [first, ...rungs(['1', '0.1', '0.1', '0.1']).slice(1)] } });

  test.each([
    ['filled', { state: 'filled', filledQuantity: '1' }, true],
    ['filled to 99 %', { filledQuantity: '0.99' }, true],
    ['ended with a fill', { state: 'gone', filledQuantity: '0.5' }, true],
    ['filled in part', { filledQuantity: '0.5' }, false],
    ['cancelled', { state: 'gone' }, false],
  ] as const)('%s', (_, of, hit) => {
    const found = all(aRung(1, '63000', '1', of));
    expect(found.some(({ kind }) => kind === 'no-entries')).toBe(hit);
    if (hit) expect(found).toContainEqual(expect.objectContaining(afterTp1));
  });
});

describe('the ladder', () => {
  const four = { orders: { rungs: rungs(['0.1', '0.02', '0.02', '0.01']) } };
  const parts = (...shares: string[]) => ({
    ladder: shares.map((share, n) => ({ level: n + 1, share })),
  });
  const ladderIn = (of: Known) => wants(of).find(({ kind }) => kind === 'ladder');

  test('is left as it was found until entries fill beside it', () => {
    expect(ladderIn(four)).toBeUndefined();
    expect(ladderIn({ ...four, plan: parts('0.1', '0.02', '0.02', '0.01') })).toMatchObject({
      rungs: [
        { level: 1, price: '63000', share: '0.1' },
        { level: 2, price: '64000', share: '0.02' },
        { level: 3, price: '65000', share: '0.02' },
        { level: 4, price: '66000', share: '0.01' },
      ],
    });
  });

  test('takes the playbook’s shares where that is set and it has as many levels', () => {
    const settings = { foundLadder: 'shares' } as const;
    expect(ladderIn({ ...four, settings })).toMatchObject({
      rungs: [{ share: '85' }, { share: '5' }, { share: '5' }, { share: '5' }],
    });
    const two = { orders: { rungs: rungs(['0.1', '0.05']) } };
    expect(ladderIn({ ...two, settings })).toBeUndefined();
  });

  test('P26 keeps what was filled, and what somebody took out stays out', () => {
    const [first, second, third, fourth] = rungs(['0.1', '0.02', '0.02', '0.01']);
    if (!first || !second || !third || !fourth) throw new Error('no ladder');
    const filled = { ...first, state: 'filled' as const, filledQuantity: '0.1' };
    const out = { ...third, state: 'gone' as const };
    const of = { orders: { rungs: [filled, second, out, fourth] } };
    expect(ladderIn({ ...of, plan: parts('0.1', '0.02', '0.02', '0.01') })).toMatchObject({
      rungs: [{ level: 1 }, { level: 2 }, { level: 4 }],
    });
  });
});

describe('trailing', () => {
  const hit = { ...aRung(1, '63000', '0.1'), state: 'filled' as const, filledQuantity: '0.1' };
  const rest = rungs(['0.05'], 64_000).map((rung) => ({ ...rung, level: 2 }));
  const trailing = { afterTakeProfit: 1, distance: '1', unit: '%', by: 'exchange' } as const;
  const after = (of: Known) =>
    wants({ orders: { rungs: [hit, ...rest] }, last: '63500', ...of }).filter(
      (want) => want.kind === 'trail' || ('called' in want && want.called === 'trailing stop'),
    );

  test('waits for its take-profit', () => {
    expect(after({ settings: { trailing: { ...trailing, afterTakeProfit: 2 } } })).toEqual([]);
    expect(after({ settings: { trailing: null } })).toEqual([]);
  });

  test('is the exchange’s at a distance in % of the entry, ticks or R', () => {
    const at = (unit: '%' | 'ticks' | 'R', distance: string, risk: string | null = '1000') =>
      after({ settings: { trailing: { ...trailing, unit, distance } }, memory: { risk } });
    expect(at('%', '1')).toMatchObject([{ kind: 'trail', distance: '600', from: null }]);
    expect(at('ticks', '250')).toMatchObject([{ distance: '25' }]);
    expect(at('R', '0.5')).toMatchObject([{ distance: '500' }]);
    expect(at('R', '0.5', null)).toEqual([]);
  });

  test('in steps is a stop at the distance from the best price that is remembered', () => {
    const settings = { trailing: { ...trailing, by: 'steps' as const } };
    // 600 away, 60 at a time: the price of 63,500 counts as 63,480.
    expect(after({ settings })).toMatchObject([{ kind: 'covered', price: '62880' }]);
    const memory = { trailedFrom: '64020' };
    expect(after({ settings, memory })).toMatchObject([{ price: '63420' }]);
    const short = {
      position: held({ side: 'short', stop: at('61000') }),
      last: '57010',
      settings,
    };
    expect(after(short)).toMatchObject([{ price: '57660' }]);
  });

  test('P50 in steps remembers only what is a step better', () => {
    const settings = { trailing: { ...trailing, by: 'steps' as const } };
    const from = (last: string, rules: RuleMemory) =>
      trailedAfter(facts({ orders: { rungs: [hit, ...rest] }, last }), rules, settings);
    const first = from('63500', unplanned().rules);
    expect(first.trailedFrom).toBe('63480');
    expect(from('63530', first)).toBe(first);
    expect(from('61000', first)).toBe(first);
    expect(from('63545', first).trailedFrom).toBe('63540');
  });
});

test('what the operator has set comes with what the rules want, and counts before it', () => {
  const goals: Goal[] = [covered('58500', 'operator')];
  const of = facts();
  const all = goalsFor({
    facts: of,
    monitor: { phase: 'adopted', ...unplanned(), plan: { ...unplanned().plan, goals } },
    settings: defaultPlaybook,
  });
  expect(writes(difference(of, all).steps)).toMatchObject([{ stopLoss: '58500.0' }]);
});

test('P38 of a flat position nothing is wanted but, once it was one, that its orders go', () => {
  const of = { position: flat(), orders: { rungs: rungs(['0.1']) } };
  expect(wants({ ...of, phase: 'closed' })).toMatchObject([{ kind: 'no-orders', whose: 'own' }]);
  expect(wants({ ...of, phase: 'building' })).toEqual([]);
  expect(wants({ phase: 'closed' }).map(({ kind }) => kind)).not.toContain('no-orders');
});

test('what follows the first take-profit is only wanted where the account’s playbook has it', () => {
  const rung = aRung(1, '63000', '1', { state: 'filled', filledQuantity: '1' });
  const kinds = (breakevenAfterTp1: boolean) =>
    wants({ orders: { rungs: [rung] }, settings: { breakevenAfterTp1 } }).map(({ kind }) => kind);
  expect(kinds(true)).toContain('no-entries');
  expect(kinds(false)).not.toContain('no-entries');
});

test('M8 a take-profit that was replaced after a part of it filled is hit when the rest is', () => {
  const gone = aRung(1, '63000', '0.1', { state: 'gone', filledQuantity: '0.04' });
  const at = (filledQuantity: string) =>
    wants({ orders: { rungs: [gone, aRung(1, '62500', '0.06', { filledQuantity })] } }).some(
      ({ kind }) => kind === 'no-entries',
    );
  expect(at('0.02')).toBe(false);
  expect(at('0.0595')).toBe(true);
});
