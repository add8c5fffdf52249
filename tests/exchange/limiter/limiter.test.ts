import { describe, expect, test } from 'vitest';
import type { Budget } from '../../../src-main/exchange/limiter/limiter.ts';
import { createLimiter } from '../../../src-main/exchange/limiter/limiter.ts';
import { manualClock } from '../../support/manual-clock.ts';

const CREATE = '/v5/order/create';
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('the rate budget', () => {
  test('no second holds more than nine tenths of the limit the headers name', async () => {
    const clock = manualClock();
    const budget = createLimiter(clock).line();
    const sent: number[] = [];
    budget.learn(CREATE, 0, 20, 20);
    for (let i = 0; i < 60; i++) {
      void budget.take(CREATE, 'protect').then(() => sent.push(clock.ticks()));
    }
    for (let i = 0; i < 400; i++) {
      await settle();
      clock.advance(10);
    }
    expect(sent.length).toBe(60);
    for (const at of sent) {
      expect(sent.filter((other) => other > at - 1000 && other <= at).length).toBeLessThanOrEqual(
        18,
      );
    }
  });

  test('protect goes before cancel, cancel before manual, manual before read', async () => {
    const clock = manualClock();
    const budget = createLimiter(clock).line();
    const went: string[] = [];
    for (let i = 0; i < 9; i++) void budget.take(CREATE, 'read');
    for (const lane of ['read', 'manual', 'cancel', 'protect', 'cancel'] as const) {
      void budget.take(CREATE, lane).then(() => went.push(lane));
    }
    await settle();
    expect(went).toEqual([]);
    clock.advance(1_000);
    await settle();
    expect(went).toEqual(['protect', 'cancel', 'cancel', 'manual', 'read']);
  });

  test('the operator’s own actions leave room for protection', async () => {
    const clock = manualClock();
    const budget = createLimiter(clock).line();
    const went: string[] = [];
    for (let i = 0; i < 20; i++) void budget.take(CREATE, 'manual').then(() => went.push('manual'));
    void budget.take(CREATE, 'protect').then(() => went.push('protect'));
    await settle();
    expect(went.filter((lane) => lane === 'manual').length).toBe(7);
    expect(went.at(-1)).toBe('protect');
  });

  test('a blocked endpoint waits until its time, the others do not', async () => {
    const clock = manualClock();
    const budget = createLimiter(clock).line();
    const went: string[] = [];
    budget.block(CREATE, 700);
    void budget.take(CREATE, 'protect').then(() => went.push('create'));
    void budget.take('/v5/order/cancel', 'cancel').then(() => went.push('cancel'));
    await settle();
    expect(went).toEqual(['cancel']);
    expect(budget.free()).toBe(0);
    clock.advance(700);
    await settle();
    expect(went).toEqual(['cancel', 'create']);
  });

  test('the share left is what was heard in the last second', () => {
    const clock = manualClock();
    const budget = createLimiter(clock).line();
    budget.learn(CREATE, 0, 10, 4);
    budget.learn('/v5/position/list', 0, 50, 45);
    expect(budget.free()).toBe(0.4);
    clock.advance(1_001);
    expect(budget.free()).toBe(1);
  });
});

describe('one limiter for all lines to a host', () => {
  /** When each request of each line went, ms. */
  function host(lines: number) {
    const clock = manualClock();
    const limiter = createLimiter(clock);
    const went: { lane: string; at: number; line: number }[] = [];
    const budgets = Array.from({ length: lines }, () => limiter.line());
    const ask = (line: number, path: string, lane: Parameters<Budget['take']>[1]): void =>
      void budgets[line]?.take(path, lane).then(() => went.push({ lane, at: clock.ticks(), line }));
    return { clock, budgets, went, ask };
  }
  const READS = ['/v5/position/list', '/v5/order/realtime', '/v5/execution/list', '/v5/x'];

  test('E7 twenty accounts together never fill more than four fifths of the host’s window', async () => {
    const { clock, went, ask } = host(20);
    for (let line = 0; line < 20; line++) {
      for (let i = 0; i < 60; i++) ask(line, READS[i % 4] ?? '', i % 15 === 0 ? 'manual' : 'read');
    }
    for (let i = 0; i < 1_500; i++) {
      await settle();
      clock.advance(20);
    }
    expect(went.length).toBe(1_200);
    for (const { at } of went) {
      const inWindow = went.filter((other) => other.at > at - 5_000 && other.at <= at).length;
      expect(inWindow).toBeLessThanOrEqual(480);
    }
  });

  test('E7 E15 protect goes at once, and cancel before reads, however many reads of other accounts wait', async () => {
    const { clock, went, ask } = host(20);
    for (let line = 0; line < 20; line++) {
      for (let i = 0; i < 40; i++) ask(line, READS[i % 4] ?? '', 'read');
    }
    await settle();
    clock.advance(500);
    await settle();
    const before = went.length;
    ask(7, CREATE, 'cancel');
    ask(3, '/v5/position/trading-stop', 'protect');
    await settle();
    expect(went.slice(before).map(({ lane, at }) => [lane, at])).toEqual([
      ['cancel', 500],
      ['protect', 500],
    ]);
  });

  test('E7 starts are staggered: of reads only so many go in a moment, whatever the host still allows', async () => {
    const { clock, went, ask } = host(20);
    for (let line = 0; line < 20; line++) {
      for (let i = 0; i < 10; i++) ask(line, READS[i % 4] ?? '', 'read');
    }
    await settle();
    expect(went.length).toBe(25);
    clock.advance(250);
    await settle();
    expect(went.length).toBe(50);
    ask(3, CREATE, 'protect');
    await settle();
    expect(went.at(-1)).toMatchObject({ lane: 'protect', at: 250 });
  });

  test('E7 what waits for the host goes by lane across accounts and endpoints', async () => {
    const { clock, went, ask } = host(60);
    for (let line = 0; line < 60; line++) for (let i = 0; i < 9; i++) ask(line, CREATE, 'protect');
    await settle();
    expect(went.length).toBe(480);
    went.length = 0;
    ask(1, READS[0] ?? '', 'read');
    ask(2, READS[1] ?? '', 'manual');
    ask(3, '/v5/order/cancel', 'cancel');
    for (let i = 0; i < 6; i++) {
      clock.advance(1_000);
      await settle();
    }
    expect(went.map(({ lane }) => lane).filter((lane) => lane !== 'protect')).toEqual([
      'cancel',
      'manual',
      'read',
    ]);
    expect(went.findLastIndex(({ lane }) => lane === 'protect')).toBeLessThan(60);
  });

  test('E7 what the headers say is left counts, less what was sent since', async () => {
    const { clock, budgets, went, ask } = host(1);
    const first = await budgets[0]?.take(CREATE, 'protect');
    ask(0, CREATE, 'protect');
    await settle();
    // Somebody else uses the same account: 3 are left after the first, one of them is on its way.
    budgets[0]?.learn(CREATE, first ?? 0, 10, 3);
    for (let i = 0; i < 5; i++) ask(0, CREATE, 'protect');
    await settle();
    expect(went.length).toBe(3);
    clock.advance(1_000);
    await settle();
    expect(went.length).toBe(6);
  });

  test('E6 setting the clock back an hour makes nobody wait', async () => {
    const still = manualClock();
    let wall = 0;
    const moved = { ...still, now: () => still.now() + wall };
    const limiter = createLimiter(moved);
    const budget = limiter.line();
    for (let i = 0; i < 9; i++) await budget.take(CREATE, 'protect');
    let went = false;
    void budget.take(CREATE, 'protect').then(() => (went = true));
    wall = -3_600_000;
    still.advance(1_000);
    await settle();
    expect(went).toBe(true);
  });

  test('a line that ends lets its own waiters go, and only those', async () => {
    const { budgets, went, ask } = host(2);
    for (const line of [0, 1]) for (let i = 0; i < 20; i++) ask(line, CREATE, 'protect');
    await settle();
    expect(went.length).toBe(18);
    budgets[0]?.stop();
    await settle();
    expect(went.filter(({ line }) => line === 0).length).toBe(20);
    expect(went.filter(({ line }) => line === 1).length).toBe(9);
  });
});
