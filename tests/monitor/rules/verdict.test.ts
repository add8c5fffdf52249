import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionKey } from '../../../src-main/domain/keys.ts';
import { judge, profitIfStopped } from '../../../src-main/monitor/rules/protection.ts';
import {
  type AccountSeen,
  type PositionSeen,
  type VerdictFacts,
  verdictOf,
} from '../../../src-main/monitor/rules/verdict.ts';

const now = 1_800_000_000_000;

const seen = (account: string, part: Partial<AccountSeen> = {}): AccountSeen => ({
  account,
  confirmed: true,
  seenAt: now,
  trouble: null,
  ...part,
});

type Cover = Parameters<typeof judge>[0];
const covered = (part: Partial<Cover> = {}): Cover => ({
  side: 'long',
  size: '2',
  liquidationPrice: '60',
  stop: { price: '95' },
  covered: '2',
  ...part,
});

let symbols = 0;
const position = (part: Partial<Cover> = {}, account = 'main'): PositionSeen => ({
  key: positionKey({ account, symbol: `S${(symbols += 1)}USDT`, positionIdx: 0 }),
  account,
  protection: judge(covered(part)),
});
const bare: Partial<Cover> = { stop: null, covered: '0' };

const both = [seen('main'), seen('mirror')];
const verdict = (positions: PositionSeen[], part: Partial<VerdictFacts> = {}) =>
  verdictOf({ accounts: both, positions, paused: false, ttlMs: 15_000, now, ...part });
const say = (...of: Parameters<typeof verdict>): string => verdict(...of).sentence;

describe('the judgement of one position', () => {
  test('a stop that covers part of the size is not protection', () => {
    expect(judge(covered({ covered: '1.999' }))).toMatchObject({
      state: 'part',
      sentence: 'Only 1.999 of 2 is covered by a stop.',
    });
    expect(judge(covered({ covered: '2.0000' })).state).toBe('full');
    expect(judge(covered(bare)).state).toBe('none');
  });

  test('a stop that is not known to cover anything is neither safe nor unprotected', () => {
    expect(judge(covered({ covered: '0' })).state).toBe('unknown');
  });

  test('a stop beyond liquidation is told from one before it, on both sides', () => {
    expect(judge(covered({ liquidationPrice: '96' })).beyondLiquidation).toBe(true);
    expect(judge(covered({ liquidationPrice: '0' })).beyondLiquidation).toBe(false);
    const short = covered({ side: 'short', stop: { price: '130' } });
    expect(judge({ ...short, liquidationPrice: '120' }).beyondLiquidation).toBe(true);
    expect(judge({ ...short, liquidationPrice: '150' }).beyondLiquidation).toBe(false);
  });

  test('P&L at the stop is of what the stop covers', () => {
    expect(profitIfStopped({ ...covered(), entryPrice: '100' })).toBe('-10');
    expect(profitIfStopped({ ...covered({ side: 'short' }), entryPrice: '100' })).toBe('10');
    expect(profitIfStopped({ ...covered({ covered: '1' }), entryPrice: '100' })).toBe('-5');
    expect(profitIfStopped({ ...covered(bare), entryPrice: '100' })).toBeNull();
    expect(profitIfStopped({ ...covered(), entryPrice: null })).toBeNull();
  });
});

describe('the verdict in words', () => {
  test('all protected is said only when all are', () => {
    expect(say([position(), position()])).toBe('All 2 positions are protected.');
    expect(say([position()])).toBe('The one open position is protected.');
    expect(say([])).toBe('No open positions.');
    expect(verdict([position()]).severity).toBe('ok');
  });

  test('P21 a position without a stop is said first', () => {
    const naked = position(bare);
    expect(verdict([naked, position()])).toMatchObject({
      severity: 'critical',
      alarm: '1 position has no stop.',
      sentence: '1 position has no stop. 1 is protected.',
      culprits: [naked.key],
    });
  });

  test('what is partly covered, not checked or late is said and is no protection', () => {
    expect(say([position({ covered: '1.999' })])).toBe('1 is only partly protected.');
    expect(say([position({ covered: '0' }), position()])).toBe(
      '1 position is not checked yet. 1 is protected.',
    );
    expect(say([position({ liquidationPrice: '96' })])).toBe('1 has its stop beyond liquidation.');
    expect(verdict([position({ covered: '0' })]).severity).toBe('unknown');
    expect(verdict([position({ covered: '1' })]).severity).toBe('attention');
  });

  test('E1 what is not understood counts as not known to be protected, whatever was known of it', () => {
    const odd = { ...position(), setAside: true };
    expect(verdict([odd, position()])).toMatchObject({
      severity: 'unknown',
      alarm: '1 position is not understood and not known to be protected.',
      sentence: '1 position is not understood and not known to be protected. 1 is protected.',
      counts: { positions: 2, protected: 1, unchecked: 0, notUnderstood: 1 },
      culprits: [odd.key],
    });
    expect(verdict([odd, position(bare)]).severity).toBe('critical');
  });

  test('P18 an account that was not read is never shown as safe or empty', () => {
    const accounts = [seen('main'), seen('mirror', { confirmed: false, seenAt: null })];
    expect(say([position()], { accounts })).toBe(
      'Mirror is not known yet. 1 was protected when last seen.',
    );
    expect(verdict([], { accounts })).toMatchObject({
      severity: 'unknown',
      sentence: 'Mirror is not known yet.',
      unknown: [{ account: 'mirror', why: 'It has not been read yet.' }],
    });
    expect(say([], { accounts: [] })).toBe('No account is connected.');
  });

  test('a refused key is named as the reason', () => {
    const trouble = 'The exchange does not know this key.';
    const accounts = [seen('main', { confirmed: false, seenAt: null, trouble })];
    expect(verdict([], { accounts }).unknown).toEqual([
      { account: 'main', why: `It has not been read yet. ${trouble}` },
    ]);
  });

  test('the first version said "all protected" in the tray here and "not certain" on the screen', () => {
    const accounts = [seen('main', { confirmed: false, seenAt: now - 49_000 }), seen('mirror')];
    const old = [position(), position()];
    const other = position({}, 'mirror');
    expect(verdict([...old, other], { accounts })).toMatchObject({
      severity: 'unknown',
      sentence:
        'What you see of Main is 49 s old and not certain. 3 were protected when last seen.',
      culprits: old.map(({ key }) => key),
      asOf: now - 49_000,
    });
  });

  test('what was read is not certain one TTL after its stream went; a ready stream keeps it true', () => {
    const read = (age: number) => [seen('main', { confirmed: false, seenAt: now - age })];
    expect(verdict([position()], { accounts: read(15_000) }).severity).toBe('ok');
    expect(verdict([position()], { accounts: read(15_001) }).severity).toBe('unknown');
    const quiet = [seen('main', { seenAt: now - 49_000 })];
    expect(verdict([position()], { accounts: quiet }).severity).toBe('ok');
    const silent = [
      seen('main', { seenAt: now - 61_000 }),
      seen('mirror', { seenAt: now - 120_000 }),
    ];
    expect(say([position()], { accounts: silent })).toBe(
      'What you see of Main and Mirror is 2 min old and not certain. 1 was protected when last seen.',
    );
  });

  test('a paused Holdfast says that it does not act and whose protection is shown', () => {
    const paused = true;
    expect(say([position(), position()], { paused })).toBe(
      'Holdfast is paused and does not act. All 2 positions are protected by stops at the exchange.',
    );
    expect(say([position(bare), position()], { paused })).toBe(
      '1 position has no stop. Holdfast is paused and does not act. 1 is protected by stops at the exchange.',
    );
    expect(verdict([], { paused })).toMatchObject({
      severity: 'attention',
      sentence: 'Holdfast is paused and does not act. No open positions.',
    });
  });
});

test('whatever the state, nothing is called well that is not, and nothing is left out', () => {
  const account = fc.record({
    confirmed: fc.boolean(),
    seenAt: fc.option(fc.integer({ min: now - 90_000, max: now })),
    trouble: fc.constantFrom(null, 'The exchange does not know this key.'),
  });
  const cover = fc.record({
    side: fc.constantFrom('long' as const, 'short' as const),
    stop: fc.option(fc.record({ price: fc.constantFrom('90', '110') })),
    covered: fc.constantFrom('0', '1', '1.99', '2', '2.0'),
    liquidationPrice: fc.constantFrom(null, '0', '60', '95', '140'),
    in: fc.constantFrom('main', 'mirror'),
  });
  fc.assert(
    fc.property(
      fc.array(account, { maxLength: 2 }),
      fc.array(cover, { maxLength: 6 }),
      fc.boolean(),
      (known, covers, paused) => {
        const accounts = known.map((one, index) => seen(['main', 'mirror'][index] ?? '', one));
        const ours = covers.filter((one) => accounts.some(({ account: id }) => id === one.in));
        const positions = ours.map((one) => position(one, one.in));
        const answer = verdict(positions, { accounts, paused });
        const { counts, severity, sentence, alarm, culprits, unknown } = answer;
        const { positions: all, ...kinds } = counts;
        expect(Object.values(kinds).reduce((sum, n) => sum + n, 0)).toBe(all);
        expect(sentence.startsWith(alarm)).toBe(true);
        expect(severity === 'ok').toBe(
          accounts.length > 0 && unknown.length === 0 && counts.protected === all && !paused,
        );
        expect(severity === 'critical').toBe(accounts.length > 0 && counts.unprotected > 0);
        if (unknown.length > 0) expect(sentence).not.toMatch(/(is|are) protected/);
        if (paused && accounts.length > 0) expect(sentence).toContain('does not act');
        for (const one of positions) {
          const certain = !unknown.some(({ account: id }) => id === one.account);
          const safe = one.protection.state === 'full' && !one.protection.beyondLiquidation;
          expect(culprits.includes(one.key)).toBe(!(certain && safe));
        }
      },
    ),
  );
});
