import { Figure } from '../../parts/figure.tsx';
import { bytes, count, milliseconds, percent } from '../../parts/number-text.ts';
import { ago, clock } from '../../parts/time-text.ts';
import { useNow, useValue } from '../../state/use-desk.tsx';

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
    <section className="card">
      <h2>
        Saves{' '}
        {saves.notSavedSince ? (
          <span className="bad">not saved since {clock(saves.notSavedSince)}</span>
        ) : (
          <span className="mute">last {ago(saves.lastSavedAt, now)}</span>
        )}
      </h2>
      <div className="facts four">
        <Figure name="Critical, at once">{count(saves.critical)}</Figure>
        <Figure name="Routine, together">{count(saves.routine)}</Figure>
        <Figure name="Share critical">
          {percent(asked === 0 ? null : saves.critical / asked, 1)}
        </Figure>
        <Figure name="Deferred">{count(saves.deferred)}</Figure>
        <Figure name="Coalesced">{count(saves.coalesced)}</Figure>
        <Figure name="Transactions">{count(saves.transactions)}</Figure>
        <Figure name="Written">{bytes(saves.bytesWritten)}</Figure>
        <Figure name="Rows waiting">{count(saves.dirtyRows)}</Figure>
        <Figure name="Failed">
          <span className={saves.failed > 0 ? 'bad' : ''}>{count(saves.failed)}</span>
        </Figure>
        <Figure name="Longest pause">{milliseconds(saves.longestPauseMs)}</Figure>
      </div>
      {reasons.length > 0 && (
        <p className="mute reasons">
          {reasons.map(([reason, times]) => (
            <span key={reason}>
              {reason} <b>{count(times)}</b>
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
