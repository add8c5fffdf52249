import type { Execution } from '../../domain/execution.ts';
import { executionKey } from '../../domain/keys.ts';
import type { ExecutionsBook } from '../account-book.ts';
import { oldestFirst } from '../bybit/map-execution.ts';
import { remembered } from './remembered.ts';

/** Execution ids remembered; far more than a reconnect's overlap can bring again. */
const REMEMBERED = 4_000;
const SHOWN = 1_000;

/** `waits` says of a symbol that its executions are not to be told yet. */
export function createExecutionsBook(
  known: {
    lastExecutedAt?: number | null;
    seenExecutions?: Iterable<string>;
  },
  waits: (symbol: string) => boolean,
): ExecutionsBook & { takeWaiting(symbol: string): Execution[] } {
  const seen = remembered<true>(REMEMBERED);
  for (const key of known.seenExecutions ?? []) seen.set(key, true);
  let letGo = 0;
  const shown = remembered<Execution>(SHOWN, (_row, _key, why) => {
    if (why === 'evict') letGo += 1;
  });
  let lastExecutedAt = known.lastExecutedAt ?? null;
  const waiting = new Map<string, Map<string, Execution>>();

  function wait(row: Execution, key: string): void {
    const rows = waiting.get(row.symbol) ?? new Map<string, Execution>();
    waiting.set(row.symbol, rows.set(key, row));
  }

  const book: ReturnType<typeof createExecutionsBook> = {
    takeExecutions(rows) {
      const fresh = rows.filter((row) => {
        const key = executionKey(row);
        if (seen.has(key)) return false;
        if (waits(row.symbol)) {
          wait(row, key);
          return false;
        }
        seen.set(key, true);
        shown.set(key, row);
        lastExecutedAt = Math.max(lastExecutedAt ?? 0, row.executedAt);
        return true;
      });
      return fresh.sort(oldestFirst);
    },
    takeWaiting(symbol) {
      const rows = [...(waiting.get(symbol)?.values() ?? [])];
      waiting.delete(symbol);
      return book.takeExecutions(rows);
    },
    executions: () => [...shown.values()],
    executionsLetGo: () => letGo,
    lastExecutedAt: () => lastExecutedAt,
  };
  return book;
}
