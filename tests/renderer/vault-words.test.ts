import { expect, test } from 'vitest';
import type { BackupPreview } from '../../src-preload/contract/backups.ts';
import { words as frameWords } from '../../src-renderer/frame/words.ts';
import { clockMinute } from '../../src-renderer/parts/time-text.ts';
import {
  countWords,
  goesBack,
  keptOf,
  lossLines,
  sourceName,
  vaultVerdict,
  words,
} from '../../src-renderer/views/backups/words.ts';
import { fixtureState } from './fixture-state.ts';

const plain = (text: string): string => text.replaceAll('\u2009', ' ');
const now = 1_800_000_000_000;
const { backups: vault } = fixtureState({ positions: 2, now, seed: 1 }).objects;

test('everything is said to be verified only when every source has verified backups', () => {
  expect(vaultVerdict(vault, 2, now)).toEqual({
    tone: 'good',
    text: 'Everything is backed up and verified.',
  });
  const [first, ...rest] = vault.backups;
  if (!first) throw new Error('The fixture has no backup.');
  const unread = { ...vault, backups: [{ ...first, verified: false }, ...rest] };
  expect(vaultVerdict(unread, 2, now).text).toContain('1 backup is not verified');
  const broken = { ...vault, backups: [{ ...first, verifyError: 'A bit flipped.' }, ...rest] };
  expect(vaultVerdict(broken, 2, now)).toEqual({
    tone: 'bad',
    text: '1 backup did not pass the check.',
  });
  expect(
    vaultVerdict({ ...vault, backups: rest.filter(({ source }) => source === 'state') }, 2, now)
      .text,
  ).toBe('2 sources have no backup yet.');
  expect(vaultVerdict({ ...vault, backups: [] }, 2, now).text).toBe('There is no backup yet.');
  const [state, ...files] = vault.sources;
  if (!state) throw new Error('The fixture has no source.');
  const failed = { ...vault, sources: [{ ...state, lastFailure: 'The disk is full.' }, ...files] };
  expect(vaultVerdict(failed, 2, now)).toEqual({
    tone: 'bad',
    text: 'The last backup of Holdfast state failed.',
  });
});

test('a newest backup with fewer monitors than are watched is said to be behind', () => {
  const [source, ...others] = vault.sources;
  if (!source) throw new Error('The fixture has no source.');
  const first = vault.backups
    .filter((backup) => backup.source === source.id)
    .toSorted((a, b) => b.madeAt - a.madeAt)[0];
  const held = first?.counts['monitors'] ?? Number.NaN;
  expect(vaultVerdict(vault, held, now).tone).toBe('good');
  expect(vaultVerdict(vault, null, now).tone).toBe('good');
  const nextDueAt = now + 60_000;
  const due = { ...vault, sources: [{ ...source, nextDueAt }, ...others] };
  expect(vaultVerdict(due, held + 1, now)).toEqual({
    tone: 'look',
    text: `The newest backup is older than the latest changes: it holds ${held} of ${held + 1} monitors. Next at ${clockMinute(nextDueAt)}.`,
  });
  const late = { ...vault, sources: [{ ...source, nextDueAt: now - 1 }, ...others] };
  expect(vaultVerdict(late, held + 1, now).text).toContain('The next is due.');
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
  closedSince: [],
  sourcePath: '',
  head: null,
  problem: null,
};

test('a restore says what goes, what comes back and what is lost', () => {
  const lines = lossLines(preview, (key) => `<${key}>`);
  expect(lines.map(({ mark }) => mark)).toEqual(['−4', '+1', '−1']);
  expect(lines[0]?.text).toBe('monitors are removed: <a>; <b>; <c> and 1 more');
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

test('a backup that came due this minute is due now, not "0 s ago"', () => {
  expect(words.overdue(900)).toMatch(/^due now/);
  expect(frameWords.status.due(900)).toBe('; due now');
  expect(plain(frameWords.status.due(180_000))).toBe('; due 3 min ago');
});
