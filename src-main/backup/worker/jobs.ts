import type { DatabaseFacts, Difference } from '../files/describe-database.ts';
import type { Looks, Manifest } from '../files/manifest.ts';
import type { Packed } from '../files/stored.ts';

/** The part of a manifest that says what the stored file must be. */
export type Expected = Packed & Pick<Manifest, 'kind' | 'counts' | 'schemaVersion'>;

export interface Sealed extends Packed {
  facts: DatabaseFacts;
  /** Of a database, what `meaningOf` says; `null` of a file, or of a database that cannot be read. */
  meaning: string | null;
  /** Of a file. */
  looks: Looks | null;
}

/** What a new version builds upon. */
export interface Upon {
  installId: string;
  /** The stored file of the version before and its hash. */
  previous: { stored: string; sha256: string } | null;
}

/** Nothing new: the digest (of a database its meaning, of a file its content) that is known already. */
export interface Known {
  same: string;
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
  /** Copies the database online to `copy`, checks that and packs it into `target`, unless it is known. */
  sealDatabase: {
    input: { path: string; copy: string; target: string; known: string[]; upon: Upon };
    output: (Sealed & { troubles: string[] }) | Known;
  };
  /** The same for a JSON file of at most `most` bytes. */
  sealFile: {
    input: { path: string; target: string; most: number; known: string[]; upon: Upon };
    output: Sealed | Known;
  };
  /** What matters in a live database, as a digest. */
  meaning: { input: { path: string }; output: string | null };
  /** Reads a stored backup back and holds it against its manifest. */
  look: {
    /** `scratch` is a new file's path, removed afterwards. */
    input: { stored: string; expected: Expected; scratch: string; compareWith: string | null };
    output: Look;
  };
  /** Unpacks a stored file to `target`, checked on the way. */
  unpackFile: {
    input: { stored: string; expected: Expected; target: string };
    output: { problem: string | null };
  };
  /** Unpacks a stored database to `target`, brings it to this program's schema and gives it `epoch`. */
  unpackDatabase: {
    input: { stored: string; expected: Expected; target: string; epoch: string };
    output: { problem: string } | Staged;
  };
  /** Brings archives of a backup back where they are missing or damaged; returns those that it lost. */
  restoreArchives: {
    input: { stored: string; installId: string; dataDir: string };
    output: { lost: string[] };
  };
  /** Why a database's pages cannot be trusted, `null` when they can. */
  quickCheck: { input: { path: string }; output: string | null };
  /** What a live database holds, without a look at each row. */
  outline: { input: { path: string }; output: DatabaseFacts };
  compare: { input: { now: string; backup: string }; output: Difference };
  /** Hash and counts of a JSON file as it lies there. */
  readBack: {
    input: { path: string };
    output: { sha256: string; counts: Record<string, number> };
  };
  /** Of files, those that are not what their hashes say, and those that could not be read to tell. */
  rehash: {
    input: { files: { id: string; path: string; sha256: string }[] };
    output: { bad: string[]; unread: { id: string; why: string }[] };
  };
  hash: { input: { path: string }; output: { sha256: string } };
  /** Of backups, those whose stored bytes are not what they were, and those that could not be read to tell. */
  proveStored: {
    input: { backups: { id: string; stored: string; expected: Packed }[] };
    output: { bad: { id: string; why: string }[]; unread: { id: string; why: string }[] };
  };
  /**
   * Copies a stored backup into another vault, to the new file `to`, and proves the copy. Of its objects
   * only those are copied that are not there yet, or not good; `installId` says in whose name.
   */
  copy: {
    input: { from: string; to: string; expected: Packed; installId: string };
    output: { problem: string | null };
  };
}

export type JobName = keyof Jobs;
export type Progress = (step: string, done: number, total: number) => void;
