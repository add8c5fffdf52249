import { useMemo } from 'react';
import type uPlot from 'uplot';
import type { CacheState, CycleRow } from '../../../src-preload/contract/cache.ts';
import type { Urgency } from '../../../src-preload/contract/words.ts';
import { count, milliseconds, percent, plural } from '../../parts/number-text.ts';
import { type Series, SeriesChart } from '../../parts/series-chart.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import type { Rows } from '../../state/slices.ts';

const callSeries: readonly Series[] = [
  { name: 'Calls per minute', role: 'accent', filled: true, text: count },
  { name: 'Without cache', role: 'faint', dashed: true, text: count },
];

export function CallsChart({ history }: { history: CacheState['history'] }) {
  const data = useMemo<uPlot.AlignedData>(
    () => [
      history.map(({ at }) => at / 1000),
      // A logarithmic scale has no zero: no call at all is drawn on its floor.
      history.map(({ calls }) => Math.max(1, calls)),
      history.map(({ callsWithoutCache }) => Math.max(1, callsWithoutCache)),
    ],
    [history],
  );
  const last = history.at(-1);
  const summary = last
    ? `${plural(last.calls, 'call')} in the last minute, ${count(last.callsWithoutCache)} without cache, hit rate ${percent(last.hitRate, 1)}`
    : 'No minute is complete yet';
  return (
    <section className="card">
      <h2>
        Calls to the exchange <span className="mute">logarithmic</span>
        {history.length > 1 && <HitRateLine history={history} />}
      </h2>
      {history.length > 1 ? (
        <SeriesChart series={callSeries} data={data} summary={summary} log />
      ) : (
        <p className="mute wait">The line begins with the second minute.</p>
      )}
    </section>
  );
}

function HitRateLine({ history }: { history: CacheState['history'] }) {
  const rates = history.map(({ hitRate }) => hitRate);
  const known = rates.filter((rate) => rate !== null);
  const least = known.length > 0 ? Math.min(...known) : null;
  return (
    <span className="mute hit-rate">
      hit rate, least {percent(least, 1)}
      <Sparkline
        values={rates}
        label={`Hit rate by minute: now ${percent(rates.at(-1) ?? null, 1)}, least ${percent(least, 1)}`}
      />
    </span>
  );
}

const cycleSeries: readonly Series[] = [
  { name: 'Cycle time', role: 'accent', filled: true, text: (value) => milliseconds(value) },
];

const levels: readonly Urgency[] = ['critical', 'urgent', 'active', 'stable', 'dormant'];

export function CycleChart({ cycles }: { cycles: Rows<CycleRow> | null }) {
  const ordered = useMemo(
    () => [...(cycles?.values() ?? [])].toSorted((a, b) => a.startedAt - b.startedAt),
    [cycles],
  );
  const data = useMemo<uPlot.AlignedData>(
    () => [
      ordered.map(({ startedAt }) => startedAt / 1000),
      ordered.map(({ durationMs }) => durationMs),
    ],
    [ordered],
  );
  const last = ordered.at(-1);
  return (
    <section className="card">
      <h2>
        Cycle time{' '}
        {last && (
          <span className="mute">
            last {milliseconds(last.durationMs)}, {plural(last.restCalls, 'call')},{' '}
            {plural(last.actions, 'action')}
          </span>
        )}
      </h2>
      {last ? (
        <>
          <SeriesChart
            series={cycleSeries}
            data={data}
            height={118}
            summary={`The last of ${count(ordered.length)} cycles took ${milliseconds(last.durationMs)}`}
          />
          <UrgencyBar urgency={last.urgency} />
        </>
      ) : (
        <p className="mute wait">No cycle has run yet.</p>
      )}
    </section>
  );
}

/** How many monitors stand at each level of urgency. */
const UrgencyBar = ({ urgency }: { urgency: Record<Urgency, number> }) => (
  <div className="urgency">
    <div className="bar" aria-hidden="true">
      {levels.map((level) => (
        <i key={level} className={level} style={{ flexGrow: urgency[level] }} />
      ))}
    </div>
    <span className="mute">
      {levels.map((level) => (
        <span key={level}>
          <i className={`swatch ${level}`} aria-hidden="true" />
          {level} <b>{count(urgency[level])}</b>
        </span>
      ))}
    </span>
  </div>
);
