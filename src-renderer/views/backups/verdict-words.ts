import type { BackupPreview, BackupsState } from '../../../src-preload/contract/backups.ts';
import { plural } from '../../parts/number-text.ts';
import { ago, clockMinute, exactSpan } from '../../parts/time-text.ts';
import { newestOf, sourceName } from './words.ts';

/**
 * The first thing to know about the vault, in one or two sentences, and whether it is a worry.
 * `monitors` is how many are watched now and `latestAt` when something last happened to them; `null`
 * while that is not known.
 */
export function vaultVerdict(
  state: BackupsState,
  { monitors, latestAt }: { monitors: number | null; latestAt: number | null },
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
  const behind = behindWords(state, { monitors, latestAt }, now);
  if (behind) return { tone: 'look', text: behind };
  const unread = state.backups.filter(({ verified }) => !verified).length;
  if (unread > 0)
    return {
      tone: 'look',
      text: `Everything is backed up; ${plural(unread, 'backup is', 'backups are')} not verified.`,
    };
  return { tone: 'good', text: 'Everything is backed up and verified.' };
}

/** Said while something has happened that the newest backup of the state does not hold; else empty. */
function behindWords(
  state: BackupsState,
  { monitors, latestAt }: { monitors: number | null; latestAt: number | null },
  now: number,
): string {
  const source = state.sources.find(({ kind }) => kind === 'database');
  const newest = newestOf(source?.id, state.backups);
  if (!source || !newest) return '';
  const others = monitors !== null && newest.counts['monitors'] !== monitors;
  if (!others && (latestAt ?? 0) <= (newest.newestEventAt ?? newest.madeAt)) return '';
  const due = source.nextDueAt;
  const next =
    due === null ? '' : due > now ? ` Next at ${clockMinute(due)}.` : ' The next is due.';
  return `There are changes since the newest backup.${next}`;
}

export interface LossLine {
  mark: string;
  tone: 'up' | 'down' | 'mute';
  text: string;
}

const named = (names: readonly string[]): string =>
  names.length <= 3
    ? names.join('; ')
    : `${names.slice(0, 3).join('; ')} and ${names.length - 3} more`;

/** What restoring this backup would change against now, line by line. */
export function lossLines(preview: BackupPreview): LossLine[] {
  const { monitorsAdded, monitorsRemoved, monitorsChanged, tradesLost, closedSince } = preview;
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
      text: `${comes}: ${named(monitorsAdded)}`,
    });
  }
  if (closedSince.length > 0) {
    lines.push({ mark: String(closedSince.length), tone: 'mute', text: closedWords(closedSince) });
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

/** Which positions a restore does not bring back: all of them, by name. */
export const closedWords = (names: readonly string[]): string =>
  `${names.length === 1 ? 'position has' : 'positions have'} closed at the exchange since then and ${
    names.length === 1 ? 'stays' : 'stay'
  } closed: ${names.join('; ')}`;

/** How far back a restore goes. */
export const goesBack = ({ goesBackMs }: BackupPreview, madeAt: number, now: number): string =>
  goesBackMs === null
    ? `You go back to the version taken ${ago(madeAt, now)}.`
    : `You go back ${exactSpan(goesBackMs)}.`;
