import { useEffect, useState } from 'react';
import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Meter } from '../../parts/figures/meter.tsx';
import { Banner } from '../../parts/layout/banner.tsx';
import { capital } from '../../parts/names.ts';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import { words } from './words.ts';

const LASTS_MS = 700;

/** What is going on in the vault now, and a restore that can still be taken back. */
export function VaultBanners({ state }: { state: BackupsState }) {
  const { ask, run } = useActions();
  const now = useNow();
  const { undo } = state;
  const running = useLasting(state.running);
  return (
    <>
      {running && (
        <Banner
          title={capital(running.what)}
          actions={
            <Button
              small
              onClick={() =>
                void run('backups.cancel', {}, ({ cancelled }) =>
                  cancelled ? words.cancelled : words.tooLate,
                )
              }
            >
              {words.cancel}
            </Button>
          }
        >
          {running.what.startsWith(running.step) ? null : running.step}
          <Progress running={running} />
        </Banner>
      )}
      {undo && !state.running && (
        <Banner
          tone="look"
          actions={
            <>
              <Button
                small
                onClick={() => void run('backups.dismissUndo', {}, () => words.restoredIsKept)}
              >
                {words.keepRestored}
              </Button>
              <Button small onClick={() => ask({ what: 'undo' })}>
                {words.undo}
              </Button>
            </>
          }
        >
          {words.restored(ago(undo.restoredAt, now))}
        </Banner>
      )}
    </>
  );
}

/** What is over at once is not told: a line that comes and goes would move what is being clicked. */
function useLasting(running: BackupsState['running']): BackupsState['running'] {
  const what = running?.what ?? null;
  const [lasting, setLasting] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(what), LASTS_MS);
    return () => clearTimeout(timer);
  }, [what]);
  return what === lasting ? running : null;
}

export const Progress = ({ running }: { running: NonNullable<BackupsState['running']> }) => (
  <Meter kind="progressbar" name={running.step} done={running.done} total={running.total} />
);
