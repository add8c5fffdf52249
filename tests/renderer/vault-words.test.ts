import { expect, test } from 'vitest';
import type { BackupPreview } from '../../src-preload/contract/backups.ts';
import { words as frameWords } from '../../src-renderer/frame/words.ts';
import { clockMinute } from '../../src-renderer/parts/time-text.ts';
import {
  goesBack,
  lossLines,
  vaultVerdict,
} from '../../src-renderer/views/backups/verdict-words.ts';
import { countWords, sourceName, words } from '../../src-renderer/views/backups/words.ts';
import { fixtureState } from './fixture-state.ts';

const plain = (text: string): string => text.replaceAll('\u2009', ' ');
const now = 1_800_000_000_000;
const { backups: vault } = fixtureState({ positions: 2, now, seed: 1 }).objects;
const known = { monitors: null, latestAt: null };

test('everything is said to be verified only when every source has verified backups', () => {
  expect(vaultVerdict(vault, known, now)).toEqual({
    tone: 'good',
    text: 'Everything is backed up and verified.',
  });
  const [first, ...rest] = vault.backups;
  if (!first) throw new Error('The fixture has no backup.');
  const unread = { ...vault, backups: [{ ...first, verified: false }, ...rest] };
  expect(vaultVerdict(unread, known, now).text).toContain('1 backup is not verified');
  const broken = { ...vault, backups: [{ ...first, verifyError: 'A bit flipped.' }, ...rest] };
  expect(vaultVerdict(broken, known, now)).toEqual({
    tone: 'bad',
    text: '1 backup did not pass the check.',
  });
  expect(
    vaultVerdict({ ...vault, backups: rest.filter(({ source }) => source === 'state') }, known, now)
      .text,
  ).toBe('2 sources have no backup yet.');
  expect(vaultVerdict({ ...vault, backups: [] }, known, now).text).toBe('There is no backup yet.');
  const [state, ...files] = vault.sources;
  if (!state) throw new Error('The fixture has no source.');
  const failed = { ...vault, sources: [{ ...state, lastFailure: 'The disk is full.' }, ...files] };
  expect(vaultVerdict(failed, known, now)).toEqual({
    tone: 'bad',
    text: 'The last backup of Holdfast state failed.',
  });
});

test('D16 a newest backup from before the latest changes is said to be, also right after a close-all', () => {
  const [source, ...others] = vault.sources;
  if (!source) throw new Error('The fixture has no source.');
  const first = vault.backups
    .filter((backup) => backup.source === source.id)
    .toSorted((a, b) => b.madeAt - a.madeAt)[0];
  const monitors = first?.counts['monitors'] ?? Number.NaN;
  const latestAt = first?.newestEventAt ?? Number.NaN;
  expect(vaultVerdict(vault, { monitors, latestAt }, now).tone).toBe('good');
  const nextDueAt = now + 60_000;
  const due = { ...vault, sources: [{ ...source, nextDueAt }, ...others] };
  const said = `There are changes since the newest backup. Next at ${clockMinute(nextDueAt)}.`;
  for (const facts of [
    { monitors: monitors + 1, latestAt },
    { monitors: 0, latestAt },
    { monitors, latestAt: latestAt + 1 },
  ]) {
    expect(vaultVerdict(due, facts, now)).toEqual({ tone: 'look', text: said });
  }
  const late = { ...vault, sources: [{ ...source, nextDueAt: now - 1 }, ...others] };
  expect(vaultVerdict(late, { monitors: 0, latestAt }, now).text).toContain('The next is due.');
});

const preview: BackupPreview = {
  id: 'b',
  counts: {},
  newestEventAt: null,
  goesBackMs: (19 * 60 + 12) * 1000,
  monitorsAdded: ['OPUSDT short, Main'],
  monitorsRemoved: ['a', 'b', 'c', 'd'],
  monitorsChanged: [],
  tradesLost: 1,
  closedSince: ['OPUSDT short, Main', 'e', 'f', 'g', 'h'],
  sourcePath: '',
  head: null,
  problem: null,
};

test('D16 a restore says what goes, what comes back, what is lost and, by name, what has closed since', () => {
  const lines = lossLines(preview);
  expect(lines.map(({ mark }) => mark)).toEqual(['−4', '+1', '5', '−1']);
  expect(lines[0]?.text).toBe('monitors are removed: a; b; c and 1 more');
  expect(lines[1]?.text).toBe('monitor comes back: OPUSDT short, Main');
  expect(lines[2]?.text).toBe(
    'positions have closed at the exchange since then and stay closed: OPUSDT short, Main; e; f; g; h',
  );
  expect(lines[3]?.text).toContain('trade is lost');
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
});

test('a backup that came due this minute is due now, not "0 s ago"', () => {
  expect(words.overdue(900)).toMatch(/^due now/);
  expect(frameWords.status.due(900)).toBe('; due now');
  expect(plain(frameWords.status.due(180_000))).toBe('; due 3 min ago');
});
