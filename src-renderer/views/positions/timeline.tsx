import { useMemo } from 'react';
import type { TimelineRow } from '../../../src-preload/contract/history.ts';
import { clock, day } from '../../parts/time-text.ts';
import { useNow, useRows } from '../../state/use-desk.tsx';

const stageWords: Record<TimelineRow['stage'], string> = {
  seen: 'Seen',
  decided: 'Decided',
  'would-do': 'Would do',
  sent: 'Sent',
  confirmed: 'Confirmed by the exchange',
  refused: 'Refused',
  unknown: 'Outcome not known',
};

const tone: Record<TimelineRow['stage'], string> = {
  seen: '',
  decided: '',
  'would-do': 'hollow',
  sent: '',
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
  if (own.length === 0) return <p className="mute">Nothing since Holdfast watches it.</p>;
  return (
    <ol className="timeline">
      {own.map(({ id, at, stage, text, detail }) => (
        <li key={id}>
          <time dateTime={new Date(at).toISOString()} title={stageWords[stage]}>
            {day(at, now) && <>{day(at, now)} </>}
            {clock(at, true)}
          </time>
          <i className={`point ${tone[stage]}`} aria-hidden="true" />
          <div>
            {text}
            <p>
              {stageWords[stage]}
              {detail && ` · ${detail}`}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
