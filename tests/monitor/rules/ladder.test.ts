import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromNumber, less, times } from '../../../src-main/domain/numbers.ts';
import { detect } from '../../../src-main/monitor/rules/detect.ts';
import { aFill, aPosition } from '../../cache/rows.ts';
import { aView, found, ladder } from '../rows.ts';

test('P13 P14 whatever is filled in whatever order, the ladder never closes more than was ordered', () => {
  const fills = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 85 })),
    {
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(fills, (fills) => {
      let current = found(aPosition({ stopLoss: '95' }), ladder());
      const totals = [0, 0, 0, 0];
      for (const [rung, hundredths] of fills) {
        const order = ladder()[rung];
        if (!order) continue;
        totals[rung] = Math.min(Number(order.quantity) * 100, (totals[rung] ?? 0) + hundredths);
        const total = times(fromNumber(Math.round(totals[rung] ?? 0)), '0.01');
        const rows = ladder().flatMap((row, n) =>
          Math.round(totals[n] ?? 0) < Math.round(Number(row.quantity) * 100) ? [row] : [],
        );
        const fill = aFill(order, '0.01', total, { execId: `${rung}/${total}` });
        const result = detect(current, aView({ orders: rows, executions: [fill] }));
        expect(result.findings.filter((one) => one.kind === 'overfilled')).toEqual([]);
        current = result.monitor;
      }
      current.takeProfits.forEach((one, n) => {
        expect(Number(one.filledQuantity)).toBeCloseTo((totals[n] ?? 0) / 100, 8);
        expect(less(one.quantity, one.filledQuantity)).toBe(false);
      });
    }),
    { seed: 24, numRuns: 100 },
  );
});
