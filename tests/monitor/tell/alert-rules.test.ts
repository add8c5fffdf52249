import { expect, test } from 'vitest';
import { ladderDrift, newsOf, unprotected } from '../../../src-main/monitor/tell/alert-rules.ts';
import { aPosition } from '../../cache/rows.ts';
import { anEntry, found, ladder } from '../rows.ts';

const held = () => found(aPosition({ stopLoss: '95' }), ladder());

test('P24 take-profits that do not close the position, within one step, are told', () => {
  expect(ladderDrift(held(), '0.001')).toBeNull();
  expect(ladderDrift({ ...held(), size: '1.001' }, '0.001')).toBeNull();
  expect(ladderDrift({ ...held(), size: '2.11' }, '0.001')).toMatchObject({
    rule: 'take-profit-drift',
    text: 'BTCUSDT on main: the open take-profits would close 1, but the position is 2.11. Correct them on Bybit.',
  });
});

test('P23 P24 while entries are open the ladder is not expected to fit, and none at all is no drift', () => {
  const building = found(aPosition({ size: '0.4' }), [...ladder(), anEntry('e', '98', '1')]);
  expect(ladderDrift(building, '0.001')).toBeNull();
  expect(ladderDrift(found(aPosition(), []), '0.001')).toBeNull();
});

test('P21 P49 the texts tell account, symbol and figures, and what to do', () => {
  expect(unprotected(held(), '0').text).toBe(
    'BTCUSDT on main: the long position of 1 has no stop. Set one on Bybit now.',
  );
  expect(unprotected(held(), '0.4').text).toContain('only 0.4 of the long position of 1');
  const closed = { kind: 'closed', reason: 'liquidation', size: '1' } as const;
  expect(newsOf(closed, held())).toMatchObject({
    severity: 'critical',
    text: 'BTCUSDT on main: Position of 1 closed: liquidation.',
  });
});
