import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { sentenceOf } from '../../domain/failure.ts';
import { hashOf } from '../rows/hash.ts';
import type { StoredRow } from '../rows/reader.ts';

/** Which rows are archived, as a condition on a table. */
export interface Span {
  table: string;
  /** ms; rows from here ... */
  from: number;
  /** ... up to before here. */
  before: number;
  /** What else a row must be. */
  condition: string;
}

export interface PackJob {
  database: string;
  span: Span;
  /** The month's archive so far, `null` when there is none. */
  existing: string | null;
  /** Where the new one is written. */
  partial: string;
}

export interface PackedMonth {
  /** Rows of the span, archived before or now; all have a rowid up to `lastRow`. */
  rows: number;
  lastRow: number;
  /** How many of them were not in the archive yet; 0: nothing was written. */
  added: number;
}

const lineShape = z.strictObject({
  key: z.string(),
  account: z.string().nullable(),
  position: z.string().nullable(),
  at: z.number(),
  hash: z.string(),
  data: z.json(),
});

/** Without the checksum a flipped bit would be accepted; worker threads of zstd's own lose data. */
const PACKING = {
  params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 6 },
};
const CHUNK = 64 * 1024;

/**
 * Writes a month's archive: what was in it and the rows of the span that are new to it (after a kill
 * or a restore some may be there already), one JSON object per line, as one zstd frame (Node unpacks
 * only the first of several). Reads it back and checks every row's hash before it returns, so that
 * the rows may be deleted.
 */
export async function packMonth({
  database,
  span,
  existing,
  partial,
}: PackJob): Promise<PackedMonth> {
  const before =
    existing === null ? { rows: 0, keys: new Set<string>() } : await soFar(existing, span.from);
  const packed: PackedMonth = { rows: 0, lastRow: 0, added: 0 };
  async function* content(db: Database.Database): AsyncGenerator<Buffer> {
    if (existing !== null) yield* unpacked(existing);
    let text = '';
    for (const row of rowsOf(db, span)) {
      packed.rows++;
      packed.lastRow = Math.max(packed.lastRow, row.rowid);
      if (before.keys.has(row.key)) continue;
      packed.added++;
      text += lineOf(row);
      if (text.length < CHUNK) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
  }
  const db = new Database(database, { readonly: true, fileMustExist: true });
  try {
    await pipeline(
      Readable.from(content(db)),
      createZstdCompress(PACKING),
      createWriteStream(partial, { mode: 0o600 }),
    );
  } finally {
    db.close();
  }
  const file = await open(partial, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  const { rows } = await verified(partial, span.from);
  if (rows !== before.rows + packed.added) {
    throw new Error(
      `The archive ${partial} holds ${rows} rows instead of ${before.rows + packed.added}.`,
    );
  }
  return packed;
}

interface Content {
  rows: number;
  /** Keys of the rows from a time on. */
  keys: Set<string>;
}

/** What an archive holds; throws when a row is not what was saved, or the file was damaged. */
export async function verified(file: string, from: number): Promise<Content> {
  const content: Content = { rows: 0, keys: new Set() };
  for await (const line of createInterface({ input: unpacked(file) })) {
    const { data, hash, ...row } = lineShape.parse(JSON.parse(line));
    if (hashOf({ ...row, data: JSON.stringify(data) }) !== hash) {
      throw new Error(`The row ${row.key} in the archive ${file} differs from what was saved.`);
    }
    content.rows++;
    if (row.at >= from) content.keys.add(row.key);
  }
  return content;
}

async function soFar(file: string, from: number): Promise<Content> {
  try {
    return await verified(file, from);
  } catch (error) {
    throw new Error(
      `The archive ${file} cannot be read, so nothing is added to it (${sentenceOf(error)}). ` +
        'Move it elsewhere and a new one is started; until then the rows stay in the database.',
      { cause: error },
    );
  }
}

function unpacked(file: string): Readable {
  const packed = createReadStream(file);
  const content = createZstdDecompress({ chunkSize: 1 << 20 });
  packed.on('error', (error) => content.destroy(error));
  return packed.pipe(content);
}

const rowsOf = (db: Database.Database, { table, from, before, condition }: Span) =>
  db
    .prepare<[number, number], StoredRow & { rowid: number }>(
      `SELECT rowid, key, account, position, at, data, hash FROM ${table}
       WHERE at >= ? AND at < ? AND ${condition} ORDER BY at, rowid`,
    )
    .iterate(from, before);

const lineOf = ({ key, account, position, at, hash, data }: StoredRow): string =>
  `${JSON.stringify({ key, account, position, at, hash }).slice(0, -1)},"data":${data}}\n`;
