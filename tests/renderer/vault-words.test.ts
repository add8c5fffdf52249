import { expect, test } from 'vitest';
import type { BackupPreview } from '../../src-preload/contract.ts';
import {
  countWords,
  goesBack,
  keptOf,
  lossLines,
  sourceName,
  vaultVerdict,
} from '../../src-renderer/views/backups/words.ts';
import { fixtureState } from './fixture-state.ts';

const plain = (text: string): string => text.replaceAll('\u2009', ' ');
const now = 1_800_000_000_000;
const { backups: vault } = fixtureState({ positions: 2, now, seed: 1 }).objects;

test('everything is said to be verified only when every source has verified backups', () => {
  expect(vaultVerdict(vault)).toEqual({
    tone: 'good',
    text: 'Everything is backed up and verified.',
  });
  const [first, ...rest] = vault.backups;
  if (!first) throw new Error('The fixture has no backup.');
  const unread = { ...vault, backups: [{ ...first, verified: false }, ...rest] };
  expect(vaultVerdict(unread).text).toContain('1 backup is not verified');
  const broken = { ...vault, backups: [{ ...first, verifyError: 'A bit flipped.' }, ...rest] };
  expect(vaultVerdict(broken)).toEqual({ tone: 'bad', text: '1 backup did not pass the check.' });
  expect(
    vaultVerdict({ ...vault, backups: rest.filter(({ source }) => source === 'state') }).text,
  ).toBe('2 sources have no backup yet.');
  expect(vaultVerdict({ ...vault, backups: [] }).text).toBe('There is no backup yet.');
  const [state, ...files] = vault.sources;
  if (!state) throw new Error('The fixture has no source.');
  const failed = { ...vault, sources: [{ ...state, lastFailure: 'The disk is full.' }, ...files] };
  expect(vaultVerdict(failed)).toEqual({
    tone: 'bad',
    text: 'The last backup of Holdfast state failed.',
  });
});

const preview: BackupPreview = {
  id: 'b',
  counts: {},
  newestEventAt: null,
  goesBackMs: (19 * 60 + 12) * 1000,
  monitorsAdded: ['main/OPUSDT/0'],
  monitorsRemoved: ['a', 'b', 'c', 'd'],
  monitorsChanged: [],
  tradesLost: 1,
  head: null,
  problem: null,
};

test('a restore says what goes, what comes back and what is lost', () => {
  const lines = lossLines(preview, (key) => `<${key}>`);
  expect(lines.map(({ mark }) => mark)).toEqual(['−4', '+1', '−1']);
  expect(lines[0]?.text).toBe('monitors go: <a>; <b>; <c> and 1 more');
  expect(lines[1]?.text).toContain('<main/OPUSDT/0>');
  expect(lines[2]?.text).toContain('trade is lost');
  expect(plain(goesBack(preview, now, now))).toBe('You go back 19 min 12 s.');
  expect(plain(goesBack({ ...preview, goesBackMs: null }, now - 60_000, now))).toBe(
    'You go back to the version taken 1 min ago.',
  );
});

test('counts, sources and sizes are named as one would say them', () => {
  expect(countWords({ monitors: 60, openTrades: 41, executions: 9 })).toBe(
    '60 monitors · 41 open trades',
  );
  expect(sourceName({ kind: 'file', path: 'C:\\bot\\signal.json' })).toBe('signal.json');
  expect(keptOf('exit', vault.backups).n).toBe(2);
});
