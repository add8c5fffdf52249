import type { Alert } from '../alerts/alerts.ts';
import type { RestoreHooks } from '../backup/restore.ts';
import type { LoadedState } from '../persistence/store.ts';
import type { Parts } from './parts.ts';
import type { Publisher } from './publish.ts';

/**
 * What the desk does around a restore: it stops watching and acting before, and afterwards starts from
 * the restored state with empty caches, every account disarmed and the loop paused until the operator
 * resumes. Closed positions are not revived: the loop reconciles with the exchange (P41).
 */
export function restoreHooks(
  parts: Parts & {
    publisher: Publisher;
    raise: (alert: Alert) => void;
    /** What was derived from the state before is void. */
    reloaded: (state: LoadedState) => void;
  },
): RestoreHooks {
  const { loop, store, vault, cache, modes, publisher } = parts;
  const tell = (text: string): void =>
    parts.raise({
      severity: 'warning',
      rule: `restore ${parts.clock.now()}`,
      account: null,
      symbol: null,
      text,
    });

  return {
    async stopLoop() {
      loop.pause('A backup is being restored.');
      await loop.cycle().catch(() => {});
    },
    async resumed(report) {
      if (report.outcome === 'at-next-start') return tell(report.text);
      const loaded = store.load();
      parts.reloaded(loaded);
      for (const account of modes.keys()) modes.set(account, 'watch');
      parts.save('restore', {
        accounts: parts.configs.map(({ id, role, venue }) => ({
          id,
          role,
          venue,
          mode: 'watch' as const,
        })),
      });
      cache.invalidate();
      loop.replace(loaded.monitors);
      publisher.newEpoch();
      tell(report.text);
      const paused = vault.paused();
      if (paused) loop.pause(paused.why);
    },
    async abandoned(why) {
      loop.resume();
      tell(why);
      publisher.touch('backups');
    },
  };
}
