import { useMemo } from 'react';
import type uPlot from 'uplot';
import type { CacheState, CycleRow } from '../../../src-preload/contract/cache.ts';
import type { Urgency } from '../../../src-preload/contract/words.ts';
import { type Series, SeriesChart } from '../../parts/figures/series-chart.tsx';
import { Sparkline } from '../../parts/figures/sparkline.tsx';
import { Panel } from '../../parts/layout/panel.tsx';
import { count, milliseconds, percent } from '../../parts/number-text.ts';
import type { Rows } from '../../state/slices.ts';
import css from './charts.module.css';
import { words } from './words.ts';

const callSeries: readonly Series[] = [
  { name: words.callsPerMinute, role: 'accent', filled: true, text: count },
  { name: words.withoutCache, role: 'faint', dashed: true, text: count },
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
    ? words.callsHeard(last.calls, last.callsWithoutCache, percent(last.hitRate, 1))
    : words.noMinute;
  return (
    <Panel
      title={words.callsChart}
      note={words.logarithmic}
      aside={history.length > 1 && <HitRateLine history={history} />}
    >
      {history.length > 1 ? (
        <SeriesChart series={callSeries} data={data} summary={summary} log />
      ) : (
        <p className={css.wait}>{words.beginsLater}</p>
      )}
    </Panel>
  );
}

function HitRateLine({ history }: { history: CacheState['history'] }) {
  const rates = history.map(({ hitRate }) => hitRate);
  const known = rates.filter((rate) => rate !== null);
  const least = known.length > 0 ? Math.min(...known) : null;
  return (
    <span className={css.hitRate}>
      {words.hitRateLeast(percent(least, 1))}
      <Sparkline
        values={rates}
        label={words.hitRateHeard(percent(rates.at(-1) ?? null, 1), percent(least, 1))}
      />
    </span>
  );
}

const cycleSeries: readonly Series[] = [
  { name: words.cycleChart, role: 'accent', filled: true, text: (value) => milliseconds(value) },
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
    <Panel
      title={words.cycleChart}
      note={last && words.lastCycle(milliseconds(last.durationMs), last.restCalls, last.actions)}
    >
      {last ? (
        <>
          <SeriesChart
            series={cycleSeries}
            data={data}
            height={118}
            summary={words.cyclesHeard(ordered.length, milliseconds(last.durationMs))}
          />
          <UrgencyBar urgency={last.urgency} />
        </>
      ) : (
        <p className={css.wait}>{words.noCycle}</p>
      )}
    </Panel>
  );
}

/** How many monitors stand at each level of urgency. */
const UrgencyBar = ({ urgency }: { urgency: Record<Urgency, number> }) => (
  <>
    <div className={css.bar} aria-hidden="true">
      {levels.map((level) => (
        <i key={level} className={css[level]} style={{ flexGrow: urgency[level] }} />
      ))}
    </div>
    <p className={css.legend}>
      {levels.map((level) => (
        <span key={level}>
          <i className={css[level]} aria-hidden="true" />
          {level} <b>{count(urgency[level])}</b>
        </span>
      ))}
    </p>
  </>
);
