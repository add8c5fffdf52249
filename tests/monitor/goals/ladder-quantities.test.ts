import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMultiple, isZero, less, sum, toStep } from '../../../src-main/domain/numbers.ts';
import { ladderQuantities } from '../../../src-main/monitor/goals/ladder-quantities.ts';

const cents = { quantityStep: '0.01', minQuantity: '0.01' };
const thousandths = { quantityStep: '0.001', minQuantity: '0.001' };
const open = (...shares: string[]) => shares.map((share) => ({ share, filled: '0', done: false }));
const playbook = open('85', '5', '5', '5');
const afterTp1 = (filled: string) => [{ share: '85', filled, done: true }, ...playbook.slice(1)];

test.each([
  [
    'example L1: 1.76, step 0.01, 85/5/5/5: 1.49 / 0.08 / 0.08 / 0.11',
    '1.76',
    playbook,
    cents,
    ['1.49', '0.08', '0.08', '0.11'],
  ],
  [
    'example L2: 0.020, 85/5/5/5: 0.017 / 0.001 / 0.001 / 0.001',
    '0.020',
    playbook,
    thousandths,
    ['0.017', '0.001', '0.001', '0.001'],
  ],
  [
    'example L3: 0.016, 85/5/5/5 (each 5 % is 0.0008): 0.016, three fold',
    '0.016',
    playbook,
    thousandths,
    ['0.016', '0', '0', '0'],
  ],
  [
    'example L4: 0.070, 60/40: 0.042 / 0.028',
    '0.070',
    open('60', '40'),
    thousandths,
    ['0.042', '0.028'],
  ],
  [
    'example L5: 0.27 left of L1 after TP1 was filled: 0.08 / 0.08 / 0.11, nothing to do',
    '0.27',
    afterTp1('1.49'),
    cents,
    ['0', '0.08', '0.08', '0.11'],
  ],
  [
    'example L6: 1.00 of step 0.01 left after TP1, shares 5/5/5: 0.33 / 0.33 / 0.34',
    '1.00',
    afterTp1('1.49'),
    cents,
    ['0', '0.33', '0.33', '0.34'],
  ],
  [
    'example L7: 0.003, 25/25/25/25 (each 0.00075): 0.003, three fold',
    '0.003',
    open('25', '25', '25', '25'),
    thousandths,
    ['0.003', '0', '0', '0'],
  ],
  [
    'example L8: 1148, step 1, 85/5/5/5: 975 / 57 / 57 / 59',
    '1148',
    playbook,
    { quantityStep: '1', minQuantity: '1' },
    ['975', '57', '57', '59'],
  ],
])('%s', (_, size, rungs, lot, wanted) => {
  const quantities = ladderQuantities(size, rungs, lot);
  expect(quantities.map(Number)).toEqual(wanted.map(Number));
});

test('where the first rung stays below the minimum even with what folds, the nearest that stands takes it', () => {
  const lot = { quantityStep: '1', minQuantity: '10' };
  expect(ladderQuantities('100', open('5', '90', '5'), lot).map(Number)).toEqual([10, 90, 0]);
  expect(ladderQuantities('100', open('5', '95'), lot).map(Number)).toEqual([0, 100]);
});

test('a size below the minimum has no rung at all', () => {
  expect(ladderQuantities('0.0005', playbook, thousandths)).toEqual(['0', '0', '0', '0']);
});

test('an entry filled after TP1 spreads what is open anew, and TP1 is not made again', () => {
  const rungs = [{ share: '85', filled: '0.051', done: true }, ...playbook.slice(1)];
  const spread = ladderQuantities('0.028', rungs, thousandths);
  expect(spread.map(Number)).toEqual([0, 0.009, 0.009, 0.01]);
});

test('P25 no dust is left: the rungs together close all that a venue takes, the last with the remainder', () => {
  const steps = fc.constantFrom('0.001', '0.01', '0.1', '1', '10', '0.05', '0.25');
  const cases = fc.record({
    units: fc.integer({ min: 1, max: 1_000_000 }),
    finer: fc.constantFrom(0, 0.3, 0.9),
    quantityStep: steps,
    least: fc.integer({ min: 1, max: 5 }),
    shares: fc.array(fc.integer({ min: 1, max: 95 }), { minLength: 1, maxLength: 6 }),
  });
  fc.assert(
    fc.property(cases, ({ units, finer, quantityStep, least, shares }) => {
      const size = ((units + finer) * Number(quantityStep)).toFixed(6);
      const minQuantity = (least * Number(quantityStep)).toFixed(6);
      const quantities = ladderQuantities(size, open(...shares.map(String)), {
        quantityStep,
        minQuantity,
      });
      const takes = less(size, minQuantity) ? '0' : toStep(size, quantityStep, 'down');
      expect(Number(sum(quantities))).toBe(Number(takes));
      for (const quantity of quantities.filter((one) => !isZero(one))) {
        expect(isMultiple(quantity, quantityStep)).toBe(true);
        expect(less(quantity, minQuantity)).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});
