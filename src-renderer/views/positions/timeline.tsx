import { useMemo } from 'react';
import type { TimelineRow } from '../../../src-preload/contract/history.ts';
import { classes } from '../../parts/classes.ts';
import { Text } from '../../parts/figures/text.tsx';
import { clock, day } from '../../parts/time-text.ts';
import { useNow, useRows } from '../../state/use-desk.tsx';
import css from './timeline.module.css';
import { words } from './words.ts';

const tone: Record<TimelineRow['stage'], 'ok' | 'wait' | 'fail' | 'hollow' | null> = {
  seen: null,
  decided: null,
  'would-do': 'hollow',
  sent: null,
  confirmed: 'ok',
  refused: 'fail',
  unknown: 'wait',
};

/** What happened to one position, newest first: seen, decided, sent, confirmed. */
export function Timeline({
  account,
  symbol,
  positionIdx,
}: {
  account: string;
  symbol: string;
  positionIdx: number;
}) {
  const timeline = useRows('timeline');
  const now = useNow();
  const own = useMemo(
    () =>
      [...(timeline?.values() ?? [])]
        .filter(
          (entry) =>
            entry.account === account &&
            entry.symbol === symbol &&
            entry.positionIdx === positionIdx,
        )
        .toSorted((a, b) => b.at - a.at),
    [timeline, account, symbol, positionIdx],
  );
  if (own.length === 0)
    return (
      <Text as="p" tone="mute">
        {words.panel.nothingYet}
      </Text>
    );
  return (
    <ol className={css.timeline}>
      {own.map(({ id, at, stage, text, detail }) => (
        <li key={id}>
          <time dateTime={new Date(at).toISOString()} title={words.stages[stage]}>
            {day(at, now) && <>{day(at, now)} </>}
            {clock(at, true)}
          </time>
          <i className={classes(css.point, tone[stage] && css[tone[stage]])} aria-hidden="true" />
          <div>
            {text}
            <Text as="p" tone="mute" size="small">
              {words.stages[stage]}
              {detail && ` · ${detail}`}
            </Text>
          </div>
        </li>
      ))}
    </ol>
  );
}
