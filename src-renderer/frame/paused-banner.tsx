import { Button } from '../parts/controls/button.tsx';
import { Banner } from '../parts/layout/banner.tsx';
import { clockMinute } from '../parts/time-text.ts';
import { useActions, useValue } from '../state/use-desk.tsx';
import { words } from './words.ts';

/** Stands over every view after a restore, until the operator lets the loop run again. */
export function PausedBanner() {
  const paused = useValue('backups')?.paused;
  const { run } = useActions();
  if (!paused) return null;
  return (
    <Banner
      tone="look"
      title={words.pausedSince(clockMinute(paused.since))}
      actions={
        <Button small onClick={() => void run('desk.resume', {}, () => words.resumed)}>
          {words.resume}
        </Button>
      }
    >
      {paused.why}
      {paused.closedSince.length > 0 && ` ${words.closedSince(paused.closedSince)}`}
    </Banner>
  );
}
