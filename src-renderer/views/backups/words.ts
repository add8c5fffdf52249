import type { BackupRow, BackupSourceRow } from '../../../src-preload/contract/backups.ts';
import type { BackupClass } from '../../../src-preload/contract/words.ts';
import { capital } from '../../parts/names.ts';
import { count, plural } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';

export const className: Record<BackupClass, string> = {
  routine: 'Automatic',
  latest: 'Latest',
  manual: 'Manual',
  'before-restore': 'Before restore',
  'before-upgrade': 'Before upgrade',
};

export const sourceName = ({ kind, path }: Pick<BackupSourceRow, 'kind' | 'path'>): string =>
  kind === 'database' ? 'Holdfast state' : (path.split(/[\\/]/).at(-1) ?? path);

/** `openTrades` as `open trades`. */
const spaced = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

/** What is inside, most telling first: `60 monitors · 41 open trades`. */
export const countWords = (counts: Record<string, number>, most = 2): string =>
  Object.entries(counts)
    .slice(0, most)
    .map(([name, n]) => plural(n, spaced(name), spaced(name)))
    .join(' · ');

export const countName = (name: string): string => capital(spaced(name));

/** The newest backup of a source. */
export const newestOf = (
  source: string | undefined,
  backups: readonly BackupRow[],
): BackupRow | null =>
  backups
    .filter((backup) => backup.source === source)
    .reduce<BackupRow | null>((a, b) => (a && a.madeAt > b.madeAt ? a : b), null);

/** The sentences of the backups view that stand as they are. */
export const words = {
  waiting: 'Waiting for the desk…',
  waitingMore: 'Backups are listed as soon as the vault has been read.',

  sources: 'Sources',
  kept: (n: number, size: string): string => `${count(n)} kept · ${size}`,
  nextDue: (time: string): string => `next due ${time}`,
  overdue: (lateMs: number): string =>
    `${lateMs < 60_000 ? 'due now' : `due ${span(lateMs)} ago`}, if anything has changed`,
  stopProtecting: 'Stop protecting…',
  protectFile: 'Protect a file…',
  import: 'Import…',
  verifyAll: 'Verify all',
  allGood: (n: number): string =>
    n === 1 ? 'The one backup is good.' : `All ${count(n)} backups are good.`,
  someBad: (bad: number, n: number): string =>
    `${count(bad)} of ${plural(n, 'backup')} cannot be used. The list says which, and why.`,
  vaultUsed: 'Vault used',
  used: (used: string, limit: string): string => `${used} of ${limit} used`,

  newest: (when: string): string => `Newest ${when}`,
  policy: 'What is kept…',
  backUpNow: 'Back up now',
  table: 'Backups',
  columns: {
    when: 'When',
    kind: 'Kind',
    why: 'Reason',
    size: 'Size',
    inside: 'Contents',
    verified: 'Verified',
  },
  pinned: 'pinned',
  damaged: 'damaged',
  notYet: 'not yet',
  yesterday: 'yesterday',
  none: 'No backup of this source yet.',
  noneMore: 'One is made as soon as something has changed, or',
  now: 'now',
  backedUp: 'Backed up and verified.',

  cancelled: 'Cancelled; nothing was changed.',
  tooLate: 'It was too late to cancel.',
  restored: (when: string): string =>
    `Restored ${when}. The state from before the restore is kept.`,
  undo: 'Undo the restore…',
  keepRestored: 'Keep it',
  restoredIsKept: 'The restored state is kept; its undo is no longer offered.',

  panel: 'Selected backup',
  today: 'Today',
  stored: (fresh: string, stored: string, size: string): string =>
    `${fresh} new, ${stored} stored of ${size}`,
  shared: (fresh: string): string => `${fresh} new; the rest it shares with other backups`,
  damagedTitle: 'Damaged',
  ifRestored: 'If you restore this',
  inside: 'Contents',
  newestEvent: 'Newest event',
  version: 'Version',
  schema: 'Schema',
  fate: 'What the policy does with it',
  goesAt: (time: string): string => `At one backup every few minutes it would go at ${time}.`,
  howItGoes: 'How a restore works',
  howDatabase:
    'The monitor loop stops, your current state is kept as an undo point, and this backup is checked again and put in place. Then everything is compared with the exchange. All accounts resume in watch; you arm them again yourself.',
  howFile: (name: string): string =>
    `Your current file is kept beside it as ${name}.current; this version is written, read back, hashed and counted. Positions and their monitors are not touched.`,
  restore: 'Restore…',
  verify: 'Verify',
  verified: 'Verified: hash, structure and counts are right.',
  notVerified: 'Not verified.',
  pin: 'Pin',
  unpin: 'Unpin',
  isPinned: 'Pinned: it is never rotated out.',
  isUnpinned: 'No longer pinned: the policy decides.',
  export: 'Export…',
  delete: 'Delete…',

  comparing: 'Comparing with your current state…',
  nothingDiffers: 'No monitor and no trade differs from your current state.',

  restoreTitle: {
    asking: (source: string, when: string): string => `Restore ${source} of ${when}?`,
    running: (source: string, when: string): string => `Restoring ${source} of ${when}`,
    done: (source: string, when: string): string => `Restored ${source} of ${when}`,
    failed: (source: string): string => `${source} was not restored`,
  },
  nextResume:
    'Compare with the exchange, then resume: until then nothing is acted on. You can undo the restore in this view.',
  restoreDatabase:
    'Everything since then is undone in Holdfast, never at the exchange. Your current state is kept, so this can be undone. Afterwards Holdfast is paused and every account is in watch.',
  restoreFile: 'Your current file is kept beside it, with .current at the end of its name.',
  starting: 'Starting…',
  cancel: 'Cancel',
  close: 'Close',
  restoreAction: 'Restore',

  undoTitle: 'Undo the restore?',
  undoAction: 'Undo the restore',
  undoing: 'Undoing…',
  undoText:
    'The state from before the restore comes back. What has happened since the restore is lost.',
  deleteTitle: (time: string): string => `Delete the backup of ${time}?`,
  deleteAction: 'Delete',
  deleting: 'Deleting…',
  deleteText:
    ' is removed from the vault for good. The last verified backup of a source cannot be deleted.',
  deleted: 'Deleted.',
  unprotectTitle: (source: string): string => `Stop protecting ${source}?`,
  unprotectAction: 'Stop protecting',
  unprotectText: 'The file is no longer watched. The backups made so far stay in the vault.',
  unprotected: 'No longer protected; its backups stay.',
  createTitle: 'Back up now',
  createSource: 'What to back up',
  createNote: 'A note to recognise it by (optional)',
  createAction: 'Back up',
  creating: 'Backing up…',
  protectTitle: 'Protect a file',
  protectPath: 'Full path of the file',
  protectHint:
    'Its last good version is in the vault before anything overwrites it, and every new version is saved once the file has settled.',
  protectAction: 'Protect',
  protecting: 'Taking the first version…',
  isProtected: (source: string): string => `${source} is protected.`,
  importTitle: 'Import a backup',
  importPath: 'Full path of the .backup file',
  importHint: 'It is checked like any other: hash, structure, counts. Nothing is restored by this.',
  importAction: 'Import',
  importing: 'Checking…',
  imported: 'Imported and verified.',
  exportTitle: 'Export this backup',
  exportPath: 'Full path of the folder to copy it to',
  exportAction: 'Export',
  exporting: 'Copying…',
  exported: (path: string): string => `Copied to ${path}`,

  policyTitle: 'What is kept, and why',
  policyAlways:
    'Manual and pinned backups are never rotated out, and neither is the last verified one of a source. Nothing goes before the next backup has been made and checked.',
  policyTabs: 'Sources',
  foresees: 'What these settings would do',
  stays: (stay: number, go: number, soon: number): string =>
    [
      plural(stay, 'stays', 'stay'),
      `${plural(go, 'goes', 'go')} at the next backup`,
      ...(soon > 0 ? [`${count(soon)} within a day, if every chance to back up is taken`] : []),
    ].join(', '),
  forecastTable: (source: string): string => `What happens to the backups of ${source}`,
  forecastColumns: { when: 'Made', kind: 'Kind', fate: 'What happens to it', goes: 'Goes' },
  nextBackup: 'next backup',
  keepRoutine: 'Automatic ones to keep',
  newestUnit: 'newest',
  minimumMinutes: 'At most one every',
  minutes: 'min',
  sizeLimit: 'Vault size limit',
  megabytes: 'MB',
  calendar: 'And fewer of them as they get older',
  calendarAll: 'All of the last',
  calendarHourly: 'One an hour for',
  calendarDaily: 'One a day for',
  calendarWeekly: 'One a week for',
  calendarMonthly: 'One a month for',
  hours: 'hours',
  days: 'days',
  weeks: 'weeks',
  months: 'months',
  secondFolder: 'Second folder for a copy of every backup (full path; empty for none)',
  secondHint: 'On another disk, or one that another program syncs.',
  secondNewest: (age: string | null): string =>
    age === null ? 'Second folder: no copy yet' : `Second folder: newest copy ${age}`,
  secondSameDisk: 'It is on the same disk as the vault, and would be lost with it.',
  change: 'Save',
  changing: 'Saving…',
  changed: 'Saved. It applies from the next backup on.',
};
