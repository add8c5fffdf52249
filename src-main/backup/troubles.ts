import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import type { VaultTrouble } from './options.ts';

type Kind = VaultTrouble['kind'];

/**
 * Counts what fails in a row, per kind and source. One failure is logged; the operator hears of it
 * once it has come `patience` times, and not again before it has gone well.
 */
export function countTroubles(log: Log, onTrouble: (trouble: VaultTrouble) => void) {
  const failures = new Map<string, { count: number; text: string }>();
  const keyOf = (kind: Kind, source: string | null): string => `${kind} ${source ?? ''}`;

  return {
    failed(kind: Kind, source: string | null, error: unknown, patience = 2): void {
      const text = sentenceOf(error);
      const count = (failures.get(keyOf(kind, source))?.count ?? 0) + 1;
      failures.set(keyOf(kind, source), { count, text });
      log.warn('a backup needs attention', { kind, source, text });
      if (count === patience) onTrouble({ kind, source, text });
    },
    wentWell(kind: Kind, source: string | null): void {
      failures.delete(keyOf(kind, source));
    },
    /** Why the last attempt failed, `null` when it did not. */
    last: (kind: Kind, source: string | null): string | null =>
      failures.get(keyOf(kind, source))?.text ?? null,
  };
}

export type Troubles = ReturnType<typeof countTroubles>;
