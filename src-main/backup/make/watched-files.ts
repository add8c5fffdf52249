import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../domain/clock.ts';
import { Failure } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import { answerOf } from '../files/answering.ts';
import { fileDueAt, QUIET } from '../policy/schedule.ts';
import { hintOf } from './hint.ts';
import type { ProtectedFile } from './protected-list.ts';
import { examineFile, readList, writeList } from './protected-list.ts';

/** How often a file is looked at anyway, ms. */
const POLL = 5_000;
/** Tries at a file that is refused, each after a longer rest, before its trouble is told. */
const TRIES = 3;
const LONGEST_REST = 5 * 60_000;
/** How long a file's disk may take to say how it looks, ms. */
const PATIENCE = 5_000;

interface Watched {
  file: ProtectedFile;
  /** What the file looked like when it was last seen, and since when (ticks). */
  seen: string;
  stillSince: number;
  /** When it was first seen to differ from what was taken (ticks); `null` while it does not. */
  changedAt: number | null;
  /** What it looked like before it was last taken, or given up on, and when that was. */
  settled: string;
  takenAt: number | null;
  /** What was taken is still owed a place among the routine versions. */
  owed: boolean;
  tries: number;
  nextTry: number;
  /** A look that its disk has not answered yet. */
  silent: boolean;
  stop: () => void;
}

export interface Watching {
  /** Where the list of files is kept. */
  listPath: string;
  clock: Clock;
  log: Log;
  /** Takes a version; throws BUSY while the file is being written. */
  take: (file: ProtectedFile) => Promise<{ owed: boolean }>;
  /** Whether a routine version of the file may be taken by now. */
  routineDue: (file: ProtectedFile) => boolean;
  /** How a file looks: another text whenever it may have changed. Never fails. */
  signature: (path: string) => Promise<string>;
  /** Told when a version could not be taken, or the file is gone. */
  refused: (file: ProtectedFile, error: unknown) => void;
}

/**
 * Files the operator protects. Whatever the rhythm in which one is written, each change is in the vault
 * within a minute: as a routine version where one is due, else as the latest, which the next replaces.
 */
export function createWatchedFiles(watching: Watching) {
  const { listPath, clock, log, take, routineDue, refused } = watching;
  const watched = new Map<string, Watched>();
  let running = false;
  let stopPoll = (): void => {};
  let looking: Promise<void> = Promise.resolve();

  /** How a file looks; `null` while its disk does not answer, so that the others do not wait for it. */
  async function looksOf(entry: Watched): Promise<string | null> {
    if (entry.silent) return null;
    const { path } = entry.file;
    const asked = watching.signature(path);
    const looks = await answerOf(asked, PATIENCE);
    if (looks !== null) return looks;
    entry.silent = true;
    void asked.finally(() => (entry.silent = false));
    const why = `${path} is not being backed up: its disk or network does not answer. Check that it can be reached.`;
    refused(entry.file, new Failure('BUSY', why));
    return null;
  }

  async function lookAt(entry: Watched): Promise<void> {
    const looks = await looksOf(entry);
    if (looks === null) return;
    const now = clock.ticks();
    if (looks !== entry.seen) {
      entry.seen = looks;
      entry.stillSince = now;
    }
    if (looks === entry.settled) {
      entry.changedAt = null;
      if (entry.owed && now >= entry.nextTry && routineDue(entry.file)) await takeNow(entry, looks);
      return;
    }
    entry.changedAt ??= now;
    const { changedAt, stillSince, takenAt } = entry;
    if (now < entry.nextTry || now < fileDueAt({ changedAt, stillSince, takenAt })) return;
    await takeNow(entry, looks);
  }

  async function takeNow(entry: Watched, looks: string): Promise<void> {
    try {
      const { owed } = await take(entry.file);
      // What changed while it was read differs from `looks`, so it is a change again.
      Object.assign(entry, { settled: looks, takenAt: clock.ticks(), owed, tries: 0, nextTry: 0 });
      entry.changedAt = null;
    } catch (error) {
      entry.tries++;
      entry.nextTry = clock.ticks() + Math.min(QUIET * entry.tries, LONGEST_REST);
      if (looks !== GONE && entry.tries < TRIES) return;
      const code = error instanceof Failure ? error.code : 'UNEXPECTED';
      // The file's own fault waits for another version of it; a full disk or a writer is tried again.
      if (looks === GONE || code === 'BAD_INPUT' || code === 'REFUSED') {
        Object.assign(entry, { settled: looks, changedAt: null, owed: false, tries: 0 });
      }
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
    const soon = [...watched.values()].some(({ changedAt }) => changedAt !== null);
    stopPoll = clock.after(soon ? QUIET : POLL, () => void look().then(poll));
  }

  /** The system told of a change: a look soon, which more of them do not put off. */
  let hurried = false;
  function hurry(): void {
    if (!running || hurried) return;
    hurried = true;
    stopPoll();
    stopPoll = clock.after(QUIET / 10, () => {
      hurried = false;
      void look().then(poll);
    });
  }

  const watch = (path: string): (() => void) => hintOf(path, hurry, log);

  function add(file: ProtectedFile): void {
    watched.set(file.id, {
      file,
      seen: '',
      stillSince: clock.ticks(),
      changedAt: null,
      settled: '',
      takenAt: null,
      owed: false,
      tries: 0,
      nextTry: 0,
      silent: false,
      stop: running ? watch(file.path) : () => {},
    });
  }

  const files = (): ProtectedFile[] => [...watched.values()].map(({ file }) => file);

  return {
    files,
    /** Throws when the list cannot be used; what it held is kept beside it. */
    async load(): Promise<void> {
      for (const file of await readList(listPath, clock.now())) {
        if (!watched.has(file.id)) add(file);
      }
    },
    start(): void {
      running = true;
      for (const entry of watched.values()) entry.stop = watch(entry.file.path);
      void look().then(poll);
    },
    async stop(): Promise<void> {
      running = false;
      hurried = false;
      stopPoll();
      for (const entry of watched.values()) entry.stop();
      await looking;
    },
    async protect(path: string): Promise<ProtectedFile> {
      const file = await examineFile(path, dirname(listPath));
      if (watched.has(file.id)) return file;
      add(file);
      await writeList(listPath, files());
      return file;
    },
    async unprotect(id: string): Promise<void> {
      const entry = watched.get(id);
      if (!entry) throw new Failure('NOT_FOUND', `There is no protected file "${id}".`);
      entry.stop();
      watched.delete(id);
      await writeList(listPath, files());
    },
  };
}

export type WatchedFiles = ReturnType<typeof createWatchedFiles>;

const GONE = 'gone';

/** Changes whenever the file may have: its place on the disk, size and times. */
export async function signature(path: string): Promise<string> {
  try {
    const found = await lstat(path, { bigint: true });
    return `${found.ino}:${found.mode}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
  } catch {
    return GONE;
  }
}
