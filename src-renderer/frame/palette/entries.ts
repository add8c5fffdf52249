import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import type { CommandName } from '../../../src-preload/contract/commands/index.ts';
import { plainTable } from '../../../src-preload/contract/preferences.ts';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import { accountName } from '../../parts/names.ts';
import { plural } from '../../parts/number-text.ts';
import type { Actions } from '../../state/actions.ts';
import { sourceName } from '../../views/backups/words.ts';
import { views } from '../../views/registry.ts';

/** What an entry may do when it is chosen. */
export type PaletteTools = Pick<Actions, 'ask' | 'run' | 'show' | 'prefer'>;

export interface PaletteEntry {
  title: string;
  group: 'View' | 'Account' | 'Cache' | 'Backups' | 'Appearance' | 'Help';
  /** Keys that do the same. */
  keys?: string;
  /** Other words it is found by. */
  words?: string;
  /** The command it runs or leads to; `null` when it only changes this screen. */
  command: CommandName | null;
  choose: (tools: PaletteTools) => void;
}

export interface PaletteFacts {
  accounts: readonly AccountRow[];
  proposals: number;
  backups: BackupsState | null;
  settings: SettingsState | null;
}

/** Everything that can be done now, in the order it is offered. */
export function paletteEntries(facts: PaletteFacts): PaletteEntry[] {
  return [
    ...viewEntries,
    ...accountEntries(facts),
    ...cacheEntries(facts),
    ...vaultEntries(facts),
    ...appearanceEntries,
  ];
}

const viewEntries: PaletteEntry[] = views.map(({ id, title, key, words }) => ({
  title: `Go to ${title}`,
  group: 'View',
  keys: key,
  words,
  command: null,
  choose: ({ show }) => show(id),
}));

const accountEntries = ({ accounts, proposals }: PaletteFacts): PaletteEntry[] => [
  ...accounts.map(
    ({ id, mode }): PaletteEntry => ({
      title: `Change mode of ${accountName(id)} (now ${mode})…`,
      group: 'Account',
      command: 'account.setMode',
      choose: ({ ask }) => ask({ what: 'mode', account: id }),
    }),
  ),
  ...(['approvals.approve', 'approvals.dismiss'] as const).map(
    (command): PaletteEntry => ({
      title: `${command === 'approvals.approve' ? 'Approve' : 'Dismiss'} proposals (${proposals})`,
      group: 'Account',
      command,
      choose: ({ show }) => show('approvals'),
    }),
  ),
  {
    title: 'Dismiss what happened while Holdfast was off',
    group: 'Account',
    command: 'away.dismiss',
    choose: ({ run }) =>
      run('away.dismiss', {}, ({ dismissed }) => `Dismissed: ${plural(dismissed, 'event')}.`),
  },
  {
    title: 'Close all positions…',
    group: 'Account',
    command: 'panic',
    choose: ({ ask }) => ask({ what: 'panic' }),
  },
  ...(accounts.some(({ venue }) => venue === 'practice')
    ? [
        {
          title: 'Reset the practice exchange…',
          group: 'Account' as const,
          command: 'practice.reset' as const,
          choose: ({ ask }: PaletteTools) => ask({ what: 'reset-practice' }),
        },
      ]
    : []),
];

function cacheEntries({ settings }: PaletteFacts): PaletteEntry[] {
  const on = settings?.cacheEnabled ?? true;
  return [
    {
      title: 'Sweep: read everything again and compare',
      group: 'Cache',
      command: 'cache.sweep',
      choose: ({ run }) =>
        run(
          'cache.sweep',
          {},
          ({ differences }) => `Swept: ${plural(differences, 'difference')} found.`,
        ),
    },
    {
      title: 'Invalidate: forget what the cache holds',
      group: 'Cache',
      command: 'cache.invalidate',
      choose: ({ run }) =>
        run(
          'cache.invalidate',
          {},
          ({ invalidated }) => `${plural(invalidated, 'answer')} forgotten.`,
        ),
    },
    {
      title: on ? 'Turn the cache off' : 'Turn the cache on',
      group: 'Cache',
      command: 'settings.update',
      choose: ({ run }) =>
        run('settings.update', { cacheEnabled: !on }, ({ cacheEnabled }) =>
          cacheEnabled ? 'The cache is on.' : 'The cache is off.',
        ),
    },
  ];
}

function vaultEntries({ backups }: PaletteFacts): PaletteEntry[] {
  const entry = (
    title: string,
    command: CommandName,
    choose: (tools: PaletteTools) => void,
  ): PaletteEntry => ({ title, group: 'Backups', command, choose });
  const sources = backups?.sources ?? [];
  return [
    ...sources.map((source) =>
      entry(`Back up ${sourceName(source)} now…`, 'backups.create', ({ ask }) =>
        ask({ what: 'create', source }),
      ),
    ),
    ...sources.flatMap((source) => {
      const newest = backups?.backups
        .filter((backup) => backup.source === source.id)
        .reduce<BackupsState['backups'][number] | null>(
          (a, b) => (a && a.madeAt > b.madeAt ? a : b),
          null,
        );
      if (!newest) return [];
      const { id, pinned } = newest;
      const of = `the newest backup of ${sourceName(source)}`;
      return [
        entry(`Show ${of}`, 'backups.show', ({ show }) => show('backups')),
        entry(`Verify ${of}`, 'backups.verify', ({ run }) =>
          run('backups.verify', { id }, (row) =>
            row.verified ? 'Verified.' : (row.verifyError ?? 'Not verified.'),
          ),
        ),
        entry(`Restore ${of}…`, 'backups.restore', ({ ask }) =>
          ask({ what: 'restore', backup: newest, source }),
        ),
        entry(
          `${pinned ? 'Unpin' : 'Pin'} ${of}`,
          pinned ? 'backups.unpin' : 'backups.pin',
          ({ run }) =>
            run(pinned ? 'backups.unpin' : 'backups.pin', { id }, () =>
              pinned ? 'No longer pinned.' : 'Pinned.',
            ),
        ),
        entry(`Export ${of}…`, 'backups.export', ({ ask }) =>
          ask({ what: 'export', backup: newest }),
        ),
        entry(`Delete ${of}…`, 'backups.delete', ({ ask }) =>
          ask({ what: 'delete', backup: newest }),
        ),
      ];
    }),
    entry('Verify every backup', 'backups.verifyAll', ({ run }) =>
      run('backups.verifyAll', {}, ({ backups: rows }) => {
        const bad = rows.filter(({ verified }) => !verified).length;
        return bad === 0
          ? 'Every backup is good.'
          : `${bad} of ${rows.length} backups are not usable.`;
      }),
    ),
    entry('Import a backup…', 'backups.import', ({ ask }) => ask({ what: 'import' })),
    entry('Protect a file…', 'backups.protect', ({ ask }) => ask({ what: 'protect' })),
    ...sources
      .filter(({ kind }) => kind === 'file')
      .map((source) =>
        entry(`Stop protecting ${sourceName(source)}…`, 'backups.unprotect', ({ ask }) =>
          ask({ what: 'unprotect', source }),
        ),
      ),
    entry('What is kept, and why…', 'settings.update', ({ ask }) => ask({ what: 'policy' })),
    entry('When each backup would go…', 'backups.forecast', ({ ask }) => ask({ what: 'policy' })),
    ...(backups?.undo
      ? [
          entry('Undo the restore…', 'backups.undo', ({ ask }) => ask({ what: 'undo' })),
          entry('Keep what was restored', 'backups.dismissUndo', ({ run }) =>
            run('backups.dismissUndo', {}, () => 'The undo is no longer offered.'),
          ),
        ]
      : []),
    ...(backups?.running
      ? [
          entry('Cancel the running backup job', 'backups.cancel', ({ run }) =>
            run('backups.cancel', {}, ({ cancelled }) =>
              cancelled ? 'Cancelled.' : 'It was too late to cancel.',
            ),
          ),
        ]
      : []),
    ...(backups?.paused
      ? [
          entry('Resume after the restore', 'desk.resume', ({ run }) =>
            run('desk.resume', {}, () => 'Running again.'),
          ),
        ]
      : []),
  ];
}

const appearanceEntries: PaletteEntry[] = [
  ...(['system', 'dark', 'light'] as const).map(
    (theme): PaletteEntry => ({
      title: theme === 'system' ? 'Theme: same as system' : `Theme: ${theme}`,
      group: 'Appearance',
      command: 'preferences.update',
      choose: ({ prefer }) => prefer({ theme }),
    }),
  ),
  ...(['normal', 'compact'] as const).map(
    (density): PaletteEntry => ({
      title: `Rows: ${density}`,
      group: 'Appearance',
      command: 'preferences.update',
      choose: ({ prefer }) => prefer({ density }),
    }),
  ),
  {
    title: 'Reset the columns of the positions table',
    group: 'Appearance',
    command: 'preferences.update',
    choose: ({ prefer }) => prefer({ tables: { positions: plainTable } }),
  },
  {
    title: 'Keyboard shortcuts',
    group: 'Help',
    keys: '?',
    command: null,
    choose: ({ ask }) => ask({ what: 'keys' }),
  },
];

/**
 * Entries whose title, group or other words hold every word typed, best first: those that begin with it,
 * and among equals those that hold all of it in their title.
 */
export function matching(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ title }: PaletteEntry): number => {
    const said = title.toLowerCase();
    const missed = words.every((word) => said.includes(word)) ? 0 : 1;
    return missed + (said.startsWith(words[0] ?? '') ? 0 : 2);
  };
  return entries
    .filter(({ title, group, words: others = '' }) =>
      words.every((word) => `${title} ${group} ${others}`.toLowerCase().includes(word)),
    )
    .toSorted((a, b) => rank(a) - rank(b));
}
