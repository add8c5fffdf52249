import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, isMultiple } from '../../../src-main/domain/numbers.ts';
import { Grid, readContracts } from '../../../src-main/practice/prices/contracts.ts';
import { startPrice } from '../../../src-main/practice/prices/start-prices.ts';

const contracts = [...readContracts().values()];

describe('the listed contracts', () => {
  it('are about 600, in USDT and USDC, each with a first price inside its range', () => {
    expect(contracts.length).toBe(586);
    expect(new Set(contracts.map((one) => one.settle))).toEqual(new Set(['USDT', 'USDC']));
    for (const contract of contracts) {
      const price = contract.grid.price(contract.grid.ticks(startPrice(contract)));
      expect(compare(price, contract.minPrice)).toBe(1);
      expect(compare(price, contract.maxPrice)).toBe(-1);
      expect(isMultiple(price, contract.tick)).toBe(true);
    }
  });
});

describe('ticks', () => {
  it('P28 and prices are the same thing twice, in the tick’s own notation', () => {
    const ticks = ['0.10', '0.01', '0.00010', '0.0000001', '1', '0.5'];
    fc.assert(
      fc.property(
        fc.constantFrom(...ticks),
        fc.integer({ min: 0, max: 20_000_000 }),
        (tick, count) => {
          const grid = new Grid(tick);
          const price = grid.price(count);
          expect(grid.ticks(price)).toBe(count);
          expect(isMultiple(price, tick)).toBe(true);
          expect(price.split('.')[1]?.length ?? 0).toBe(grid.decimals);
        },
      ),
    );
  });

  it('of a price between two ticks are those of the nearer one', () => {
    expect(new Grid('0.10').ticks('104000.16')).toBe(1_040_002);
  });
});
