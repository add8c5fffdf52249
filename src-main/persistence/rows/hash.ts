import { hash } from 'node:crypto';
import type { Row } from './tables.ts';

/** Covers what a row says and what it says it about. */
export const hashOf = (row: Omit<Row, 'table' | 'data'> & { data: string }): string =>
  hash(
    'sha256',
    `${row.key}\n${row.account ?? ''}\n${row.position ?? ''}\n${row.at}\n${row.data}`,
    'hex',
  );
