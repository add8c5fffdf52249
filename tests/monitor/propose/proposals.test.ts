import { describe, expect, test } from 'vitest';
import { difference } from '../../../src-main/monitor/goals/difference.ts';
import { type Facts, known } from '../../../src-main/monitor/goals/facts.ts';
import type { Goal } from '../../../src-main/monitor/goals/goal.ts';
import {
  type Carried,
  createProposals,
  type Dismissed,
} from '../../../src-main/monitor/propose/proposals.ts';
import type { TimelineRecord } from '../../../src-main/persistence/records.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { anEntry, at, covered, facts, flat, goal, held, now } from '../goals/facts.ts';

const breakeven = covered('60072.1', 'rule', 'breakeven');
const noEntries = goal({ kind: 'no-entries' });
const leg = { account: 'main', symbol: 'BTCUSDT', positionIdx: 0 } as const;
const entry = anEntry('58000', '0.1');
/** The first take-profit was hit: the stop is to be moved, the entry is to go. */
const afterTp1 = facts({ orders: { entries: [entry] } });

/** Proposals with a leg that is planned on what `world` holds when it is asked. */
function desk(dismissed: Dismissed = {}) {
  const clock = manualClock(now);
  const world = {
    facts: afterTp1,
    goals: [breakeven, noEntries] as Goal[],
    /** What the exchange says to what is sent. */
    outcome: { state: 'confirmed' } as Carried,
    sent: [] as string[][],
    plans: 0,
    saved: dismissed,
    lines: [] as TimelineRecord[],
  };
  const atNow = (of: Facts): Facts => ({
    ...of,
    at: clock.now(),
    prices: of.prices.known ? known({ ...of.prices.value, asOf: clock.now() }) : of.prices,
  });
  const look = (of: Facts = world.facts): 'send' | 'wait' => {
    const fresh = atNow(of);
    return proposals.offer(difference(fresh, world.goals), fresh);
  };
  const proposals = createProposals({
    clock,
    dismissed,
    saveDismissed: (next) => void (world.saved = next),
    tell: (line) => void world.lines.push(line),
    onChange() {},
    async plan() {
      world.plans += 1;
      await Promise.resolve();
      const { steps } = difference(atNow(world.facts), world.goals);
      if (look() === 'wait') return { state: 'nothing' };
      world.sent.push(steps.map(({ text }) => text));
      return world.outcome;
    },
  });
  const only = () => {
    const [row, ...more] = proposals.rows();
    if (!row || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} proposals stand.`);
    return row;
  };
  return { clock, world, proposals, look, only };
}

describe('what stands', () => {
  test('says what is sent field by field, why, on which facts and what happens otherwise', () => {
    const { look, only } = desk();
    expect(look()).toBe('wait');
    expect(only()).toMatchObject({
      ...leg,
      side: 'long',
      kind: 'lowers',
      what: 'Move the stop from 59000 to 60072.1, and cancel the entry for 0.1 at 58000.',
      why: 'A test wants it.',
      order: {
        category: 'linear',
        symbol: 'BTCUSDT',
        positionIdx: '0',
        tpslMode: 'Full',
        stopLoss: '60072.1',
        slTriggerBy: 'LastPrice',
      },
      factsAt: now,
      proposedAt: now,
      ifNothing: 'The stop stays at 59000. The entry for 0.1 at 58000 stays open and may fill.',
      ifStopped: { before: '-150', after: '10.815' },
      sending: false,
      note: null,
    });
    expect(only().steps.map(({ call }) => call)).toEqual(['position/trading-stop', 'order/cancel']);
    expect(only().steps[0]?.fields.find(({ matters }) => matters)).toEqual({
      field: 'stopLoss',
      now: '59000',
      value: '60072.1',
      meaning: '3.11 % below the price of 62000',
      matters: true,
    });
    expect(only().facts.map(({ fact, value }) => `${fact}: ${value}`)).toEqual([
      'Position: long 0.150 at 60000',
      'Its stop: 59000',
      'Entry: 0.1 at 58000, 0 filled',
      'Price: 62000',
      'Tick and step: 0.1 and 0.001, at least 0.001',
    ]);
  });

  test('the same difference is the same proposal, on newer facts', () => {
    const { look, only, clock, world } = desk();
    look();
    const { id } = only();
    clock.advance(5_000);
    look();
    expect(only()).toMatchObject({ id, proposedAt: now, factsAt: now + 5_000 });
    expect(world.lines.map(({ text }) => text)).toEqual([
      'Proposed: move the stop from 59000 to 60072.1, and cancel the entry for 0.1 at 58000.',
    ]);
  });

  test('what protects a position without a stop comes first, then what lowers risk, then by age', () => {
    const { proposals, clock } = desk();
    const offer = (symbol: string, of: Facts, wanted: Goal): void => {
      const own = { ...of, symbol };
      proposals.offer(difference(own, [wanted]), own);
      clock.advance(1_000);
    };
    const rung = goal({ kind: 'ladder', rungs: [{ level: 1, price: '63000', share: '100' }] });
    offer('AAA', facts(), rung);
    offer('BBB', facts(), rung);
    offer('CCC', facts(), breakeven);
    offer('DDD', facts({ position: held({ stop: null }) }), covered('59000'));
    expect(proposals.rows().map(({ symbol, kind }) => [symbol, kind])).toEqual([
      ['DDD', 'no-stop'],
      ['CCC', 'lowers'],
      ['AAA', 'ladder'],
      ['BBB', 'ladder'],
    ]);
  });

  test('what opens more, or moves the stop away, adds risk', () => {
    const { proposals, only, world } = desk();
    const buy = { id: 'e1', side: 'Buy', price: '58000', quantity: '0.1' } as const;
    world.goals = [goal({ kind: 'entries', entries: [buy] }, 'operator')];
    proposals.offer(difference(facts(), world.goals), facts());
    expect(only().kind).toBe('adds');
    world.goals = [covered('58500', 'operator')];
    proposals.offer(difference(facts(), world.goals), facts());
    expect(only()).toMatchObject({ kind: 'adds', ifStopped: { before: '-150', after: '-225' } });
  });

  test('a goal that is met by itself takes its proposal away, and the story says why', () => {
    const { look, proposals, world } = desk();
    world.goals = [noEntries];
    look();
    look(facts());
    expect(proposals.rows()).toEqual([]);
    expect(world.lines.at(-1)).toMatchObject({
      ...leg,
      text: 'Withdrawn: cancel the entry for 0.1 at 58000. The entry at 58000 is not open any more.',
    });
    expect(proposals.answered()[0]).toMatchObject({ how: 'withdrawn' });
  });

  test('what is not known now is neither withdrawn nor less than it was', () => {
    const { proposals, look, only, world, clock } = desk();
    look();
    const { id } = only();
    look({ ...afterTp1, orders: { known: false, reason: 'No answer.', since: now } });
    expect(only().id).toBe(id);
    // Only the price is too old: the entry could be cancelled, the stop could not be judged.
    clock.advance(10_000);
    const stale = { ...afterTp1, at: clock.now() };
    expect(difference(stale, world.goals).steps).toHaveLength(1);
    proposals.offer(difference(stale, world.goals), stale);
    expect(only().id).toBe(id);
  });

  test('an account that does not propose any more has none', () => {
    const { look, proposals, world } = desk();
    look();
    proposals.lapseAll('mirror', 'Another account.');
    expect(proposals.rows()).toHaveLength(1);
    proposals.lapseAll('main', 'Main is in watch mode now.');
    expect(proposals.rows()).toEqual([]);
    expect(world.lines.at(-1)?.text).toContain('Main is in watch mode now.');
  });
});

describe('approving', () => {
  test('plans again and sends what stands', async () => {
    const { look, only, proposals, world, clock } = desk();
    look();
    clock.advance(60_000);
    const answer = await proposals.approve(only().id);
    expect(answer.outcome).toBe('confirmed');
    expect(world.sent).toEqual([
      ['move the stop from 59000 to 60072.1', 'cancel the entry for 0.1 at 58000'],
    ]);
    expect(proposals.rows()).toEqual([]);
    expect(proposals.answered()[0]).toMatchObject({ how: 'confirmed' });
  });

  test('other steps by then: nothing is sent, it says what changed and stands anew', async () => {
    const { look, only, proposals, world } = desk();
    look();
    const { id } = only();
    world.facts = facts({ position: held({ size: '0.250' }), orders: {} });
    const answer = await proposals.approve(id);
    expect(world.sent).toEqual([]);
    expect(answer).toEqual({
      id: only().id,
      outcome: 'changed',
      text: 'Nothing was sent. The size is 0.250, it was 0.150. The entry at 58000 is not open any more. Less is needed than was proposed.',
    });
    expect(only()).toMatchObject({ what: 'Move the stop from 59000 to 60072.1.' });
    expect(only().note).toMatchObject({ kind: 'changed', sentence: answer.text });
    expect(only().id).not.toBe(id);
    // Who still sees the old one is told the same.
    expect(await proposals.approve(id)).toEqual(answer);
    expect(world.sent).toEqual([]);
  });

  test('not needed by then: nothing is sent, and it says so', async () => {
    const { look, only, proposals, world } = desk();
    look();
    world.facts = facts({ position: flat() });
    const answer = await proposals.approve(only().id);
    expect(answer.outcome).toBe('lapsed');
    expect(answer.text).toContain('The position is closed.');
    expect(world.sent).toEqual([]);
  });

  test('an approval that could not be used is over: a later look sends nothing', async () => {
    const { look, only, proposals, world } = desk();
    look();
    world.facts = { ...afterTp1, orders: { known: false, reason: 'No answer.', since: now } };
    const answer = await proposals.approve(only().id);
    expect(answer.outcome).toBe('not-sent');
    world.facts = afterTp1;
    expect(look()).toBe('wait');
    expect(only().note?.kind).toBe('not-sent');
  });

  test('facts from before the approval do not do', async () => {
    const { proposals, only, look, clock } = desk();
    look();
    const old = { ...afterTp1, at: clock.now() };
    clock.advance(1);
    const answer = proposals.approve(only().id);
    expect(proposals.offer(difference(old, [breakeven, noEntries]), old)).toBe('wait');
    expect((await answer).outcome).toBe('confirmed');
  });

  test('two clicks are one approval', async () => {
    const { look, only, proposals, world } = desk();
    look();
    const { id } = only();
    const [first, second] = [proposals.approve(id), proposals.approve(id)];
    expect(only().sending).toBe(true);
    expect(await first).toEqual(await second);
    expect([world.plans, world.sent.length]).toEqual([1, 1]);
  });

  test('refused by the exchange: it stands, with the reason', async () => {
    const { look, only, proposals, world } = desk();
    look();
    world.outcome = { state: 'refused', why: 'Not enough margin.' };
    const answer = await proposals.approve(only().id);
    expect(answer).toMatchObject({ outcome: 'refused', text: 'Not enough margin.' });
    expect(only()).toMatchObject({ sending: false, note: { kind: 'refused' } });
  });

  test('sent by a look that was under way when it was approved: that is said, not that nothing was sent', async () => {
    const { look, only, proposals, world } = desk();
    look();
    const sending = proposals.approve(only().id);
    expect(look()).toBe('send');
    world.facts = facts({ position: held({ stop: at('60072.1') }) });
    expect((await sending).outcome).toBe('confirmed');
    expect(proposals.rows()).toEqual([]);
    expect(proposals.answered().map(({ how }) => how)).toEqual(['confirmed']);
  });

  test('what the round after it needs is a proposal of its own, not a change', async () => {
    const { look, only, proposals, world } = desk();
    look();
    const id = only().id;
    const sending = proposals.approve(id);
    await Promise.resolve();
    world.goals = [covered('61000')];
    world.facts = facts({ position: held({ stop: at('60072.1') }) });
    look();
    expect((await sending).outcome).toBe('confirmed');
    expect(only()).toMatchObject({ note: null, what: 'Move the stop from 60072.1 to 61000.0.' });
    expect(world.lines.filter(({ text }) => text.startsWith('Not sent'))).toEqual([]);
  });
});

describe('dismissing', () => {
  test('stays away until the steps are other steps, over a restart too', () => {
    const first = desk();
    first.look();
    first.proposals.dismiss(first.only().id);
    first.look();
    expect(first.proposals.rows()).toEqual([]);

    const second = desk(first.world.saved);
    second.look();
    expect(second.proposals.rows()).toEqual([]);
    expect(second.world.lines).toEqual([]);
    second.look(facts());
    expect(second.only().what).toBe('Move the stop from 59000 to 60072.1.');
    second.look();
    expect(second.proposals.rows()).toHaveLength(1);
    expect(second.world.saved).toEqual({});
  });

  test('a dismissed one cannot be approved', async () => {
    const { look, only, proposals, world } = desk();
    look();
    const { id } = only();
    proposals.dismiss(id);
    await expect(proposals.approve(id)).rejects.toThrow(/stands no more/);
    expect(world.plans).toBe(0);
  });
});
