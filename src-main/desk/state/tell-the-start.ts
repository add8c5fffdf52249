import type { Alert } from '../../alerts/alerts.ts';
import type { OperationRecord } from '../../persistence/records.ts';
import { type Begin, interrupted } from '../../persistence/write/operations.ts';
import { endedByRestore } from './ended-by-restore.ts';
import type { Saving } from './saving.ts';

/** Says what the start had to mend, and what the last run began and never ended. */
export function tellTheStart(options: {
  /** What was mended, as sentences. */
  notices: readonly string[];
  /**
   * Operations that were under way when the last run ended; and when the state was last restored, also
   * while no desk ran, ms, `null` once that was resumed from.
   */
  left: { operations: readonly OperationRecord[]; restoredAt: number | null };
  begin: Begin;
  save: Saving['save'];
  raise: (alert: Alert) => void;
  now: number;
}): void {
  const { begin, save, raise, now } = options;
  const { operations, restoredAt } = options.left;
  for (const text of options.notices) {
    raise({ severity: 'critical', rule: 'start', account: null, symbol: null, text });
    begin({ what: 'Repair the saved state at the start', author: 'desk', accounts: [] }).commit(
      text,
    );
  }
  for (const found of operations) {
    if (restoredAt !== null && found.beganAt < restoredAt) {
      save('operation', { operations: [endedByRestore(found, now)] });
      continue;
    }
    const ended = interrupted(found, now, 'Holdfast stopped before it was finished.');
    save('operation', { operations: [ended] });
    raise({
      severity: ended.author === 'operator' ? 'critical' : 'warning',
      rule: `operation ${ended.id}`,
      account: null,
      symbol: null,
      text: `“${ended.what}” was interrupted. ${ended.why} Check what was done before you repeat it.`,
    });
  }
}
