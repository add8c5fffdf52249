import type {
  BackupPreview,
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import type { BackupClass } from '../../../src-preload/contract/words.ts';
import { count, plural } from '../../parts/number-text.ts';
import { ago, clockMinute, exactSpan, span } from '../../parts/time-text.ts';

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

export const countName = (name: string): string => {
  const words = spaced(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/**
 * The first thing to know about the vault, in one or two sentences, and whether it is a worry.
 * `monitors` is how many are watched now; `null` while that is not known.
 */
export function vaultVerdict(
  state: BackupsState,
  monitors: number | null,
  now: number,
): { tone: 'good' | 'look' | 'bad'; text: string } {
  const failed = state.sources.find(({ lastFailure }) => lastFailure !== null);
  if (failed) return { tone: 'bad', text: `The last backup of ${sourceName(failed)} failed.` };
  const without = state.sources.filter(
    ({ id }) => !state.backups.some(({ source }) => source === id),
  );
  if (state.backups.length === 0) return { tone: 'look', text: 'There is no backup yet.' };
  if (without.length > 0)
    return {
      tone: 'look',
      text: `${plural(without.length, 'source has', 'sources have')} no backup yet.`,
    };
  const broken = state.backups.filter(({ verifyError }) => verifyError !== null).length;
  if (broken > 0)
    return { tone: 'bad', text: `${plural(broken, 'backup', 'backups')} did not pass the check.` };
  const unread = state.backups.filter(({ verified }) => !verified).length;
  if (unread > 0)
    return {
      tone: 'look',
      text: `Everything is backed up; ${plural(unread, 'backup is', 'backups are')} not verified.`,
    };
  const behind = behindWords(state, monitors ?? 0, now);
  if (behind) return { tone: 'look', text: behind };
  return { tone: 'good', text: 'Everything is backed up and verified.' };
}

/** Said while the newest backup of the state holds fewer monitors than are watched; else empty. */
function behindWords(state: BackupsState, monitors: number, now: number): string {
  const source = state.sources.find(({ kind }) => kind === 'database');
  const newest = newestOf(source?.id, state.backups);
  const held = newest?.counts['monitors'];
  if (!source || held === undefined || held >= monitors) return '';
  const due = source.nextDueAt;
  const next =
    due === null ? '' : due > now ? ` Next at ${clockMinute(due)}.` : ' The next is due.';
  return `The newest backup is older than the latest changes: it holds ${count(held)} of ${plural(monitors, 'monitor')}.${next}`;
}

/** The newest backup of a source. */
export const newestOf = (
  source: string | undefined,
  backups: readonly BackupRow[],
): BackupRow | null =>
  backups
    .filter((backup) => backup.source === source)
    .reduce<BackupRow | null>((a, b) => (a && a.madeAt > b.madeAt ? a : b), null);

export interface LossLine {
  mark: string;
  tone: 'up' | 'down' | 'mute';
  text: string;
}

const atMostThree = (names: readonly string[]): string =>
  names.length <= 3
    ? names.join('; ')
    : `${names.slice(0, 3).join('; ')} and ${names.length - 3} more`;

/** What restoring this backup would change against now, line by line. */
export function lossLines(preview: BackupPreview, nameOf: (key: string) => string): LossLine[] {
  const named = (keys: readonly string[]): string => atMostThree(keys.map(nameOf));
  const { monitorsAdded, monitorsRemoved, monitorsChanged, tradesLost } = preview;
  const lines: LossLine[] = [];
  if (monitorsRemoved.length > 0) {
    const goes = monitorsRemoved.length === 1 ? 'monitor is removed' : 'monitors are removed';
    lines.push({
      mark: `−${monitorsRemoved.length}`,
      tone: 'down',
      text: `${goes}: ${named(monitorsRemoved)}`,
    });
  }
  if (monitorsAdded.length > 0) {
    const comes = monitorsAdded.length === 1 ? 'monitor comes back' : 'monitors come back';
    lines.push({
      mark: `+${monitorsAdded.length}`,
      tone: 'up',
      text: `${comes}: ${named(monitorsAdded)}. What has closed at the exchange since then stays closed.`,
    });
  }
  if (monitorsChanged.length > 0) {
    const differ = monitorsChanged.length === 1 ? 'monitor differs' : 'monitors differ';
    lines.push({
      mark: String(monitorsChanged.length),
      tone: 'mute',
      text: `${differ}: ${named(monitorsChanged)}`,
    });
  }
  if (tradesLost) {
    lines.push({
      mark: `−${tradesLost}`,
      tone: 'down',
      text: `closed ${tradesLost === 1 ? 'trade is' : 'trades are'} lost from the history`,
    });
  }
  return lines;
}

/** How far back a restore goes: to the newest event inside, or to when the version was taken. */
export const goesBack = ({ goesBackMs }: BackupPreview, madeAt: number, now: number): string =>
  goesBackMs === null
    ? `You go back to the version taken ${ago(madeAt, now)}.`
    : `You go back ${exactSpan(goesBackMs)}.`;

/** Bytes kept and number of backups of one source. */
export function keptOf(
  source: string,
  backups: readonly BackupRow[],
): { n: number; stored: number } {
  const own = backups.filter((backup) => backup.source === source);
  return { n: own.length, stored: own.reduce((sum, { storedSize }) => sum + storedSize, 0) };
}

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

  panel: 'Selected backup',
  today: 'Today',
  stored: (stored: string, size: string): string => `${stored} stored of ${size}`,
  damagedTitle: 'Damaged',
  ifRestored: 'If you restore this',
  inside: 'Contents',
  newestEvent: 'Newest event',
  version: 'Version',
  schema: 'Schema',
  fate: 'What the policy does with it',
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

  restoreTitle: (source: string, when: string): string => `Restore ${source} of ${when}?`,
  restoreDatabase:
    'Everything since then is undone in Holdfast, never at the exchange. Your current state is kept, so this can be undone. Afterwards Holdfast is paused and every account is in watch.',
  restoreFile: 'Your current file is kept beside it, with .current at the end of its name.',
  starting: 'Starting…',
  cancel: 'Cancel',
  close: 'Close',
  restoreAction: 'Restore',

  undoTitle: 'Undo the restore?',
  undoAction: 'Undo the restore',
  undoText:
    'The state from before the restore comes back. What has happened since the restore is lost.',
  deleteTitle: (time: string): string => `Delete the backup of ${time}?`,
  deleteAction: 'Delete',
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
  protectTitle: 'Protect a file',
  protectPath: 'Full path of the file',
  protectHint:
    'Its last good version is in the vault before anything overwrites it, and every new version is saved once the file has settled.',
  protectAction: 'Protect',
  isProtected: (source: string): string => `${source} is protected.`,
  importTitle: 'Import a backup',
  importPath: 'Full path of the .backup file',
  importHint: 'It is checked like any other: hash, structure, counts. Nothing is restored by this.',
  importAction: 'Import',
  imported: 'Imported and verified.',
  exportTitle: 'Export this backup',
  exportPath: 'Full path of the folder to copy it to',
  exportAction: 'Export',
  exported: (path: string): string => `Copied to ${path}`,

  policyTitle: 'What is kept, and why',
  policyAlways:
    'Manual and pinned backups are never rotated out, and neither is the last verified one of a source.',
  policyTabs: 'Sources',
  stays: (stay: number, go: number): string =>
    `${plural(stay, 'stays', 'stay')}, ${plural(go, 'goes', 'go')}`,
  forecastTable: (source: string): string => `What happens to the backups of ${source}`,
  forecastColumns: { when: 'Made', kind: 'Kind', fate: 'What happens to it' },
  keepRoutine: 'Automatic ones to keep',
  newestUnit: 'newest',
  minimumMinutes: 'At most one every',
  minutes: 'min',
  sizeLimit: 'Vault size limit',
  megabytes: 'MB',
  calendarAll: 'All of the last hours',
  calendarHourly: 'One an hour, for',
  calendarDaily: 'One a day, for',
  calendarWeekly: 'One a week, for',
  calendarMonthly: 'One a month, for',
  secondFolder: 'Second folder, on another disk',
  secondNewest: (age: string | null): string =>
    age === null ? 'Second folder: no copy seen yet' : `Second folder: newest copy ${age}`,
  change: 'Save',
  changed: 'The policy has been changed.',
};
