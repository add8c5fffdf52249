import { describe, expect, test } from 'vitest';
import {
  defaultPlaybook,
  goalsFor,
  orphanGoals,
  playbookGoals,
} from '../../../src-main/monitor/rules/playbook-goals.ts';
import { sampleMonitor } from '../../persistence/samples.ts';
import { aRung, aStop, at, type FactsOf, facts, flat, held, rungs } from '../goals/facts.ts';

const wants = (of: FactsOf, planned: string | null = null) =>
  playbookGoals(facts(of), planned, defaultPlaybook).map(({ want, author }) => ({
    author,
    ...want,
  }));

describe('the stop', () => {
  test('one that covers everything stays where it was found', () => {
    expect(wants({})).toMatchObject([{ author: 'adopted', kind: 'covered', price: '59000' }]);
  });

  test('a part without a stop gets the widest of those that are there', () => {
    const stops = [aStop('a', '59500', '0.05'), aStop('b', '59000', '0.05')];
    const of = { position: held({ stop: null }), orders: { stops } };
    expect(wants(of)).toMatchObject([{ author: 'rule', kind: 'covered', price: '59000' }]);
  });

  test('a position without any gets one where it was planned, else at the playbook’s distance', () => {
    const long = { position: held({ stop: null }) };
    expect(wants(long, '58000')).toMatchObject([{ price: '58000' }]);
    expect(wants(long)).toMatchObject([{ price: '57000' }]);
    const short = { position: held({ side: 'short', stop: null }) };
    expect(wants(short)).toMatchObject([{ price: '63000' }]);
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
  test('keeps its prices and takes the playbook’s shares; one of another shape is left alone', () => {
    const four = wants({ orders: { rungs: rungs(['0.1', '0.02', '0.02', '0.01']) } });
    expect(four).toContainEqual(
      expect.objectContaining({
        kind: 'ladder',
        rungs: [
          { level: 1, price: '63000', share: '85' },
          { level: 2, price: '64000', share: '5' },
          { level: 3, price: '65000', share: '5' },
          { level: 4, price: '66000', share: '5' },
        ],
      }),
    );
    const two = wants({ orders: { rungs: rungs(['0.1', '0.05']) } });
    expect(two.map(({ kind }) => kind)).toEqual(['covered']);
  });
});

test('nothing is wanted of a flat position but that its orders go', () => {
  const of = facts({ position: flat(), orders: { rungs: rungs(['0.1']) } });
  expect(playbookGoals(of, '58000', defaultPlaybook)).toEqual([]);
  expect(orphanGoals(of).map(({ want }) => want)).toEqual([{ kind: 'no-orders', whose: 'own' }]);
  expect(orphanGoals(facts({ position: held({ stop: at('1') }) }))).toEqual([]);
});

test('what follows the first take-profit is only wanted where the account’s playbook has it', () => {
  const of = facts({
    orders: { rungs: [aRung(1, '63000', '1', { state: 'filled', filledQuantity: '1' })] },
  });
  const kinds = (breakevenAfterTp1: boolean) =>
    goalsFor({
      facts: of,
      monitor: sampleMonitor(),
      settings: { ...defaultPlaybook, breakevenAfterTp1 },
    }).map(({ want }) => want.kind);
  expect(kinds(true)).toContain('no-entries');
  expect(kinds(false)).not.toContain('no-entries');
});
