import type { CacheState } from '../../../src-preload/contract/cache.ts';
import { count, percent, plural } from '../../parts/number-text.ts';
import { CallsChart, CycleChart } from './charts.tsx';
import { HealthPanel } from './health-panel.tsx';
import { KindsTable } from './kinds-table.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { SavesPanel } from './saves-panel.tsx';
import './cache.css';
import { useActions, useRows, useValue } from '../../state/use-desk.tsx';

/** What the app saves the operator: calls, time, writes; and whether its sources are sound. */
export function CacheView() {
  const cache = useValue('cache');
  const cycles = useRows('cycles');
  if (!cache) {
    return (
      <div className="empty">
        <h2>Waiting for the desk…</h2>
        <p>Figures appear with the first cycle.</p>
      </div>
    );
  }
  return (
    <section className="view">
      <Verdict cache={cache} />
      <div className="cache-body">
        <div className="charts">
          <CallsChart history={cache.history} />
          <CycleChart cycles={cycles} />
        </div>
        <KindsTable kinds={cache.kinds} />
        <div className="panels">
          <SavesPanel />
          <OperationsPanel />
          <HealthPanel />
        </div>
      </div>
    </section>
  );
}

function Verdict({ cache }: { cache: CacheState }) {
  const { run } = useActions();
  const calls = `${plural(cache.callsPerMinute, 'call')} a minute`;
  return (
    <div className="verdict">
      <h1>
        {cache.enabled ? (
          <>
            {cache.hitRate === null
              ? 'Nothing has been asked yet.'
              : `${percent(cache.hitRate, 1)} of questions are answered without the exchange.`}
          </>
        ) : (
          <span className="amber">The cache is off: every question goes to the exchange.</span>
        )}
      </h1>
      <span className="mute">
        {calls}
        {cache.enabled && ` instead of ${count(cache.callsPerMinuteWithoutCache)}`}
      </span>
      <div className="tools">
        <button
          type="button"
          className="btn"
          onClick={() =>
            void run('settings.update', { cacheEnabled: !cache.enabled }, ({ cacheEnabled }) =>
              cacheEnabled ? 'The cache is on.' : 'The cache is off.',
            )
          }
        >
          {cache.enabled ? 'Turn cache off' : 'Turn cache on'}
        </button>
        <button
          type="button"
          className="btn"
          title="Forget what is held; the next question asks the exchange"
          onClick={() =>
            void run(
              'cache.invalidate',
              {},
              ({ invalidated }) => `${plural(invalidated, 'answer')} forgotten.`,
            )
          }
        >
          Invalidate
        </button>
        <button
          type="button"
          className="btn primary"
          title="Read everything anew and compare with what is held"
          onClick={() =>
            void run('cache.sweep', {}, ({ differences }) =>
              differences === 0
                ? 'Swept: what was held is what the exchange says.'
                : `Swept: ${plural(differences, 'difference')} found and put right.`,
            )
          }
        >
          Sweep now
        </button>
      </div>
    </div>
  );
}
