import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export type RowKind = 'position' | 'order' | 'execution' | 'wallet';

export interface RecordedRow {
  kind: RowKind;
  /** File and place inside it. */
  where: string;
  row: Record<string, unknown>;
}

/** Every position, order, execution and wallet row in a folder of recordings, however nested. */
export function recordedRows(folder: string): RecordedRow[] {
  const rows: RecordedRow[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    const path = join(entry.parentPath, entry.name);
    walk(JSON.parse(readFileSync(path, 'utf8')), relative(folder, path), rows);
  }
  return rows;
}

function walk(value: unknown, where: string, rows: RecordedRow[]): void {
  if (typeof value !== 'object' || value === null) return;
  const row = value as Record<string, unknown>;
  const kind = Array.isArray(value) ? null : kindOf(row);
  if (kind !== null) rows.push({ kind, where, row });
  for (const [name, inner] of Object.entries(row)) walk(inner, `${where}/${name}`, rows);
}

function kindOf(row: Record<string, unknown>): RowKind | null {
  // Public trades have an execId too, but belong to no order of the account's.
  if ('execId' in row && 'orderId' in row) return 'execution';
  if ('positionIdx' in row && 'size' in row && ('avgPrice' in row || 'entryPrice' in row)) {
    return 'position';
  }
  if ('orderStatus' in row) return 'order';
  return 'totalEquity' in row && 'coin' in row ? 'wallet' : null;
}
