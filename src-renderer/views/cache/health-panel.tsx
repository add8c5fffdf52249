import type { ReactNode } from 'react';
import { Figure } from '../../parts/figure.tsx';
import { bytes, DASH, milliseconds, percent } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';
import { useNow, useValue } from '../../state/use-desk.tsx';

/** Streams, clocks, breakers and the machine: what the figures above rest on. */
export function HealthPanel() {
  const health = useValue('health');
  const now = useNow();
  if (!health) return null;
  const open = health.breakers.filter(({ state }) => state !== 'closed');
  return (
    <section className="card">
      <h2>
        Health <span className="mute">up {span(now - health.startedAt)}</span>
      </h2>
      <ul className="health">
        {health.stream.map(({ account, state, reason, since }) => (
          <Line
            key={account}
            tone={state === 'ready' ? 'ok' : state === 'off' ? '' : 'fail'}
            name={`Stream ${account}`}
          >
            {state} for {span(now - since)}
            {reason && `: ${reason}`}
          </Line>
        ))}
        {health.clock.map(({ account, offsetMs, uncertaintyMs, trusted }) => (
          <Line key={account} tone={trusted ? 'ok' : 'fail'} name={`Clock ${account}`}>
            {offsetMs === null
              ? DASH
              : `${offsetMs < 0 ? '−' : '+'}${milliseconds(Math.abs(offsetMs))}`}
            {uncertaintyMs !== null && ` ± ${milliseconds(uncertaintyMs)}`}
            {!trusted && ', not trusted: nothing is signed'}
          </Line>
        ))}
        {open.map(({ account, kind, state, since }) => (
          <Line key={`${account}/${kind}`} tone="wait" name={`Breaker ${account}`}>
            {kind} {state} for {span(now - since)}
          </Line>
        ))}
        {open.length === 0 && (
          <Line tone="ok" name="Breakers">
            all closed
          </Line>
        )}
      </ul>
      <div className="facts four">
        <Figure name="Rate budget free">{percent(health.budgetFree, 0)}</Figure>
        <Figure name="Event loop p99 / max">
          {milliseconds(health.eventLoop.p99Ms)} / {milliseconds(health.eventLoop.maxMs)}
        </Figure>
        <Figure name="Memory">{bytes(health.memoryMB * 1e6)}</Figure>
        <Figure name="Database / disk free">
          {bytes(health.disk.databaseBytes)} / {bytes(health.disk.freeBytes)}
        </Figure>
      </div>
    </section>
  );
}

const Line = ({ tone, name, children }: { tone: string; name: string; children: ReactNode }) => (
  <li>
    <i className={`dot ${tone}`} aria-hidden="true" />
    <span className="mute">{name}</span>
    <span>{children}</span>
  </li>
);
