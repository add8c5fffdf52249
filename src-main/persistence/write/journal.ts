import type { JournalRecord } from '../records.ts';
import type { Altered } from './waiting.ts';

const SUMMARISED = new Set(['accounts', 'settings', 'monitors', 'intents', 'trades']);

/**
 * The journal's line for one operation: which rows it was about, and for state (not for records
 * that only ever get added) the fields that differ.
 */
export function journalLine(
  about: { id: string; at: number; reason: string },
  altered: readonly Altered[],
  failure: string | null,
): JournalRecord {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const { row, before: earlier } of altered) {
    if (!SUMMARISED.has(row.table)) continue;
    const subject = `${row.table} ${row.key}`;
    if (row.data === null) {
      if (earlier !== null) before[subject] = JSON.parse(earlier);
      after[subject] = 'removed';
    } else if (earlier === null) after[subject] = 'created';
    else {
      const difference = differing(JSON.parse(earlier), JSON.parse(row.data));
      before[subject] = difference.before;
      after[subject] = difference.after;
    }
  }
  return {
    ...about,
    subject: altered.map(({ row }) => `${row.table} ${row.key}`),
    before,
    after,
    outcome: failure === null ? 'committed' : 'rolled-back',
    why: failure,
  };
}

type Fields = Record<string, unknown>;

/** The top-level fields in which two plain objects differ. */
function differing(earlier: Fields, later: Fields): { before: Fields; after: Fields } {
  const before: Fields = {};
  const after: Fields = {};
  for (const field of new Set([...Object.keys(earlier), ...Object.keys(later)])) {
    if (JSON.stringify(earlier[field]) === JSON.stringify(later[field])) continue;
    before[field] = earlier[field] ?? null;
    after[field] = later[field] ?? null;
  }
  return { before, after };
}
