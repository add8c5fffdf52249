import { expect, test } from 'vitest';
import { createClicks } from '../../../src-main/desk/commands/clicks.ts';

test('E16 a click sent again is answered with what it led to; another click, and one that failed, is carried out', async () => {
  const clicks = createClicks<number>();
  let done = 0;
  const work = async (): Promise<number> => {
    done += 1;
    await Promise.resolve();
    return done;
  };
  const [one, again] = await Promise.all([clicks.once('one', work), clicks.once('one', work)]);
  expect([one, again, await clicks.once('one', work)]).toEqual([1, 1, 1]);
  expect(await clicks.once('two', work)).toBe(2);
  await expect(clicks.once('three', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await clicks.once('three', work)).toBe(3);
});
