import { describe, expect, test } from 'vitest';
import { createBudget } from '../../../src-main/exchange/limiter/budget.ts';
import { manualClock } from '../../support/manual-clock.ts';

const CREATE = '/v5/order/create';
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('the rate budget', () => {
  test('no second holds more than nine tenths of the limit the headers name', async () => {
    const clock = manualClock();
    const budget = createBudget(clock);
    const sent: number[] = [];
    budget.learn(CREATE, 20, 20);
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
    const budget = createBudget(clock);
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
    const budget = createBudget(clock);
    const went: string[] = [];
    for (let i = 0; i < 20; i++) void budget.take(CREATE, 'manual').then(() => went.push('manual'));
    void budget.take(CREATE, 'protect').then(() => went.push('protect'));
    await settle();
    expect(went.filter((lane) => lane === 'manual').length).toBe(7);
    expect(went.at(-1)).toBe('protect');
  });

  test('a blocked endpoint waits until its time, the others do not', async () => {
    const clock = manualClock();
    const budget = createBudget(clock);
    const went: string[] = [];
    budget.block(CREATE, clock.now() + 700);
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
    const budget = createBudget(clock);
    budget.learn(CREATE, 10, 4);
    budget.learn('/v5/position/list', 50, 45);
    expect(budget.free()).toBe(0.4);
    clock.advance(1_001);
    expect(budget.free()).toBe(1);
  });
});
