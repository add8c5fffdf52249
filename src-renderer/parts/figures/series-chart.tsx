import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { usePreferences } from '../../state/use-desk.tsx';
import { clock, clockMinute } from '../time-text.ts';
import './uplot.css';
import css from './series-chart.module.css';

export interface Series {
  name: string;
  /** A colour role of the theme, without the dashes: `accent`. */
  role: string;
  dashed?: boolean;
  /** Filled down to zero. */
  filled?: boolean;
  text: (value: number) => string;
}

/** The time of a tick, with seconds where ticks are closer than a minute. */
const timeTick = (seconds: number, apart: number): string =>
  apart < 60 ? clock(seconds * 1000) : clockMinute(seconds * 1000);

const colour = (role: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();

function optionsOf(
  series: readonly Series[],
  log: boolean,
  width: number,
  height: number,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colour('faint'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font: '11px Inter, system-ui, sans-serif',
  };
  const [first] = series;
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { setScale: false }, points: { size: 6 } },
    legend: { show: false },
    scales: {
      y: log
        ? { distr: 3, range: (_, low, high) => [Math.max(1, low || 1), Math.max(10, high)] }
        : { range: (_, low, high) => [Math.min(0, low), (high || 1) * 1.08] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        values: (_, ticks, __, ___, apart) => ticks.map((tick) => timeTick(tick, apart)),
        space: 64,
      },
      {
        ...axis,
        size: 58,
        space: 32,
        values: (_, ticks) =>
          ticks.map((tick) => (tick === null || !first ? '' : first.text(tick))),
      },
    ],
    series: [
      {},
      ...series.map(
        ({ name, role, dashed, filled }): uPlot.Series => ({
          label: name,
          stroke: colour(role),
          width: 1.5,
          points: { show: false },
          ...(dashed ? { dash: [4, 4] } : {}),
          ...(filled ? { fill: `color-mix(in srgb, ${colour(role)} 16%, transparent)` } : {}),
        }),
      ),
    ],
  };
}

interface ChartProps {
  series: readonly Series[];
  /** Times (s since 1970) and one list per series. */
  data: uPlot.AlignedData;
  log?: boolean;
  height?: number;
}

/** Values over time. What the lines say is also in `summary`, for those who cannot see them. */
export function SeriesChart({ summary, ...plot }: ChartProps & { summary: string }) {
  const { theme } = usePreferences();
  return (
    <figure className={css.chart} role="img" aria-label={summary}>
      <figcaption>
        {plot.series.map(({ name, role, dashed }) => (
          <span key={name}>
            <i
              className={dashed ? css.dashed : undefined}
              style={{ borderColor: `var(--${role})` }}
              aria-hidden="true"
            />
            {name}
          </span>
        ))}
      </figcaption>
      <Plot key={theme} {...plot} />
    </figure>
  );
}

/** The canvas. Its colours are read when it is made: another theme makes another. */
function Plot({ series, data, log = false, height = 150 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);

  useEffect(() => {
    latest.current = data;
    plot.current?.setData(data);
  }, [data]);

  useEffect(() => {
    const box = place.current;
    const draw = (): void => {
      if (!box) return;
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(series, log, box.clientWidth, height),
        latest.current,
        box,
      );
    };
    draw();
    const watch = new ResizeObserver(([entry]) => {
      if (entry) plot.current?.setSize({ width: entry.contentRect.width, height });
    });
    if (box) watch.observe(box);
    const system = window.matchMedia('(prefers-color-scheme: light)');
    system.addEventListener('change', draw);
    return () => {
      system.removeEventListener('change', draw);
      watch.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [series, log, height]);

  return <div ref={place} className={css.plot} style={{ height }} />;
}
