import type { BackupClass } from '../../../src-preload/contract/words.ts';
import { Failure } from '../../domain/failure.ts';
import { diskFailure } from '../disk.ts';
import { type Catalogue, sizeOf } from '../files/catalogue.ts';
import { hasShrunk } from '../files/json-counts.ts';
import type { Manifest } from '../files/manifest.ts';
import type { DatabaseSource, Source } from '../files/source.ts';
import { DATABASE } from '../files/source.ts';
import type { VaultOptions } from '../options.ts';
import { policyOf, SPARE_BYTES } from '../options.ts';
import { newestFirst } from '../policy/order.ts';
import { mayTakeNow, nextRoutineAt } from '../policy/schedule.ts';
import type { Troubles } from '../troubles.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress } from '../worker/jobs.ts';
import type { ProtectedFile } from './protected-list.ts';
import type { Holding, Pruning } from './prune.ts';
import { prune } from './prune.ts';
import { createSecondFolder } from './second-folder.ts';
import { takeDatabase, takeFile } from './take.ts';

export interface CreateRequest {
  /** A source's id; the database unless given. */
  source?: string;
  class: BackupClass;
  /** In a few words, for the list: "every 15 minutes", "asked for". */
  reason: string;
  note?: string | null;
  signal?: AbortSignal;
}

export interface Making {
  options: VaultOptions;
  catalogue: Catalogue;
  runJob: RunJob;
  troubles: Troubles;
  database: () => DatabaseSource | null;
  files: () => ProtectedFile[];
  /** What may not be deleted on account of a restore. */
  holding: () => Holding;
}

/** Makes backups: takes one, copies it to the second folder, then deletes what the policy lets go. */
export function createMaker(making: Making) {
  const { options, catalogue, runJob, troubles, database, files, holding } = making;
  const { clock, log, installId, programVersion, settings } = options;
  const second = createSecondFolder({
    clock,
    troubles,
    installId,
    from: options.folder,
    folder: () => settings().secondFolder ?? null,
    manifests: () =>
      catalogue
        .all()
        .filter(({ own, usable, manifest }) => own && usable && manifest.verified)
        .map(({ manifest }) => manifest),
    policy: () => policyOf(settings()),
    holding,
    onChange: options.onChange,
  });
  const spareBytes = options.spareBytes ?? SPARE_BYTES;
  const taking = {
    catalogue,
    runJob,
    clock,
    programVersion,
    installId,
    spareBytes,
    archiveTroubles: (texts: readonly string[]) => {
      if (texts.length === 0) troubles.wentWell('archive-damaged', DATABASE);
      else troubles.failed('archive-damaged', DATABASE, texts.join(' '), 1);
    },
  };
  const minimum = (): number => settings().minimumMinutes * 60_000;
  /** False until the folder was seen; from then on its vanishing is told. */
  let seen = false;

  /** Newest first, only those this installation made. */
  const ofSource = (source: string): Manifest[] =>
    catalogue
      .all()
      .filter(({ own, manifest }) => own && manifest.source === source)
      .map(({ manifest }) => manifest)
      .toSorted(newestFirst);

  const routineTimes = (source: string): number[] =>
    ofSource(source)
      .filter((manifest) => manifest.class === 'routine')
      .map((manifest) => manifest.madeAt);

  function pathOf(source: string): string {
    const file = files().find(({ id }) => id === source);
    if (file) return file.path;
    throw new Failure('NOT_FOUND', `There is no source "${source}" to back up.`);
  }

  const pruning = (): Pruning => ({
    policy: policyOf(settings()),
    now: clock.now(),
    held: holding(),
    runJob,
    rotted: ({ id, source }, why) => {
      log.error('a backup failed its check', { id });
      options.onTrouble({
        kind: 'verify-failed',
        source,
        text: `The backup ${id} failed its check. ${why}`,
      });
    },
  });

  async function refresh(): Promise<void> {
    const { made } = await catalogue.refresh().catch((error: unknown) => {
      throw diskFailure(error, 'read the backup folder');
    });
    if (made && seen) {
      const text = `The backup folder ${options.folder} was missing and has been created again; the earlier backups are gone. If they are on another disk, connect it.`;
      options.onTrouble({ kind: 'vault-missing', source: null, text });
    }
    seen = true;
  }

  /** `null` when a routine one would hold nothing new. */
  async function take(
    request: CreateRequest,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Manifest | null> {
    const source = request.source ?? DATABASE;
    await refresh();
    const previous = ofSource(source).find((manifest) => manifest.verified);
    const wanted = {
      source,
      class: request.class,
      reason: request.reason,
      note: request.note ?? null,
      previous: previous ?? null,
      known: knownTo(request.class, source),
    };
    const live = database();
    if (source === DATABASE && !live) {
      throw new Failure(
        'NOT_READY',
        'The database is not open, so it cannot be backed up. Try again in a moment.',
      );
    }
    const made =
      source === DATABASE && live
        ? await takeDatabase(taking, live, wanted, progress, signal)
        : await takeFile(taking, pathOf(source), wanted, progress, signal);
    troubles.wentWell('backup-failed', source);
    if ('same' in made) {
      await standsAgain(source, made.same);
      return null;
    }
    const manifest = made;
    if (previous && manifest.kind === 'file' && hasShrunk(previous.counts, manifest.counts)) {
      await keepBeforeShrinking(previous, manifest);
    }
    options.onChange();
    progress('clearing up', 0, 1);
    await cleanUp();
    second.refresh();
    return manifest;
  }

  const digestOf = ({ kind, meaning, contentSha256 }: Manifest): string =>
    kind === 'database' ? (meaning ?? '') : contentSha256;

  /** The digests of which another version is not a new one; the latest's own place is a routine's to take. */
  function knownTo(name: BackupClass, source: string): string[] {
    if (name !== 'routine' && name !== 'latest') return [];
    return ofSource(source)
      .filter((version) => version.verified && (name === 'latest' || version.class !== 'latest'))
      .map(digestOf);
  }

  /** The source is back at a version there is: that is the newest from now on, and stays. */
  async function standsAgain(source: string, digest: string): Promise<void> {
    const [newest] = ofSource(source);
    const same = ofSource(source).find((one) => one.verified && digestOf(one) === digest);
    if (!same || same.id === newest?.id) return;
    await catalogue.update(same.id, { sequence: catalogue.nextSequence() });
  }

  /** A file that lost half of its entries may be a failed load that was saved (P42). */
  async function keepBeforeShrinking(previous: Manifest, manifest: Manifest): Promise<void> {
    const note = 'Pinned because the next version is much smaller.';
    await catalogue.update(previous.id, { pinned: true, note });
    const text = `${manifest.sourcePath} lost at least half of its entries. The previous version, ${previous.id}, has been pinned.`;
    options.onTrouble({ kind: 'file-shrunk', source: manifest.source, text });
  }

  /** A clean-up that fails never stops a backup: the old ones stay. */
  async function cleanUp(): Promise<void> {
    try {
      const gone = await prune(catalogue, pruning());
      if (gone.length > 0) log.info('old backups were deleted', { gone });
      troubles.wentWell('clean-up-failed', null);
    } catch (error) {
      troubles.failed('clean-up-failed', null, error);
    }
  }

  /** When a change of that source may next be taken, ms since 1970 UTC. */
  const dueAt = (source: string): number =>
    nextRoutineAt(routineTimes(source), clock.now(), minimum());

  return {
    second,
    take,
    dueAt,
    /** Whether what matters in the database differs from what its newest backup holds. */
    async databaseChanged(path: string): Promise<boolean> {
      const newest = ofSource(DATABASE).find(({ verified }) => verified);
      return !newest?.meaning || (await runJob('meaning', { path })) !== newest.meaning;
    },
    /** A source with what is known of its versions. */
    row(source: Pick<Source, 'id' | 'kind' | 'path'>): Source {
      const kept = catalogue.all().filter(({ manifest }) => manifest.source === source.id);
      return {
        ...source,
        versions: kept.length,
        storedSize: sizeOf(kept),
        lastVersionAt: ofSource(source.id).find(({ verified }) => verified)?.madeAt ?? null,
        // A file is taken within a minute of a change.
        nextDueAt: source.kind === 'database' ? dueAt(source.id) : null,
        lastFailure:
          troubles.last('backup-failed', source.id) ?? troubles.last('file-refused', source.id),
      };
    },
    pathOf,
    ofSource,
    pruning,
    refresh,
    minimum,
    /** Whether one on quit keeps within the hour's four. */
    mayTakeNow: (source: string): boolean => mayTakeNow(routineTimes(source), clock.now()),
  };
}

export type Maker = ReturnType<typeof createMaker>;
