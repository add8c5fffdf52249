import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { databasePath } from '../persistence/file/database.ts';
import type { OperationRecord } from '../persistence/records.ts';
import { operationShape } from '../persistence/rows/shapes.ts';
import { interrupted } from '../persistence/write/operations.ts';
import type { Finding } from './examine.ts';
import type { CallDesk } from './running-desk.ts';

/** An interrupted operation is something to look at for so long, ms. */
const FINDING_FOR_MS = 7 * 24 * 3_600_000;
const LISTED = 5;
/** How many of the newest are looked at. */
const NEWEST = 100;

/** The newest operations, newest first: of the desk that runs, or of the database at rest. */
export async function newestOperations(
  dataDir: string,
  call: CallDesk | null,
): Promise<OperationRecord[]> {
  if (call) {
    const answer = await call('state.get', { slice: 'operations' });
    return z.object({ rows: z.array(operationShape) }).parse(answer).rows;
  }
  const path = databasePath(dataDir);
  if (!existsSync(path)) return [];
  const db = new Database(path, { readonly: true });
  try {
    return db
      .prepare<[number], string>('SELECT data FROM operations ORDER BY at DESC, rowid DESC LIMIT ?')
      .pluck()
      .all(NEWEST)
      .flatMap((data) => operationShape.safeParse(JSON.parse(data)).data ?? []);
  } catch {
    // Of an earlier schema, or damaged: that is told where the database is examined.
    return [];
  } finally {
    db.close();
  }
}

/** Operations that run, or that were begun and never ended. */
export function examineOperations(
  operations: readonly OperationRecord[],
  { now, running }: { now: number; running: boolean },
): Finding[] {
  return operations.flatMap((operation) => {
    if (operation.state === 'running' && running)
      return { what: 'operations', text: `“${operation.what}” is still running.` };
    const found =
      operation.state === 'running'
        ? interrupted(operation, now, 'Holdfast stopped before it was finished.')
        : operation;
    if (found.state !== 'interrupted' || (found.endedAt ?? now) < now - FINDING_FOR_MS) return [];
    return { what: 'operations', text: `“${found.what}” was interrupted. ${found.why}` };
  });
}

/** The last few, a line each. */
export const listOperations = (operations: readonly OperationRecord[]): string[] =>
  operations.slice(0, LISTED).map(({ beganAt, what, state, summary, why }) => {
    const when = new Date(beganAt).toISOString().slice(0, 19).replace('T', ' ');
    return `${when}  ${state.replace('-', ' ')}  ${what}. ${why ?? summary ?? ''}`.trimEnd();
  });
