import { clockMinute } from '../parts/time-text.ts';
import { useActions, useValue } from '../state/use-desk.tsx';

/** Stands over every view after a restore, until the operator lets the loop run again. */
export function PausedBanner() {
  const paused = useValue('backups')?.paused;
  const { run } = useActions();
  if (!paused) return null;
  return (
    <div className="banner">
      <b>Paused since {clockMinute(paused.since)}.</b>
      <span>{paused.why}</span>
      <button
        type="button"
        className="btn small"
        onClick={() =>
          void run(
            'desk.resume',
            {},
            () => 'Running again. Every account is in watch until you arm it.',
          )
        }
      >
        Resume
      </button>
    </div>
  );
}
