import { expect, test } from 'vitest';
import {
  commands as allCommands,
  type CommandName,
} from '../../src-preload/contract/commands/index.ts';
import {
  matching,
  type PaletteTools,
  paletteEntries,
} from '../../src-renderer/frame/palette/entries.ts';
import type { Asking } from '../../src-renderer/state/asking.tsx';
import { fixtureState } from './fixture-state.ts';

const { lists, objects } = fixtureState({ positions: 4, now: 1_800_000_000_000, seed: 3 });
const facts = {
  accounts: lists.accounts,
  proposals: 1,
  settings: objects.settings,
  backups: {
    ...objects.backups,
    running: { what: 'Backing up', step: 'Copying', done: 1, total: 4 },
    undo: { restoredId: 'x', restoredAt: 1 },
    paused: { since: 1, why: 'restored' },
  },
};

test('every command of the contract can be reached from the palette', () => {
  const pinned = {
    ...facts.backups,
    backups: facts.backups.backups.map((row) => ({ ...row, pinned: true })),
  };
  const reached = new Set(
    [...paletteEntries(facts), ...paletteEntries({ ...facts, backups: pinned })].map(
      ({ command }) => command,
    ),
  );
  const commands = (Object.keys(allCommands) as CommandName[]).filter(
    (name) => name !== 'state.get',
  );
  expect(commands.filter((name) => !reached.has(name))).toEqual([]);
});

test('what destroys or replaces asks first; nothing of the kind is sent by choosing it', () => {
  const asking = new Set<CommandName>([
    'account.setMode',
    'panic',
    'backups.restore',
    'backups.delete',
    'backups.undo',
    'backups.unprotect',
    'backups.import',
    'practice.reset',
  ]);
  for (const entry of paletteEntries(facts)) {
    if (!entry.command || !asking.has(entry.command)) continue;
    const asked: Asking[] = [];
    const sent: string[] = [];
    const tools: PaletteTools = {
      ask: (question) => asked.push(question),
      set: () => {},
      run: (command) => sent.push(command),
    };
    entry.choose(tools);
    expect(sent, entry.title).toEqual([]);
    expect(asked, entry.title).toHaveLength(1);
  }
});

test('what is sent at once fits the contract', () => {
  for (const entry of paletteEntries(facts)) {
    entry.choose({
      ask: () => {},
      set: () => {},
      run: (command, input) =>
        expect(allCommands[command].input.safeParse(input).success, entry.title).toBe(true),
    });
  }
});

test('before anything has come, only what needs nothing is offered', () => {
  const entries = paletteEntries({ accounts: [], proposals: 0, backups: null, settings: null });
  expect(entries.map(({ command }) => command)).not.toContain('backups.restore');
  expect(entries.length).toBeGreaterThan(5);
});

test('every word typed must be found, and titles that begin with it come first', () => {
  const found = matching(paletteEntries(facts), 'back');
  expect(found[0]?.title).toMatch(/^Back up/);
  expect(
    matching(paletteEntries(facts), 'backups restore').every(({ title }) => /restore/i.test(title)),
  ).toBe(true);
  expect(matching(paletteEntries(facts), 'no such thing')).toEqual([]);
});
