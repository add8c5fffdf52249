import { stat } from 'node:fs/promises';
import type { BackupClass } from '../../../src-preload/contract/words.ts';
import type { Clock } from '../../domain/clock.ts';
import { Failure } from '../../domain/failure.ts';
import { diskFailure, sizeOf } from '../disk.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import { MOST_FILE_BYTES } from '../files/manifest.ts';
import type { DatabaseSource } from '../files/source.ts';
import { DATABASE } from '../files/source.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Known, Progress, Sealed, Upon } from '../worker/jobs.ts';

/** Longest that copying and packing the database may take, ms. */
const LONGEST = 5 * 60_000;

export interface Taking {
  catalogue: Catalogue;
  runJob: RunJob;
  clock: Clock;
  programVersion: string;
  installId: string;
  /** Bytes that must stay free beside the backup itself. */
  spareBytes: number;
  /** Told each time what is wrong with the archives, as sentences. */
  archiveTroubles: (texts: readonly string[]) => void;
}

export interface Wanted {
  source: string;
  class: BackupClass;
  reason: string;
  note: string | null;
  /** The newest good version there is. */
  previous: Manifest | null;
  /** Digests (of a database its meaning, of a file its content) that make a new backup needless. */
  known: string[];
}

/**
 * Backs the database up: free space and flush, then in the worker a quick check, the online copy, its
 * checks, the packing and the proof; published only when all of it holds. A damaged database is
 * refused, except where its very state is to be kept (before a restore or an upgrade).
 */
export async function takeDatabase(
  taking: Taking,
  database: DatabaseSource,
  wanted: Wanted,
  progress: Progress,
  signal: AbortSignal,
): Promise<Manifest | Known> {
  const { catalogue } = taking;
  const asItIs = wanted.class === 'before-restore' || wanted.class === 'before-upgrade';
  progress('checking free space', 0, 1);
  const needed = 2 * (await databaseSize(database.path)) + taking.spareBytes;
  await catalogue.requireSpace(needed);
  progress('saving pending changes', 0, 1);
  flush(database, asItIs);
  progress('checking the database', 0, 1);
  const { path } = database;
  const finding = asItIs ? null : await taking.runJob('quickCheck', { path }, progress, signal);
  if (finding !== null) {
    throw new Failure(
      'DATABASE_DAMAGED',
      `The database is damaged (${finding}), so it was not backed up. Restore a backup.`,
    );
  }
  const madeAt = taking.clock.now();
  const id = catalogue.newId(wanted.source, madeAt);
  return settle(taking, id, async () => {
    const copy = catalogue.partialPath(id, 'db');
    const target = catalogue.partialPath(id, 'backup');
    const upon = uponOf(taking, wanted);
    const input = { path, copy, target, known: wanted.known, upon };
    const sealed = await withinLimit(taking.clock, signal, (limited) =>
      taking.runJob('sealDatabase', input, progress, limited),
    );
    if ('same' in sealed) return sealed;
    const { troubles, ...rest } = sealed;
    taking.archiveTroubles(troubles);
    const { refusal } = rest.facts;
    if (refusal !== null && !asItIs) throw new Failure('DATABASE_DAMAGED', refusal);
    progress('publishing', 0, 1);
    return publish(taking, { ...wanted, id, madeAt, path: database.path }, rest);
  });
}

/** Backs a protected file up: read whole once it has settled, parsed, counted, packed and proved. */
export async function takeFile(
  taking: Taking,
  path: string,
  wanted: Wanted,
  progress: Progress,
  signal: AbortSignal,
): Promise<Manifest | Known> {
  const { catalogue } = taking;
  const size = await sizeOf(path).catch((error: unknown) => {
    throw diskFailure(error, 'read the protected file');
  });
  await catalogue.requireSpace(2 * size + taking.spareBytes);
  const madeAt = taking.clock.now();
  const id = catalogue.newId(wanted.source, madeAt);
  return settle(taking, id, async () => {
    const target = catalogue.partialPath(id, 'backup');
    const upon = uponOf(taking, wanted);
    const input = { path, target, most: MOST_FILE_BYTES, known: wanted.known, upon };
    const sealed = await taking.runJob('sealFile', input, progress, signal);
    if ('same' in sealed) return sealed;
    progress('publishing', 0, 1);
    return publish(taking, { ...wanted, id, madeAt, path }, sealed);
  });
}

/** What the new version may build upon: only what this installation stored itself. */
function uponOf({ catalogue, installId }: Taking, { previous }: Wanted): Upon {
  const ours = previous?.formatVersion === 2 && previous.installId === installId;
  if (!ours) return { installId, previous: null };
  const { id, sha256 } = previous;
  return { installId, previous: { stored: catalogue.storedPath(id), sha256 } };
}

/** Runs an attempt; a failed one leaves nothing of itself behind. */
async function settle(
  { catalogue }: Taking,
  id: string,
  attempt: () => Promise<Manifest | Known>,
): Promise<Manifest | Known> {
  try {
    const made = await attempt();
    if ('same' in made) await catalogue.discard(id);
    return made;
  } catch (error) {
    await catalogue.discard(id).catch(() => {});
    throw diskFailure(error, 'make the backup');
  }
}

function flush(database: DatabaseSource, asItIs: boolean): void {
  try {
    database.flush();
  } catch (error) {
    // What is on the disk is still worth keeping when saving fails.
    if (!asItIs) throw diskFailure(error, 'save pending changes');
  }
}

/** Runs `work`; one that takes too long is stopped, so that it holds up nothing else. */
async function withinLimit<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const callOff = clock.after(LONGEST, () => limit.abort());
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    throw new Failure(
      'BUSY',
      'The backup took too long and was stopped; Holdfast will try again later.',
    );
  } finally {
    callOff();
  }
}

async function publish(
  taking: Taking,
  of: Wanted & { id: string; madeAt: number; path: string },
  { facts, ...sealed }: Sealed,
): Promise<Manifest> {
  const { path, known: _known, previous: _previous, ...wanted } = of;
  const manifest: Manifest = {
    format: 'holdfast-backup',
    ...wanted,
    kind: of.source === DATABASE ? 'database' : 'file',
    sourcePath: path,
    sequence: taking.catalogue.nextSequence(),
    programVersion: taking.programVersion,
    schemaVersion: of.source === DATABASE ? facts.schemaVersion : null,
    ...sealed,
    counts: facts.counts,
    newestEventAt: facts.newestEventAt,
    verifiedAt: taking.clock.now(),
    verified: facts.refusal === null,
    verifiedHow: 'made',
    verifyError: facts.refusal,
    pinned: false,
  };
  await taking.catalogue.publish(manifest);
  return manifest;
}

async function databaseSize(path: string): Promise<number> {
  const sizes = await Promise.all(
    [path, `${path}-wal`].map(async (file) => (await stat(file).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
