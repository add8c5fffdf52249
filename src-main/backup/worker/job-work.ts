import { hash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../../domain/failure.ts';
import { setMeta } from '../../persistence/file/meta.ts';
import { migrate } from '../../persistence/file/schema.ts';
import { meaningOf } from '../../persistence/rows/meaning.ts';
import { diskFailure, isMissing, syncFile } from '../disk.ts';
import type { DatabaseFacts, Difference } from '../files/describe-database.ts';
import { describeDatabase, differenceBetween, quickCheck } from '../files/describe-database.ts';
import { countJson } from '../files/json-counts.ts';
import { parseJson, readSettled } from '../files/json-file.ts';
import { refuseSecrets } from '../files/secrets.ts';
import { hashFile, unpackStored } from '../files/stored.ts';
import { archivesOf, restoreArchives } from './archives.ts';
import { copyStored, MISWRITTEN, proveStored } from './carrying.ts';
import type { Expected, JobName, Jobs, Progress } from './jobs.ts';
import { inMemory, openReadable, sealInto } from './sealing.ts';

const HEAD = 2_000;

export const jobs: {
  [Name in JobName]: (
    input: Jobs[Name]['input'],
    progress: Progress,
  ) => Promise<Jobs[Name]['output']>;
} = {
  async sealDatabase({ path, copy, target, known, upon }, progress) {
    await copyOnline(path, copy, progress);
    progress('checking the copy', 0, 1);
    leaveWal(copy);
    const facts = describeDatabase(copy, 'whole');
    const meaning = facts.refusal === null ? meaningOf(copy) : null;
    if (meaning !== null && known.includes(meaning)) return { same: meaning };
    const archives = await archivesOf(dirname(path), dirname(target), upon);
    const content = openReadable(copy);
    try {
      const packed = sealInto(target, content, upon, progress, archives.beside);
      const kept = archives.beside.length;
      const counts = { ...facts.counts, ...(kept > 0 && { archives: kept }) };
      const { troubles } = archives;
      return { ...packed, facts: { ...facts, counts }, meaning, looks: null, troubles };
    } finally {
      content.close();
      archives.close();
      await rm(copy, { force: true });
    }
  },

  async sealFile({ path, target, most, known, upon }, progress) {
    progress('reading', 0, 1);
    const { content, looks } = await readSettled(path, most);
    const digest = hash('sha256', content, 'hex');
    if (known.includes(digest)) return { same: digest };
    progress('checking', 0, 1);
    const value = parseJson(content);
    refuseSecrets(value);
    // From memory: the file may change under us, this content will not.
    const packed = sealInto(target, inMemory(content, digest), upon, progress);
    const counts = countJson(value);
    const facts = { schemaVersion: 0, counts, newestEventAt: null, refusal: null };
    return { ...packed, facts, meaning: null, looks };
  },

  async meaning({ path }) {
    return meaningOf(path);
  },

  async look({ stored, expected, scratch, compareWith }, progress) {
    try {
      const { problem } = await unpack(stored, expected, scratch, progress, 'everything');
      if (problem !== null) return { problem, difference: null, head: null };
      if (expected.kind === 'file')
        return { problem, difference: null, head: await headOf(scratch) };
      progress('comparing', 2, 3);
      return { problem, difference: compare(compareWith, scratch), head: null };
    } finally {
      await rm(scratch, { force: true });
    }
  },

  async unpackFile({ stored, expected, target }, progress) {
    const { problem } = await unpack(stored, expected, target, progress);
    return { problem };
  },

  async unpackDatabase({ stored, expected, target, epoch }, progress) {
    const unpacked = await unpack(stored, expected, target, progress);
    if (unpacked.problem !== null) return unpacked;
    progress('bringing it up to date', 2, 3);
    const db = new Database(target);
    try {
      migrate(db);
      setMeta(db, 'dataEpoch', epoch);
    } finally {
      db.close();
    }
    await syncFile(target);
    const facts = describeDatabase(target, 'whole');
    if (facts.refusal !== null) return { problem: facts.refusal };
    return { problem: null, sha256: await hashFile(target), facts };
  },

  async restoreArchives({ stored, installId, dataDir }) {
    return { lost: await restoreArchives(stored, installId, dataDir) };
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
    const unread: { id: string; why: string }[] = [];
    for (const [index, { id, path, sha256 }] of files.entries()) {
      progress('checking the others', index, files.length);
      try {
        if ((await hashFile(path)) !== sha256) bad.push(id);
      } catch (error) {
        if (isMissing(error)) bad.push(id);
        else unread.push({ id, why: diskFailure(error, `read ${path}`).message });
      }
    }
    return { bad, unread };
  },

  async hash({ path }) {
    return { sha256: await hashFile(path) };
  },

  async proveStored({ backups }, progress) {
    return proveStored(backups, progress);
  },

  async copy({ from, to, expected, installId }, progress) {
    return { problem: await copyStored(from, to, expected, installId, progress) };
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
function compare(now: string | null, backup: string): Difference | null {
  if (now === null) return null;
  try {
    return differenceBetween(now, backup);
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}

/** Unpacks into the new file `target`; says what is wrong inside, or what a good database holds. */
async function unpack(
  stored: string,
  expected: Expected,
  target: string,
  progress: Progress,
  depth: 'everything' | 'source' = 'source',
): Promise<{ problem: string } | { problem: null; facts: DatabaseFacts | null }> {
  progress('reading', 0, 3);
  const problem = await unpackStored(stored, expected, target, depth);
  if (problem !== null) return { problem };
  progress('checking', 1, 3);
  if ((await hashFile(target)) !== expected.contentSha256) return { problem: MISWRITTEN };
  return examineInside(target, expected);
}

async function examineInside(
  path: string,
  expected: Expected,
): Promise<{ problem: string } | { problem: null; facts: DatabaseFacts | null }> {
  const lies = (what: string): { problem: string } => ({
    problem: `Its manifest is wrong: ${what} differs from the content.`,
  });
  if (expected.kind === 'file') {
    try {
      const same = sameCounts(countJson(parseJson(await readFile(path))), expected.counts);
      return same ? { problem: null, facts: null } : lies('a count');
    } catch (error) {
      if (error instanceof Failure) return { problem: error.message };
      throw error;
    }
  }
  if ((await headOf(path)).slice(0, 15) !== 'SQLite format 3') {
    return { problem: 'Its content is not a database.' };
  }
  const facts = describeDatabase(path, 'whole');
  if (facts.refusal !== null) return { problem: facts.refusal };
  if (facts.schemaVersion !== expected.schemaVersion) return lies('the data version');
  return sameCounts(facts.counts, expected.counts) ? { problem: null, facts } : lies('a count');
}

/** The first characters of a file. */
async function headOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD * 4), 0, HEAD * 4, 0);
    return buffer.toString('utf8', 0, bytesRead).slice(0, HEAD);
  } finally {
    await handle.close();
  }
}

/** Counts that this version no longer makes, or did not make then, are left out. */
const sameCounts = (inside: Record<string, number>, said: Record<string, number>): boolean =>
  Object.entries(said).every(
    ([name, count]) => inside[name] === undefined || inside[name] === count,
  );
