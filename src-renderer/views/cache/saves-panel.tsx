import { Figure, Figures } from '../../parts/figures/figure.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Panel } from '../../parts/layout/panel.tsx';
import { bytes, count, milliseconds, percent } from '../../parts/number-text.ts';
import { ago, clock } from '../../parts/time-text.ts';
import { useNow, useValue } from '../../state/use-desk.tsx';
import css from './saves-panel.module.css';
import { words } from './words.ts';

/** What was written, what was held back, and whether everything is on disk. */
export function SavesPanel() {
  const saves = useValue('saves');
  const now = useNow();
  if (!saves) return null;
  const reasons = Object.entries(saves.byReason)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 6);
  const asked = saves.critical + saves.routine;
  return (
    <Panel
      title={words.saves}
      note={
        saves.notSavedSince ? (
          <Text tone="red">{words.notSavedSince(clock(saves.notSavedSince))}</Text>
        ) : (
          words.lastSaved(ago(saves.lastSavedAt, now))
        )
      }
    >
      <Figures across="four">
        <Figure name={words.critical}>{count(saves.critical)}</Figure>
        <Figure name={words.routine}>{count(saves.routine)}</Figure>
        <Figure name={words.shareCritical}>
          {percent(asked === 0 ? null : saves.critical / asked, 1)}
        </Figure>
        <Figure name={words.deferred}>{count(saves.deferred)}</Figure>
        <Figure name={words.savesCoalesced}>{count(saves.coalesced)}</Figure>
        <Figure name={words.transactions}>{count(saves.transactions)}</Figure>
        <Figure name={words.written}>{bytes(saves.bytesWritten)}</Figure>
        <Figure name={words.rowsWaiting}>{count(saves.dirtyRows)}</Figure>
        <Figure name={words.failed}>
          <Text tone={saves.failed > 0 ? 'red' : undefined}>{count(saves.failed)}</Text>
        </Figure>
        <Figure name={words.longestPause}>{milliseconds(saves.longestPauseMs)}</Figure>
      </Figures>
      {reasons.length > 0 && (
        <p className={css.reasons}>
          {reasons.map(([reason, times]) => (
            <span key={reason}>
              {reason} <b>{count(times)}</b>
            </span>
          ))}
        </p>
      )}
    </Panel>
  );
}
