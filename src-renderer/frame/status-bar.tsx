import type { BackupsState } from '../../src-preload/contract/backups.ts';
import { count, DASH, milliseconds, percent } from '../parts/number-text.ts';
import { ago, clockMinute, span } from '../parts/time-text.ts';
import { useNow, useRows, useValue } from '../state/use-desk.tsx';

/** What the desk did last, at the bottom of every view. */
export function StatusBar() {
  const now = useNow();
  const cycles = useRows('cycles');
  const cache = useValue('cache');
  const saves = useValue('saves');
  const backups = useValue('backups');
  const health = useValue('health');
  const cycle = cycles ? newest([...cycles.values()]) : null;
  return (
    <footer className="status">
      <span>
        Cycle <b>{cycle ? milliseconds(cycle.durationMs) : DASH}</b>
        {cycle && `, ${count(cycle.restCalls)} ${cycle.restCalls === 1 ? 'call' : 'calls'}`}
      </span>
      <span>
        Cache <b>{percent(cache?.hitRate ?? null, 1)}</b> hits
      </span>
      <span>
        Calls <b>{cache ? count(cache.callsPerMinute) : DASH}</b>/min
        {cache && (
          <span className="faint"> (without cache {count(cache.callsPerMinuteWithoutCache)})</span>
        )}
      </span>
      {saves?.notSavedSince ? (
        <b className="bad">Not saved since {clockMinute(saves.notSavedSince)}</b>
      ) : (
        <span>
          Saved <b>{saves ? ago(saves.lastSavedAt, now) : DASH}</b>
        </span>
      )}
      <span>{backups ? <BackupWords backups={backups} now={now} /> : `Backup ${DASH}`}</span>
      <span>
        Budget <b>{percent(health?.budgetFree ?? null, 0)}</b> free
      </span>
      <span>
        Clock{' '}
        <b>
          {clockWords(health?.clock.map(({ offsetMs, trusted }) => (trusted ? offsetMs : null)))}
        </b>
      </span>
      <span className="end">Holdfast {health?.version ?? ''}</span>
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
  if (offsets.includes(null)) return 'not trusted';
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
  if (backups.running) return <b className="amber">{backups.running.what}…</b>;
  const next = due.length > 0 ? Math.min(...due) : null;
  return (
    <>
      Backup <b>{last > 0 ? ago(last, now) : 'none yet'}</b>
      {failed && <b className="bad"> last one failed</b>}
      {next !== null &&
        (next > now ? `; next ${clockMinute(next)}` : `; due ${span(now - next)} ago`)}
    </>
  );
}
