import type {
  BackupPreview,
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import type { BackupClass } from '../../../src-preload/contract/words.ts';
import { count, plural } from '../../parts/number-text.ts';
import { ago, clockMinute, exactSpan } from '../../parts/time-text.ts';

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
    const goes = monitorsRemoved.length === 1 ? 'monitor goes' : 'monitors go';
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
      text: `${comes}: ${named(monitorsAdded)}. What the exchange has closed since stays closed.`,
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
