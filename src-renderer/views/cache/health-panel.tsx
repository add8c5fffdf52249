import type { ReactNode } from 'react';
import { Figure, Figures } from '../../parts/figures/figure.tsx';
import { Light, type LightTone } from '../../parts/figures/light.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Panel } from '../../parts/layout/panel.tsx';
import { bytes, DASH, milliseconds, percent } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';
import { useNow, useValue } from '../../state/use-desk.tsx';
import css from './health-panel.module.css';
import { words } from './words.ts';

/** Streams, clocks, breakers and the machine: what the figures above rest on. */
export function HealthPanel() {
  const health = useValue('health');
  const now = useNow();
  if (!health) return null;
  const open = health.breakers.filter(({ state }) => state !== 'closed');
  return (
    <Panel title={words.health} note={words.up(span(now - health.startedAt))}>
      <ul className={css.health}>
        {health.stream.map(({ account, state, reason, since }) => (
          <Line
            key={account}
            tone={state === 'ready' ? 'ok' : state === 'off' ? 'off' : 'fail'}
            name={words.streamOf(account)}
          >
            {words.forTime(state, span(now - since))}
            {reason && `: ${reason}`}
          </Line>
        ))}
        {health.clock.map(({ account, offsetMs, uncertaintyMs, trusted }) => (
          <Line key={account} tone={trusted ? 'ok' : 'fail'} name={words.clockOf(account)}>
            {offsetMs === null
              ? DASH
              : `${offsetMs < 0 ? '−' : '+'}${milliseconds(Math.abs(offsetMs))}`}
            {uncertaintyMs !== null && ` ± ${milliseconds(uncertaintyMs)}`}
            {!trusted && words.clockNotTrusted}
          </Line>
        ))}
        {open.map(({ account, kind, state, since }) => (
          <Line key={`${account}/${kind}`} tone="wait" name={words.breakerOf(account)}>
            {kind} {words.forTime(state, span(now - since))}
          </Line>
        ))}
        {open.length === 0 && (
          <Line tone="ok" name={words.breakers}>
            {words.allClosed}
          </Line>
        )}
      </ul>
      <Figures across="four">
        <Figure name={words.budgetFree}>{percent(health.budgetFree, 0)}</Figure>
        <Figure name={words.eventLoop}>
          {milliseconds(health.eventLoop.p99Ms)} / {milliseconds(health.eventLoop.maxMs)}
        </Figure>
        <Figure name={words.memory}>{bytes(health.memoryMB * 1e6)}</Figure>
        <Figure name={words.disk}>
          {bytes(health.disk.databaseBytes)} / {bytes(health.disk.freeBytes)}
        </Figure>
      </Figures>
    </Panel>
  );
}

const Line = ({ tone, name, children }: { tone: LightTone; name: string; children: ReactNode }) => (
  <li>
    <Light tone={tone} />
    <Text tone="mute">{name}</Text>
    <span>{children}</span>
  </li>
);
