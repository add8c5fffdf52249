import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal, minus, negated, plus, sum, times } from '../../src-main/domain/numbers.ts';
import { setMarginMode } from '../../src-main/practice/engine/account/settings.ts';
import {
  averagePrice,
  breakEven,
  isolatedLevels,
  margins,
  money,
  rate,
  reduction,
  unrealised,
} from '../../src-main/practice/engine/money/arithmetic.ts';
import { totalsOf } from '../../src-main/practice/engine/money/margin.ts';
import { bareWorld } from './support.ts';

describe('the figures of recorded answers', () => {
  it('unrealised P&L and fee to close of the hedge capture, to the last digit', () => {
    const value = '2065.95577501';
    expect(unrealised('Buy', '0.021', '96567.94', value)).toBe('-38.02903501');
    const { initial, maintenance } = margins({
      side: 'Buy',
      size: '1',
      value,
      mark: value,
      leverage: '10',
      taker: '0.00055',
      maintenanceRate: '0.005',
      deduction: '0',
    });
    expect(money(initial)).toBe('207.61822561');
    expect(money(maintenance)).toBe('11.35242699');
  });

  it('isolated liquidation and bankruptcy of the add-margin capture, on the tick', () => {
    const levels = isolatedLevels('Buy', '0.1', '7899.05', '10', '7.53', '0.005');
    expect(Number(levels.liquidation).toFixed(1)).toBe('71411.1');
    expect(Number(levels.bankruptcy).toFixed(1)).toBe('71016.1');
  });

  it('P64 the venue’s breakeven nets what was realised', () => {
    // Long 1 from 100, 0.85 taken at +2 %: 0.15 left, realised 1.7 less the fees.
    const realised = minus('1.7', sum(['0.055', '0.047685']));
    const level = Number(breakEven('Buy', '0.15', '15', realised, '0.00055'));
    expect(level).toBeGreaterThan(89);
    expect(level).toBeLessThan(89.8);
  });

  it('rates are four decimals, truncated', () => {
    expect(rate('1', '3')).toBe('0.3333');
    expect(rate('2', '3')).toBe('0.6666');
    expect(rate('1', '0')).toBe('0');
  });
});

const quantity = fc
  .integer({ min: 1, max: 5000 })
  .map((steps) => money(times(String(steps), '0.01')));
const price = fc
  .integer({ min: 1, max: 500_000 })
  .map((ticks) => money(times(String(ticks), '0.01')));

describe('reductions', () => {
  it('in any number of parts give the same P&L as at once, and leave nothing behind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Buy' as const, 'Sell' as const),
        fc.array(quantity, { minLength: 1, maxLength: 6 }),
        price,
        price,
        (side, parts, entry, exit) => {
          const whole = sum(parts);
          const all = {
            side,
            size: whole,
            entryValue: times(whole, entry),
            openFee: '1',
            price: exit,
          };
          const once = reduction({ ...all, quantity: whole });
          let left = { size: whole, entryValue: all.entryValue, openFee: all.openFee };
          let pnl = '0';
          for (const part of parts) {
            const step = reduction({ ...all, ...left, quantity: part });
            pnl = plus(pnl, step.pnl);
            left = {
              size: minus(left.size, part),
              entryValue: minus(left.entryValue, step.entryValue),
              openFee: minus(left.openFee, step.openFee),
            };
          }
          expect(equal(pnl, once.pnl)).toBe(true);
          expect([left.size, left.entryValue, left.openFee].every((one) => equal(one, '0'))).toBe(
            true,
          );
        },
      ),
    );
  });

  it('P52 P&L is price difference times quantity, whatever the leverage', () => {
    fc.assert(
      fc.property(quantity, price, price, (size, entry, exit) => {
        const made = reduction({
          side: 'Sell',
          size,
          entryValue: times(size, entry),
          openFee: '0',
          quantity: size,
          price: exit,
        });
        expect(equal(made.pnl, times(minus(entry, exit), size))).toBe(true);
      }),
    );
  });

  it('K9 the average of several fills lies between them and gives back what was paid for the part still held', () => {
    const fill = fc.record({ size: quantity, level: price });
    fc.assert(
      fc.property(fc.array(fill, { minLength: 2, maxLength: 5 }), quantity, (fills, taken) => {
        const size = sum(fills.map((one) => one.size));
        const paid = sum(fills.map((one) => times(one.size, one.level)));
        const levels = fills.map((one) => Number(one.level));
        const average = Number(averagePrice(paid, size));
        expect(average).toBeGreaterThanOrEqual(Math.min(...levels) - 1e-8);
        expect(average).toBeLessThanOrEqual(Math.max(...levels) + 1e-8);
        // Eight decimals of a price, times the size.
        const off = (value: string, held: string): number =>
          Math.abs(Number(minus(value, times(averagePrice(value, held), held)))) / Number(held);
        expect(off(paid, size)).toBeLessThanOrEqual(1e-8);
        fc.pre(Number(taken) < Number(size));
        const part = reduction({
          side: 'Buy',
          size,
          entryValue: paid,
          openFee: '0',
          quantity: taken,
          price: '1',
        });
        const left = averagePrice(minus(paid, part.entryValue), minus(size, taken));
        // Taking some out leaves the average of the rest where it was, but for the venue's rounding.
        expect(Math.abs(Number(left) - average)).toBeLessThan(
          2e-8 / Number(minus(size, taken)) + 1e-8,
        );
      }),
    );
  });
});

describe('the account’s books', () => {
  const command = fc.record({
    side: fc.constantFrom('Buy', 'Sell'),
    steps: fc.integer({ min: 1, max: 300 }),
    reduceOnly: fc.boolean(),
    move: fc.integer({ min: -200, max: 200 }),
  });

  it('the wallet changes by exactly P&L less fees, and closed P&L nets both fees', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 25 }), (commands) => {
        const { main, place, price: setPrice, position } = bareWorld();
        let level = 2500;
        for (const one of commands) {
          level = Math.max(1000, level + one.move / 10);
          setPrice('ETHUSDT', level.toFixed(2));
          try {
            place({
              symbol: 'ETHUSDT',
              side: one.side,
              orderType: 'Market',
              qty: money(times(String(one.steps), '0.01')),
              reduceOnly: one.reduceOnly,
            });
          } catch {
            // refused: nothing may have changed, which the sums below would show
          }
        }
        const trades = main.executions;
        const booked = minus(main.coins.USDT?.walletBalance ?? '0', '52000');
        const made = sum(trades.map((row) => minus(row.execPnl, row.execFee)));
        expect(equal(booked, made)).toBe(true);

        const signedSize = sum(
          trades.map((row) => (row.side === 'Buy' ? row.execQty : negated(row.execQty))),
        );
        const held = position('ETHUSDT');
        const size =
          held === undefined ? '0' : held.side === 'Sell' ? negated(held.size) : held.size;
        expect(equal(size, signedSize)).toBe(true);

        const closed = sum(main.closedPnl.map((row) => row.closedPnl));
        const openFees = held?.openFee ?? '0';
        expect(equal(plus(closed, '0'), minus(plus(made, openFees), '0'))).toBe(true);
        expect(equal(held?.cumRealised ?? '0', made)).toBe(true);
        expect(equal(sum(main.log.map((row) => row.change)), made)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('K9 totals are the sums of what is held, and follow the mark, at any prices', () => {
    const { venue, main, price: setPrice } = bareWorld({ scenario: 'desk' });
    const held = () => [...main.positions.values()].filter((one) => one.side !== '');
    const markOf = (symbol: string): string => {
      const quote = venue.market.quote(symbol);
      return quote === undefined ? '0' : quote.contract.grid.price(quote.mark);
    };
    const before = totalsOf(venue, main).margin;
    expect(held()).toHaveLength(30);
    for (const share of ['1.001', '0.998', '1.0005']) {
      for (const { symbol } of held()) setPrice(symbol, times(markOf(symbol), share));
      const gains = held().map(({ symbol, side, size, entryValue }) => {
        const gain = minus(times(size, markOf(symbol)), entryValue);
        return side === 'Buy' ? gain : negated(gain);
      });
      const totals = totalsOf(venue, main);
      expect(equal(totals.unrealised, sum(gains))).toBe(true);
      expect(equal(totals.wallet, main.coins.USDT?.walletBalance ?? '')).toBe(true);
      expect(equal(totals.margin, plus(totals.wallet, sum(gains)))).toBe(true);
      expect(equal(totals.available, minus(totals.margin, totals.initial))).toBe(true);
      const value = sum(held().map(({ symbol, size }) => times(size, markOf(symbol))));
      expect(Number(totals.maintenance)).toBeGreaterThan(Number(value) * 0.004);
      expect(Number(totals.maintenance)).toBeLessThan(Number(totals.initial));
    }
    expect(totalsOf(venue, main).margin).not.toBe(before);
  });
});

describe('funding', () => {
  it('is paid by longs and received by shorts at every interval, with its own execution', async () => {
    const { world, venue, main, mirror, price: setPrice, frames } = bareWorld();
    const quote = venue.market.quote('ETHUSDT');
    if (quote === undefined) throw new Error('no quote');
    quote.fundingRate = '0.0001';
    setPrice('ETHUSDT', '2500.00');
    const order = { category: 'linear', symbol: 'ETHUSDT', orderType: 'Market', qty: '2' };
    const { placeOrder } = await import('../../src-main/practice/engine/orders/place.ts');
    placeOrder(venue, main, { ...order, side: 'Buy' });
    placeOrder(venue, mirror, { ...order, side: 'Sell' });
    const before = main.coins.USDT?.walletBalance ?? '0';
    frames.length = 0;
    quote.heldUntil = Number.POSITIVE_INFINITY;
    await world.push(8 * 3_600_000);
    const due = main.executions.filter((row) => row.execType === 'Funding');
    const every = quote.contract.fundingMinutes;
    expect(due).toHaveLength((8 * 60) / every);
    expect(due[0]).toMatchObject({
      execFee: '0.5',
      execPrice: '2500.00',
      orderQty: '0',
      feeRate: '0.000100',
    });
    expect(mirror.executions.find((row) => row.execType === 'Funding')).toMatchObject({
      execFee: '-0.5',
      feeRate: '-0.000100',
    });
    const paid = times('0.5', String(due.length));
    expect(main.coins.USDT?.walletBalance).toBe(minus(before, paid));
    expect(main.log.at(-1)).toMatchObject({ type: 'SETTLEMENT', funding: '-0.5', change: '-0.5' });
    const mine = frames.filter((frame) => frame.account === main).map((frame) => frame.topic);
    expect(mine.slice(0, 3)).toEqual(['execution', 'position', 'wallet']);
  });
});

describe('liquidation', () => {
  it('in isolated margin takes a position at its bankruptcy price and leaves the rest', () => {
    const { venue, main, place, price: setPrice, position } = bareWorld();
    setMarginMode(venue, main, { setMarginMode: 'ISOLATED_MARGIN' });
    setPrice('ETHUSDT', '2500.00');
    place({ symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '2' });
    place({ symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.01' });
    setPrice('ETHUSDT', '2263.00');
    expect(position('ETHUSDT')?.size).toBe('2');
    setPrice('ETHUSDT', '2250.00');
    expect(position('ETHUSDT')?.size).toBe('0');
    expect(main.executions.at(-1)).toMatchObject({
      execType: 'BustTrade',
      createType: 'CreateByLiq',
      execPrice: '2250.01',
    });
    expect(position('BTCUSDT')?.size).toBe('0.01');
  });

  it('in cross margin begins when the maintenance rate reaches 1, and cancels the orders first', () => {
    const { main, place, price: setPrice, position } = bareWorld();
    setPrice('ETHUSDT', '2500.00');
    place({ symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '180' });
    const stop = place({
      symbol: 'ETHUSDT',
      side: 'Sell',
      orderType: 'Market',
      qty: '1',
      triggerPrice: '2000',
      triggerDirection: 2,
    });
    setPrice('ETHUSDT', '2230.00');
    expect(position('ETHUSDT')?.size).toBe('180');
    setPrice('ETHUSDT', '2215.00');
    expect(position('ETHUSDT')?.size).toBe('0');
    expect(stop).toMatchObject({ status: 'Deactivated', cancelType: 'CancelAllBeforeLiq' });
    expect(main.open.size).toBe(0);
  });
});
