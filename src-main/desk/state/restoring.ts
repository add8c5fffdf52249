import type { Alert } from '../../alerts/alerts.ts';
import type { RestoreHooks } from '../../backup/restore/restore-database.ts';
import type { Parts } from '../parts.ts';
import type { Publisher } from '../slices/publish.ts';
import type { Saving } from './saving.ts';

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
): RestoreHooks {
  const { loop, store, vault, cache, modes, preferences, publisher, saving } = parts;
  let pausedBefore: string | null = null;
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
      pausedBefore = loop.paused();
      loop.pause('A backup is being restored.');
      await loop.cycle();
      saving.hold();
      publisher.touch('verdict');
    },
    async resumed(report) {
      if (report.outcome === 'at-next-start') return tell(report.text);
      const loaded = store.load();
      saving.startOver(loaded);
      preferences.keep();
      modes.set(cache.accounts, 'watch');
      cache.invalidate();
      loop.replace(loaded.monitors);
      publisher.newEpoch();
      tell(report.text);
      const paused = vault.paused();
      if (paused) loop.pause(paused.why);
    },
    async abandoned(why) {
      saving.release();
      if (pausedBefore === null) loop.resume();
      else loop.pause(pausedBefore);
      tell(why);
      publisher.touch('backups', 'verdict');
    },
  };
}
