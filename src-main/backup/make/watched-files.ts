import { hash } from 'node:crypto';
import { watch } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { Failure } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import { diskFailure, readIfThere, writeDurably } from '../files/disk.ts';
import { MOST_FILE_BYTES } from './take.ts';

const recordSchema = z.array(z.object({ id: z.string(), path: z.string() }));

export interface ProtectedFile {
  id: string;
  path: string;
}

/** How long a file must lie still before it is taken, and how often it is looked at anyway, ms. */
const QUIET = 1_500;
const POLL = 5_000;
/** Tries at a file that is refused, each after a longer rest, before its trouble is told. */
const TRIES = 3;
const LONGEST_REST = 5 * 60_000;

interface Watched {
  file: ProtectedFile;
  /** What the file looked like when it was last seen, and when that began (ticks). */
  seen: string;
  since: number;
  /** What it looked like when it was last taken, or given up on. */
  settled: string;
  tries: number;
  stop: () => void;
}

export interface Watching {
  /** Where the list of files is kept. */
  listPath: string;
  clock: Clock;
  log: Log;
  /** Takes a version; throws BUSY while the file is being written. */
  take: (file: ProtectedFile) => Promise<void>;
  /** Told when a version could not be taken, or the file is gone. */
  refused: (file: ProtectedFile, error: unknown) => void;
}

/** Files the operator protects: watched, and each new version taken once it has settled. */
export function createWatchedFiles({ listPath, clock, log, take, refused }: Watching) {
  const watched = new Map<string, Watched>();
  let running = false;
  let stopPoll = (): void => {};
  let looking: Promise<void> = Promise.resolve();

  async function lookAt(entry: Watched): Promise<void> {
    const looks = await signature(entry.file.path);
    const now = clock.ticks();
    if (looks !== entry.seen) {
      entry.seen = looks;
      entry.since = now;
      entry.tries = 0;
    }
    const rest = Math.min(QUIET * (1 + entry.tries), LONGEST_REST);
    if (looks === entry.settled || now - entry.since < rest) return;
    try {
      await take(entry.file);
      entry.settled = looks;
    } catch (error) {
      entry.since = now;
      entry.tries++;
      const code = error instanceof Failure ? error.code : 'UNEXPECTED';
      if (looks !== GONE && (code === 'BUSY' || entry.tries < TRIES)) return;
      // The file's own fault waits for another version of it; a full disk is tried again.
      if (looks === GONE || code === 'BAD_INPUT' || code === 'REFUSED') entry.settled = looks;
      refused(entry.file, error);
    }
  }

  function look(): Promise<void> {
    looking = lookAtAll(looking);
    return looking;
  }

  async function lookAtAll(before: Promise<void>): Promise<void> {
    await before;
    for (const entry of watched.values()) {
      if (running) await lookAt(entry).catch((error: unknown) => refused(entry.file, error));
    }
  }

  function poll(): void {
    if (!running) return;
    stopPoll();
    const soon = [...watched.values()].some((entry) => entry.seen !== entry.settled);
    stopPoll = clock.after(soon ? QUIET : POLL, () => void look().then(poll));
  }

  function add(file: ProtectedFile): void {
    const entry: Watched = {
      file,
      seen: '',
      since: clock.ticks(),
      settled: '',
      tries: 0,
      stop: () => {},
    };
    watched.set(file.id, entry);
    if (running) entry.stop = hint(file.path, () => hurry());
  }

  function hurry(): void {
    stopPoll();
    if (running) stopPoll = clock.after(QUIET / 10, () => void look().then(poll));
  }

  /** The system's word that the folder changed; where it gives none, the poll is enough. */
  function hint(path: string, changed: () => void): () => void {
    try {
      const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(path)) changed();
      });
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    } catch (error) {
      log.info('a protected file is checked at intervals, because its folder cannot be watched', {
        path,
        error: String(error),
      });
      return () => {};
    }
  }

  const files = (): ProtectedFile[] => [...watched.values()].map(({ file }) => file);
  const save = (): Promise<void> => writeDurably(listPath, JSON.stringify(files(), null, 2));

  return {
    files,
    async load(): Promise<void> {
      const text = await readIfThere(listPath);
      for (const file of text === null ? [] : recordSchema.parse(JSON.parse(text))) add(file);
    },
    start(): void {
      running = true;
      for (const entry of watched.values()) entry.stop = hint(entry.file.path, hurry);
      void look().then(poll);
    },
    async stop(): Promise<void> {
      running = false;
      stopPoll();
      for (const entry of watched.values()) entry.stop();
      await looking;
    },
    /** One look now, for a start, a stop and the command line. */
    look,
    async protect(path: string): Promise<ProtectedFile> {
      const file = await examine(path, dirname(listPath));
      if (watched.has(file.id)) return file;
      add(file);
      await save();
      return file;
    },
    async unprotect(id: string): Promise<void> {
      const entry = watched.get(id);
      if (!entry) throw new Failure('NOT_FOUND', `There is no protected file "${id}".`);
      entry.stop();
      watched.delete(id);
      await save();
    },
  };
}

export type WatchedFiles = ReturnType<typeof createWatchedFiles>;

const GONE = 'gone';

/** Changes whenever the file may have: its place on the disk, size and time. */
async function signature(path: string): Promise<string> {
  try {
    const found = await lstat(path);
    return `${found.ino}:${found.mode}:${found.size}:${found.mtimeMs}`;
  } catch {
    return GONE;
  }
}

/** Refuses what cannot be protected, with a sentence. */
async function examine(path: string, dataDir: string): Promise<ProtectedFile> {
  if (!isAbsolute(path)) {
    throw new Failure('BAD_INPUT', `Give the full path of the file; "${path}" is relative.`);
  }
  const plain = resolve(path);
  const found = await lstat(plain).catch((error: unknown) => {
    throw diskFailure(error, `protect ${plain}`);
  });
  const refuse = (why: string): never => {
    throw new Failure('BAD_INPUT', `${plain} cannot be protected: ${why}`);
  };
  if (found.isDirectory()) refuse('it is a folder. Name the files in it one by one.');
  if (found.isSymbolicLink()) refuse('it is a link. Name the file it points to.');
  if (!found.isFile()) refuse('it is not a regular file.');
  if (found.size > MOST_FILE_BYTES) refuse('it is larger than 256 MB.');
  const folder = await realpath(dirname(plain));
  const own = await realpath(dataDir);
  if (folder === own || folder.startsWith(own + sep)) {
    refuse('it is one of Holdfast’s own files, which are already kept safe.');
  }
  const real = join(folder, basename(plain));
  return { id: idOf(real), path: real };
}

/** The file's name with a few digits of its path's hash: readable, and unique. */
function idOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/\.json$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${name || 'file'}-${hash('sha256', path, 'hex').slice(0, 6)}`;
}
