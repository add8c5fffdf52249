import { hash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { Failure } from '../../domain/failure.ts';
import { migrate, SCHEMA_VERSION } from '../../persistence/file/schema.ts';
import type { DatabaseFacts, Difference } from '../files/describe-database.ts';
import { describeDatabase, differenceBetween, quickCheck } from '../files/describe-database.ts';
import { syncFile } from '../files/disk.ts';
import { countJson } from '../files/json-counts.ts';
import { parseJson, readSettled, refuseSecrets } from '../files/json-file.ts';
import {
  hashFile,
  openStored,
  pack,
  packBuffer,
  proveStored,
  writeContent,
} from '../files/stored.ts';
import type { Expected, JobName, Jobs, Progress } from './jobs.ts';

const HEAD = 2_000;

export const jobs: {
  [Name in JobName]: (
    input: Jobs[Name]['input'],
    progress: Progress,
  ) => Promise<Jobs[Name]['output']>;
} = {
  async sealDatabase({ path, copy, target, unless }, progress) {
    await copyOnline(path, copy, progress);
    progress('checking the copy', 0, 3);
    leaveWal(copy);
    if (unless !== null && (await hashFile(copy)) === unless) return null;
    const facts = describeDatabase(copy, 'whole');
    progress('packing', 1, 3);
    const packed = await pack(copy, target);
    progress('reading it back', 2, 3);
    await proveStored(target, packed);
    progress('reading it back', 3, 3);
    return { ...packed, facts };
  },

  async sealFile({ path, target, most, unless }, progress) {
    progress('reading', 0, 4);
    const content = await readSettled(path, most);
    if (unless !== null && hash('sha256', content, 'hex') === unless) return null;
    progress('checking', 1, 4);
    refuseSecrets(content);
    const counts = countJson(parseJson(content));
    progress('packing', 2, 4);
    // One frame from memory: the file may change under us, this content will not.
    const packed = await packBuffer(content, target);
    progress('reading it back', 3, 4);
    await proveStored(target, packed);
    progress('reading it back', 4, 4);
    const facts = { schemaVersion: 0, counts, newestEventAt: null, refusal: null };
    return { ...packed, facts };
  },

  async look({ stored, expected, compareWith }, progress) {
    progress('reading', 0, 3);
    const opened = await openStored(stored, expected);
    if ('problem' in opened) return { ...opened, difference: null, head: null };
    progress('checking', 1, 3);
    const { problem } = examineInside(opened.content, expected);
    if (problem !== null) return { problem, difference: null, head: null };
    if (expected.kind === 'file') {
      const head = opened.content
        .subarray(0, HEAD * 4)
        .toString('utf8')
        .slice(0, HEAD);
      return { problem: null, difference: null, head };
    }
    progress('comparing', 2, 3);
    return { problem: null, difference: compare(compareWith, opened.content), head: null };
  },

  async unpackFile({ stored, expected, target }, progress) {
    const { problem } = await unpack(stored, expected, target, progress);
    return { problem };
  },

  async unpackDatabase({ stored, expected, target }, progress) {
    const unpacked = await unpack(stored, expected, target, progress);
    if (unpacked.problem !== null) return unpacked;
    const { facts } = unpacked;
    if (facts?.schemaVersion === SCHEMA_VERSION) {
      return { problem: null, sha256: expected.contentSha256, facts };
    }
    progress('bringing it up to date', 2, 3);
    const db = new Database(target);
    try {
      migrate(db);
    } finally {
      db.close();
    }
    await syncFile(target);
    const now = describeDatabase(target, 'whole');
    if (now.refusal !== null) return { problem: now.refusal };
    return { problem: null, sha256: await hashFile(target), facts: now };
  },

  async quickCheck({ path }) {
    return quickCheck(path);
  },

  async outline({ path }) {
    return describeDatabase(path, 'outline');
  },

  async compare({ now, backup }) {
    return differenceBetween(now, backup);
  },

  async readBack({ path }) {
    const content = await readFile(path);
    return { sha256: hash('sha256', content, 'hex'), counts: countJson(parseJson(content)) };
  },

  async rehash({ files }, progress) {
    const bad: string[] = [];
    for (const [index, { id, path, sha256 }] of files.entries()) {
      progress('checking the others', index, files.length);
      const found = await hashFile(path).catch(() => '');
      if (found !== sha256) bad.push(id);
    }
    return bad;
  },

  async copy({ from, to, sha256 }) {
    await copyFile(from, to);
    await syncFile(to);
    return { problem: (await hashFile(to)) === sha256 ? null : MISWRITTEN };
  },
};

/** Pages copied between two reports: 8 MB. */
const PAGES = 2_000;

/**
 * Copies a live database while it is written. All of it is read in one transaction, so it is one
 * state and does not start over with every write (as a copy from a second connection does
 * otherwise); the writer goes on meanwhile. A target that is locked ends as "success" with no page
 * copied, so the pages are asserted (P40).
 */
async function copyOnline(path: string, copy: string, progress: Progress): Promise<void> {
  const db = new Database(path, { readonly: true });
  try {
    db.exec('BEGIN');
    db.pragma('user_version'); // the first read takes the snapshot; this one needs no sound table
    const { totalPages, remainingPages } = await db.backup(copy, {
      progress(now) {
        progress('copying the database', now.totalPages - now.remainingPages, now.totalPages);
        return PAGES;
      },
    });
    if (totalPages > 0 && remainingPages === 0) return;
  } finally {
    db.close();
  }
  throw new Failure(
    'UNEXPECTED',
    'The database could not be copied; Holdfast will try again later.',
  );
}

/** A copy comes in WAL mode. One too damaged for the change stays as it is; its description says so. */
function leaveWal(path: string): void {
  try {
    const db = new Database(path);
    try {
      db.pragma('journal_mode = delete');
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))) {
      throw error;
    }
  }
}

/** `null` when the live database is not there or too damaged to be read. */
function compare(now: string | null, backup: Buffer): Difference | null {
  if (now === null) return null;
  try {
    return differenceBetween(now, backup);
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}

async function unpack(
  stored: string,
  expected: Expected,
  target: string,
  progress: Progress,
): Promise<ReturnType<typeof examineInside>> {
  progress('reading', 0, 3);
  const opened = await openStored(stored, expected);
  if ('problem' in opened) return opened;
  progress('checking', 1, 3);
  const inside = examineInside(opened.content, expected);
  if (inside.problem !== null) return inside;
  progress('unpacking', 2, 3);
  await writeContent(target, opened.content);
  const written = await hashFile(target);
  return written === expected.contentSha256 ? inside : { problem: MISWRITTEN };
}

const MISWRITTEN =
  'What was written cannot be read back unchanged: the disk is failing. Replace it soon.';

/** What is wrong inside an unpacked backup, or what a good database holds. */
function examineInside(
  content: Buffer,
  expected: Expected,
): { problem: string } | { problem: null; facts: DatabaseFacts | null } {
  const lies = (what: string): { problem: string } => ({
    problem: `Its manifest is wrong: ${what} differs from the content.`,
  });
  if (expected.kind === 'file') {
    try {
      const same = sameCounts(countJson(parseJson(content)), expected.counts);
      return same ? { problem: null, facts: null } : lies('a count');
    } catch (error) {
      if (error instanceof Failure) return { problem: error.message };
      throw error;
    }
  }
  if (content.subarray(0, 15).toString('latin1') !== 'SQLite format 3') {
    return { problem: 'Its content is not a database.' };
  }
  const facts = describeDatabase(content, 'whole');
  if (facts.refusal !== null) return { problem: facts.refusal };
  if (facts.schemaVersion !== expected.schemaVersion) return lies('the data version');
  return sameCounts(facts.counts, expected.counts) ? { problem: null, facts } : lies('a count');
}

/** Counts that this version no longer makes, or did not make then, are left out. */
const sameCounts = (inside: Record<string, number>, said: Record<string, number>): boolean =>
  Object.entries(said).every(
    ([name, count]) => inside[name] === undefined || inside[name] === count,
  );
