import type { Alert } from '../../alerts/alerts.ts';
import type { RestoreHooks } from '../../backup/restore/restore-database.ts';
import type { Operation } from '../../persistence/write/operations.ts';
import type { Parts } from '../parts.ts';
import type { Publisher } from '../slices/publish.ts';
import { endedByRestore, REPLACE } from './ended-by-restore.ts';
import type { Saving } from './saving.ts';

/** The steps of a restore, as its operation tells them. */
const STOP = 'Stop watching and acting';
const DISARM = 'Disarm every account';

/**
 * What the desk does around a restore: it stops watching and acting before, and afterwards starts from
 * the restored state with empty caches, every account disarmed and the loop paused until the operator
 * resumes. Closed positions are not revived: the loop reconciles with the exchange (P41).
 */
export function restoreHooks(
  parts: Parts & {
    publisher: Publisher;
    raise: (alert: Alert) => void;
    saving: Saving;
  },
): (what: string) => RestoreHooks {
  const { loop, store, vault, cache, clock, modes, preferences, publisher, saving } = parts;
  let pausedBefore: string | null = null;
  const tell = (text: string): void =>
    parts.raise({
      severity: 'warning',
      rule: `restore ${clock.now()}`,
      account: null,
      symbol: null,
      text,
    });

  return (what) => {
    let operation: Operation | null = null;

    /** Goes on from what the database holds now: nothing armed, nothing of the other state left. */
    function startOver(text: string): void {
      loop.pause(vault.paused()?.why ?? text);
      const loaded = store.load();
      saving.startOver(loaded);
      preferences.keep();
      const now = clock.now();
      saving.save('operation', {
        operations: loaded.operations.map((found) => endedByRestore(found, now)),
      });
      modes.set(cache.accounts, 'watch', { author: 'operator', why: 'a backup was restored' });
      cache.invalidate();
      loop.replace(loaded.monitors);
      publisher.newEpoch();
      tell(text);
    }

    return {
      async stopLoop() {
        pausedBefore = loop.paused();
        operation = parts.begin({
          what,
          author: 'operator',
          accounts: cache.accounts,
          steps: [STOP, REPLACE, DISARM],
        });
        loop.pause('A backup is being restored.');
        await loop.cycle();
        operation.did(STOP);
        saving.hold();
        publisher.touch('verdict');
      },
      async resumed(report) {
        if (report.outcome === 'at-next-start') {
          const why = 'a restore waits for the next start';
          modes.set(cache.accounts, 'watch', { author: 'operator', why });
          return tell(report.text);
        }
        startOver(report.text);
        operation?.did(REPLACE);
        operation?.did(DISARM);
        operation?.commit(report.text);
      },
      async abandoned(why) {
        saving.release();
        operation?.rollBack(why);
        if (pausedBefore === null) loop.resume();
        else loop.pause(pausedBefore);
        tell(why);
        publisher.touch('backups', 'verdict');
      },
      async wentBack(why) {
        startOver(why);
        operation?.rollBack(why);
      },
    };
  };
}
