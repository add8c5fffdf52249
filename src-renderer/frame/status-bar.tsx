import type { BackupsState } from '../../src-preload/contract/backups.ts';
import { classes } from '../parts/classes.ts';
import { Text } from '../parts/figures/text.tsx';
import { capital } from '../parts/names.ts';
import { count, DASH, milliseconds, percent } from '../parts/number-text.ts';
import { ago, clockMinute } from '../parts/time-text.ts';
import { useConnection, useNow, useRows, useValue } from '../state/use-desk.tsx';
import css from './status-bar.module.css';
import { words } from './words.ts';

const { status } = words;

/** What the desk did last, at the bottom of every view. */
export function StatusBar() {
  const now = useNow();
  const cycles = useRows('cycles');
  const cache = useValue('cache');
  const saves = useValue('saves');
  const backups = useValue('backups');
  const health = useValue('health');
  const cycle = cycles ? newest([...cycles.values()]) : null;
  const lost = useConnection().state === 'lost';
  return (
    <footer className={classes(css.status, lost && css.lost)}>
      <span>
        {status.cycle} <b>{cycle ? milliseconds(cycle.durationMs) : DASH}</b>
        {cycle && status.calls(cycle.restCalls)}
      </span>
      <span>
        {status.cache} <b>{percent(cache?.hitRate ?? null, 1)}</b> {status.hits}
      </span>
      <span>
        {status.callsPerMinute} <b>{cache ? count(cache.callsPerMinute) : DASH}</b>
        {status.perMinute}
        {cache && <Text tone="faint">{status.withoutCache(cache.callsPerMinuteWithoutCache)}</Text>}
      </span>
      {saves?.notSavedSince ? (
        <Text as="b" tone="red">
          {status.notSavedSince(clockMinute(saves.notSavedSince))}
        </Text>
      ) : (
        <span>
          {status.saved} <b>{saves ? ago(saves.lastSavedAt, now) : DASH}</b>
        </span>
      )}
      <span>
        {backups ? <BackupWords backups={backups} now={now} /> : `${status.backup} ${DASH}`}
      </span>
      <span>
        {status.budget} <b>{percent(health?.budgetFree ?? null, 0)}</b> {status.free}
      </span>
      <span>
        {status.clock}{' '}
        <b>
          {clockWords(health?.clock.map(({ offsetMs, trusted }) => (trusted ? offsetMs : null)))}
        </b>
      </span>
      <span className={css.end}>Holdfast {health?.version ?? ''}</span>
    </footer>
  );
}

const newest = <Row extends { startedAt: number }>(rows: Row[]): Row | null =>
  rows.reduce<Row | null>(
    (best, row) => (best && best.startedAt >= row.startedAt ? best : row),
    null,
  );

/** The offset furthest from zero; a dash when one of them cannot be trusted. */
function clockWords(offsets: (number | null)[] | undefined): string {
  if (!offsets || offsets.length === 0) return DASH;
  if (offsets.includes(null)) return status.notTrusted;
  const worst = offsets.reduce<number>(
    (a, b) => (Math.abs(b ?? 0) > Math.abs(a) ? (b ?? 0) : a),
    0,
  );
  return `${worst < 0 ? '−' : '+'}${milliseconds(Math.abs(Math.round(worst))).replace('.0', '')}`;
}

function BackupWords({ backups, now }: { backups: BackupsState; now: number }) {
  const last = backups.backups.reduce((at, backup) => Math.max(at, backup.madeAt), 0);
  const due = backups.sources.flatMap(({ nextDueAt }) => (nextDueAt === null ? [] : [nextDueAt]));
  const failed = backups.sources.find(({ lastFailure }) => lastFailure !== null);
  if (backups.running) {
    return (
      <Text as="b" tone="amber">
        {capital(backups.running.what)}…
      </Text>
    );
  }
  const next = due.length > 0 ? Math.min(...due) : null;
  return (
    <>
      {status.backup} <b>{last > 0 ? ago(last, now) : status.none}</b>
      {failed && (
        <Text as="b" tone="red">
          {status.lastFailed}
        </Text>
      )}
      {next !== null && (next > now ? status.next(clockMinute(next)) : status.due(now - next))}
    </>
  );
}
