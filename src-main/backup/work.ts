import { createHash, hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, lstat, open, readFile } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { Failure } from '../domain/failure.ts';
import { migrate } from '../persistence/schema.ts';
import type { DatabaseFacts, Difference } from './describe.ts';
import { describeDatabase, differenceBetween, quickCheck } from './describe.ts';
import { diskFailure, syncFile } from './disk.ts';
import type { Manifest } from './manifest.ts';
import { countJson } from './summarise.ts';

/** The part of a manifest that says what the stored file must be. */
export type Expected = Pick<
  Manifest,
  'kind' | 'size' | 'storedSize' | 'sha256' | 'contentSha256' | 'counts' | 'schemaVersion'
>;

export interface Sealed {
  size: number;
  storedSize: number;
  sha256: string;
  contentSha256: string;
  facts: DatabaseFacts;
}

export interface Look {
  /** Why it cannot be used, `null` when it is good. */
  problem: string | null;
  difference: Difference | null;
  /** First characters of a file. */
  head: string | null;
}

/** A database ready to take the place of the live one. */
export interface Staged {
  problem: null;
  sha256: string;
  facts: DatabaseFacts;
}

/** The heavy jobs; each runs in a worker thread and may be stopped at any moment. */
export interface Jobs {
  /** Checks an online copy and packs it into `target`; `null` when its content has the hash `unless`. */
  sealDatabase: {
    input: { copy: string; target: string; unless: string | null };
    output: Sealed | null;
  };
  /** The same for a JSON file of at most `most` bytes. */
  sealFile: {
    input: { path: string; target: string; most: number; unless: string | null };
    output: Sealed | null;
  };
  /** Reads a stored backup back and holds it against its manifest. */
  look: {
    input: { stored: string; expected: Expected; compareWith: string | null };
    output: Look;
  };
  /** Unpacks a stored file to `target`, checked on the way. */
  unpackFile: {
    input: { stored: string; expected: Expected; target: string };
    output: { problem: string | null };
  };
  /** Unpacks a stored database to `target` and brings it to this program's data version. */
  unpackDatabase: {
    input: { stored: string; expected: Expected; target: string };
    output: { problem: string } | Staged;
  };
  /** Why a database's pages cannot be trusted, `null` when they can. */
  quickCheck: { input: { path: string }; output: string | null };
  /** What a database file holds. */
  describe: { input: { path: string }; output: DatabaseFacts };
  compare: { input: { now: string; backup: string }; output: Difference };
  /** Hash and counts of a JSON file as it lies there. */
  readBack: {
    input: { path: string };
    output: { sha256: string; counts: Record<string, number> };
  };
  /** Of stored backups, those that are not what their manifests say. */
  rehash: { input: { files: { id: string; path: string; sha256: string }[] }; output: string[] };
  /** Copies a stored backup and proves the copy. */
  copy: { input: { from: string; to: string; sha256: string }; output: { problem: string | null } };
}

export type JobName = keyof Jobs;
export type Progress = (step: string, done: number, total: number) => void;

const options = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    // Without it a flipped bit is unpacked with no error.
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

const HEAD = 2_000;

export const jobs: {
  [Name in JobName]: (
    input: Jobs[Name]['input'],
    progress: Progress,
  ) => Promise<Jobs[Name]['output']>;
} = {
  async sealDatabase({ copy, target, unless }, progress) {
    progress('checking the copy', 0, 3);
    const db = new Database(copy);
    db.pragma('journal_mode = delete');
    db.close();
    if (unless !== null && (await hashFile(copy)) === unless) return null;
    const facts = describeDatabase(copy);
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
    const counts = countJson(parse(content));
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
    const problem = problemInside(opened.content, expected);
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
    return unpack(stored, expected, target, progress);
  },

  async unpackDatabase({ stored, expected, target }, progress) {
    const { problem } = await unpack(stored, expected, target, progress);
    if (problem !== null) return { problem };
    progress('preparing', 2, 3);
    const db = new Database(target);
    try {
      migrate(db);
      db.pragma('journal_mode = delete');
    } finally {
      db.close();
    }
    await syncFile(target);
    const facts = describeDatabase(target);
    if (facts.refusal !== null) return { problem: facts.refusal };
    return { problem: null, sha256: await hashFile(target), facts };
  },

  async quickCheck({ path }) {
    return quickCheck(path);
  },

  async describe({ path }) {
    return describeDatabase(path);
  },

  async compare({ now, backup }) {
    return differenceBetween(now, backup);
  },

  async readBack({ path }) {
    const content = await readFile(path);
    return { sha256: hash('sha256', content, 'hex'), counts: countJson(parse(content)) };
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
): Promise<{ problem: string | null }> {
  progress('reading', 0, 3);
  const opened = await openStored(stored, expected);
  if ('problem' in opened) return opened;
  progress('checking', 1, 3);
  const problem = problemInside(opened.content, expected);
  if (problem !== null) return { problem };
  progress('unpacking', 2, 3);
  await writeSynced(target, opened.content);
  return { problem: (await hashFile(target)) === expected.contentSha256 ? null : MISWRITTEN };
}

const MISWRITTEN = 'What was written is not what reads back: the disk is failing.';

type Packed = Omit<Sealed, 'facts'>;

/** Streams a file into one zstd frame, hashing both sides. */
async function pack(from: string, target: string): Promise<Packed> {
  const content = meter();
  const stored = meter();
  try {
    await pipeline(
      createReadStream(from, { highWaterMark: 1 << 20 }),
      content.through,
      createZstdCompress({ ...options, chunkSize: 1 << 18 }),
      stored.through,
      createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }),
    );
  } catch (error) {
    throw diskFailure(error, 'write the backup');
  }
  return {
    size: content.size(),
    storedSize: stored.size(),
    contentSha256: content.sha256(),
    sha256: stored.sha256(),
  };
}

async function packBuffer(content: Buffer, target: string): Promise<Packed> {
  const stored = meter();
  const compress = createZstdCompress({ ...options, chunkSize: 1 << 18 });
  compress.end(content);
  try {
    const file = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(compress, stored.through, file);
  } catch (error) {
    throw diskFailure(error, 'write the backup');
  }
  return {
    size: content.length,
    storedSize: stored.size(),
    contentSha256: hash('sha256', content, 'hex'),
    sha256: stored.sha256(),
  };
}

/** Counts and hashes what flows through. */
function meter(): { through: Transform; size: () => number; sha256: () => string } {
  const digest = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { through, size: () => size, sha256: () => digest.digest('hex') };
}

/** A backup is published only after it was read back from the disk and unpacked whole. */
async function proveStored(target: string, packed: Packed): Promise<void> {
  const opened = await openStored(target, packed);
  if ('problem' in opened) throw new Failure('REFUSED', opened.problem);
}

/** Reads a stored backup whole, holding it against its manifest from the outside in. */
async function openStored(
  path: string,
  expected: Pick<Expected, 'size' | 'storedSize' | 'sha256' | 'contentSha256'>,
): Promise<{ content: Buffer } | { problem: string }> {
  const refusal = await strangeFile(path, expected.storedSize);
  if (refusal !== null) return { problem: refusal };
  let stored: Buffer;
  try {
    stored = await readFile(path);
  } catch (error) {
    return { problem: diskFailure(error, 'read the backup').message };
  }
  if (hash('sha256', stored, 'hex') !== expected.sha256) {
    return { problem: 'It was changed or damaged since it was made: its checksum differs.' };
  }
  let content: Buffer;
  try {
    content = zstdDecompressSync(stored, {
      chunkSize: 1 << 20,
      maxOutputLength: Math.max(expected.size, 1),
    });
  } catch (error) {
    return {
      problem:
        (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? 'It holds more than its manifest says.'
          : 'It is not a Holdfast backup: it cannot be unpacked.',
    };
  }
  if (
    content.length !== expected.size ||
    hash('sha256', content, 'hex') !== expected.contentSha256
  ) {
    return { problem: 'Its content is not what its manifest says.' };
  }
  return { content };
}

async function strangeFile(path: string, storedSize: number): Promise<string | null> {
  let found: Awaited<ReturnType<typeof lstat>>;
  try {
    found = await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'Its file is gone.';
    return diskFailure(error, 'read the backup').message;
  }
  if (!found.isFile()) return 'Its file was replaced by a link or a folder.';
  if (found.size === 0) return 'Its file is empty (0 bytes).';
  if (found.size < storedSize) {
    return `Its file is cut short: ${found.size} of ${storedSize} bytes.`;
  }
  if (found.size > storedSize) {
    return `Its file is longer than when it was made: ${found.size} instead of ${storedSize} bytes.`;
  }
  return null;
}

function problemInside(content: Buffer, expected: Expected): string | null {
  const lies = (what: string): string =>
    `Its manifest is not true: ${what} differs from what is inside.`;
  if (expected.kind === 'file') {
    try {
      return sameCounts(countJson(parse(content)), expected.counts) ? null : lies('a count');
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  }
  if (content.subarray(0, 15).toString('latin1') !== 'SQLite format 3') {
    return 'What is inside is not a database.';
  }
  let facts: DatabaseFacts;
  try {
    facts = describeDatabase(content);
  } catch (error) {
    if (error instanceof Database.SqliteError) return 'The database inside is damaged.';
    throw error;
  }
  if (facts.refusal !== null) return facts.refusal;
  if (facts.schemaVersion !== expected.schemaVersion) return lies('the data version');
  return sameCounts(facts.counts, expected.counts) ? null : lies('a count');
}

/** Counts that this version no longer makes, or did not make then, are left out. */
const sameCounts = (inside: Record<string, number>, said: Record<string, number>): boolean =>
  Object.entries(said).every(
    ([name, count]) => inside[name] === undefined || inside[name] === count,
  );

/** Reads a file whole, or refuses: BUSY when it changed meanwhile, so try again later. */
async function readSettled(path: string, most: number): Promise<Buffer> {
  let handle: Awaited<ReturnType<typeof open>>;
  const named = await lstat(path).catch((error: unknown) => {
    throw diskFailure(error, 'read the protected file');
  });
  const what = named.isSymbolicLink()
    ? 'a link'
    : named.isDirectory()
      ? 'a folder'
      : 'not a plain file';
  if (!named.isFile()) {
    throw new Failure('REFUSED', `${path} is ${what}; only a plain file can be protected.`);
  }
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw diskFailure(error, 'read the protected file');
  }
  try {
    const before = await handle.stat();
    if (before.size > most) {
      const mb = (bytes: number): number => Math.round(bytes / 1e6);
      throw new Failure(
        'REFUSED',
        `${path} is too large to protect: ${mb(before.size)} MB, the limit is ${mb(most)} MB.`,
      );
    }
    const content = await handle.readFile();
    const after = await handle.stat();
    if (after.mtimeMs !== before.mtimeMs || content.length !== after.size) {
      throw new Failure('BUSY', `${path} is being written; it is taken once it has settled.`);
    }
    return content;
  } finally {
    await handle.close();
  }
}

function parse(content: Buffer): unknown {
  if (content.length === 0) throw new Failure('BAD_INPUT', 'The file is empty (0 bytes).');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new Failure(
      'BAD_INPUT',
      'The file is not valid JSON: it is damaged, or not all of it is written yet.',
    );
  }
}

async function writeSynced(path: string, content: Buffer): Promise<void> {
  try {
    const handle = await open(path, 'w', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskFailure(error, 'unpack the backup');
  }
}

async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(chunk as Buffer);
  }
  return digest.digest('hex');
}
