import { expect, test } from 'vitest';
import { type OnDamage, openAsAsked } from '../../src-main/command-line/damaged.ts';
import { Failure } from '../../src-main/domain/failure.ts';

const flags = { recover: false, startEmpty: true, yes: false };

/** Opens a damaged database; answers what was tried and what came of it. */
async function opening(changed: Partial<typeof flags>, ...answers: string[]) {
  const tried: OnDamage[] = [];
  const open = async (onDamage: OnDamage): Promise<string> => {
    tried.push(onDamage);
    if (onDamage === 'refuse') throw new Failure('DATABASE_DAMAGED', 'It is damaged.');
    return 'desk';
  };
  const ask = answers.length > 0 ? async () => answers.shift() ?? '' : null;
  const came = await openAsAsked(open, { ...flags, ...changed }, { ask, err: () => {} }).catch(
    (error: Failure) => error.code,
  );
  return { tried, came };
}

test('D16 starting empty asks twice on a terminal, and either no changes nothing', async () => {
  expect(await opening({}, 'yes', 'start empty')).toEqual({
    tried: ['refuse', 'start-empty'],
    came: 'desk',
  });
  for (const answers of [['no'], ['yes', 'yes'], ['yes', ''], ['start empty', 'start empty']]) {
    expect(await opening({}, ...answers)).toEqual({ tried: ['refuse'], came: 'NOT_CONFIRMED' });
  }
  expect(await opening({})).toEqual({ tried: ['refuse'], came: 'NOT_CONFIRMED' });
  expect(await opening({ yes: true })).toEqual({ tried: ['refuse', 'start-empty'], came: 'desk' });
  // Without the flag, --yes says nothing.
  expect(await opening({ startEmpty: false, yes: true }, 'yes')).toEqual({
    tried: ['refuse'],
    came: 'DATABASE_DAMAGED',
  });
});

test('D16 a database that is sound is never left behind', async () => {
  const tried: OnDamage[] = [];
  const open = async (onDamage: OnDamage): Promise<string> => `desk ${tried.push(onDamage)}`;
  const io = { ask: async () => 'yes', err: () => {} };
  expect(await openAsAsked(open, { ...flags, yes: true }, io)).toBe('desk 1');
  expect(tried).toEqual(['refuse']);
});
