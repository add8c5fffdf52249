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
import type { Asking } from '../../src-renderer/state/asking.ts';
import { views } from '../../src-renderer/views/registry.ts';
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
    paused: { since: 1, why: 'restored', closedSince: [] },
  },
};

const notSent = {
  ok: false,
  error: { code: 'NOT_CONNECTED', message: 'Not in this test.' },
} as const;
const tools: PaletteTools = {
  ask: () => {},
  show: () => {},
  prefer: () => {},
  run: async () => notSent,
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
    entry.choose({
      ...tools,
      ask: (question) => asked.push(question),
      run: async (command) => {
        sent.push(command);
        return notSent;
      },
    });
    expect(sent, entry.title).toEqual([]);
    expect(asked, entry.title).toHaveLength(1);
  }
});

test('what is sent at once fits the contract', () => {
  for (const entry of paletteEntries(facts)) {
    const fits = (command: CommandName, input: unknown): void =>
      expect(allCommands[command].input.safeParse(input).success, entry.title).toBe(true);
    entry.choose({
      ...tools,
      run: async (command, input) => {
        fits(command, input);
        return notSent;
      },
      prefer: (change) => fits('preferences.update', change),
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

test('what an entry is called finds it before what else another may be called', () => {
  const [first] = paletteEntries(facts);
  if (!first) throw new Error('The palette is empty.');
  const view = (title: string, words: string) => ({ ...first, title, words });
  const both = [view('Go to Positions', 'stops orders'), view('Go to Orders', 'entries')];
  for (const typed of ['orders', 'go to orders'])
    expect(matching(both, typed).map(({ title }) => title)).toEqual([
      'Go to Orders',
      'Go to Positions',
    ]);
});

test('every view is gone to by its name, its key and what else it may be called', () => {
  const entries = paletteEntries(facts);
  for (const { id, title, key, words } of views) {
    const [first] = matching(entries, `go to ${title}`);
    const gone: string[] = [];
    first?.choose({ ...tools, show: (view) => gone.push(view) });
    expect([first?.keys, gone]).toEqual([key, [id]]);
    for (const word of words.split(' ')) expect(matching(entries, word)).toContain(first);
  }
  expect(new Set(views.map(({ key }) => key)).size).toBe(views.length);
});
