import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, sentenceOf } from '../domain/failure.ts';
import { copyInto, exportTo, importFrom } from './carry.ts';
import type { Entry } from './catalogue.ts';
import { openCatalogue } from './catalogue.ts';
import type { Restored } from './intent.ts';
import { readRestored, writeRestored } from './intent.ts';
import type { Backup, BackupClass, Manifest } from './manifest.ts';
import { storedName } from './manifest.ts';
import type { VaultOptions, VaultTrouble } from './options.ts';
import { policyOf, SPARE_BYTES } from './options.ts';
import type { ProtectedFile } from './protected.ts';
import { watchFiles } from './protected.ts';
import { datedOf, prune } from './prune.ts';
import type { RestoreHooks, RestoreReport } from './restore.ts';
import { restoreDatabase } from './restore.ts';
import { putCurrentBack, restoreFile } from './restore-file.ts';
import { decideFates, forecast } from './retention.ts';
import { mayTakeNow, nextRoutineAt } from './schedule.ts';
import type { DatabaseSource, Source } from './source.ts';
import { DATABASE } from './source.ts';
import { hasShrunk } from './summarise.ts';
import { takeDatabase, takeFile } from './take.ts';
import { takeTurns } from './turns.ts';
import type { Progress } from './work.ts';
import { createJobRunner } from './worker.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CHECK_EVERY = 5 * MINUTE;
const REHASH_AFTER = 7 * DAY;
/** Longest a backup on quit may hold up the end of the program, ms. */
const QUIT_LIMIT = 4_000;

export interface CreateRequest {
  /** A source's id; the database unless given. */
  source?: string;
  class: BackupClass;
  /** In a few words, for the list: "every 15 minutes", "asked for". */
  reason: string;
  note?: string | null;
  signal?: AbortSignal;
}

/** What a backup holds and what restoring it would change. The facts of the contract's `BackupPreview`. */
export interface Preview {
  id: string;
  counts: Record<string, number>;
  newestEventAt: number | null;
  /** From the newest event inside until now, ms. */
  goesBackMs: number | null;
  monitorsAdded: string[];
  monitorsRemoved: string[];
  monitorsChanged: string[];
  tradesLost: number | null;
  closedSince: string[];
  head: string | null;
  /** Why it cannot be restored, `null` when it can. */
  problem: string | null;
}

/** The vault of one data folder. Everything that writes waits its turn. */
export function createVault(options: VaultOptions) {
  const { clock, log, onChange, onTrouble, installId, programVersion, databasePath, dataDir } =
    options;
  const catalogue = openCatalogue(options.folder, installId);
  const second = options.secondFolder ? openCatalogue(options.secondFolder, installId) : null;
  const spareBytes = options.spareBytes ?? SPARE_BYTES;
  const jobs = createJobRunner();
  const runJob = jobs.run;
  const taking = { catalogue, runJob, clock, programVersion, installId, spareBytes };
  const turns = takeTurns(clock, onChange);
  const failures = new Map<string, { count: number; text: string }>();
  let database: DatabaseSource | null = options.database;
  let restored: Restored | null = null;
  let lastLooks = '';
  let stopTimer = (): void => {};
  let started = false;

  const files = watchFiles({
    listPath: join(dataDir, 'protected-files.json'),
    clock,
    log,
    take: (file) => takeVersion(file),
    refused: (file, error) => {
      fail(file.id, 'file-refused', error, 1);
      onChange();
    },
  });

  // ---- troubles -----------------------------------------------------------------------------------

  /** Logs a failure and tells the operator once it has come `patience` times in a row. */
  function fail(
    source: string,
    kind: VaultTrouble['kind'],
    error: unknown,
    patience = 2,
  ): void {
    const text = sentenceOf(error);
    const count = (failures.get(`${kind} ${source}`)?.count ?? 0) + 1;
    failures.set(`${kind} ${source}`, { count, text });
    log.warn('the vault met trouble', { kind, source, text });
    if (count === patience) onTrouble({ kind, source, text });
  }

  const well = (source: string, kind: VaultTrouble['kind']): boolean =>
    failures.delete(`${kind} ${source}`);

  // ---- making -------------------------------------------------------------------------------------

  const ofSource = (source: string): Manifest[] =>
    catalogue
      .all()
      .filter(({ own, manifest }) => own && manifest.source === source)
      .map(({ manifest }) => manifest)
      .toSorted((a, b) => b.madeAt - a.madeAt);

  const routineTimes = (source: string): number[] =>
    ofSource(source)
      .filter((manifest) => manifest.class === 'routine')
      .map((manifest) => manifest.madeAt);

  function pathOf(source: string): string {
    const file = files.files().find(({ id }) => id === source);
    if (file) return file.path;
    throw new Failure('NOT_FOUND', `There is no source "${source}" to back up.`);
  }

  /** Makes one backup, copies it to the second folder, prunes. `null`: nothing new to keep. */
  async function take(
    request: CreateRequest,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Manifest | null> {
    const source = request.source ?? DATABASE;
    const { made } = await catalogue.refresh();
    if (made && started) {
      const text = `The backup folder was gone and is made anew: ${options.folder}. Earlier backups are missing.`;
      onTrouble({ kind: 'vault-missing', source: null, text });
    }
    const previous = ofSource(source).find((manifest) => manifest.verified);
    const unless = request.class === 'routine' ? (previous?.contentSha256 ?? null) : null;
    const wanted = {
      source,
      class: request.class,
      reason: request.reason,
      note: request.note ?? null,
      unless,
    };
    let manifest: Manifest | null;
    if (source === DATABASE) {
      if (!database) throw new Failure('NOT_READY', 'The database is not open, so it cannot be backed up.');
      const looks = databaseLooks(databasePath);
      manifest = await takeDatabase(taking, database, wanted, progress, signal);
      lastLooks = looks;
    } else {
      manifest = await takeFile(taking, pathOf(source), wanted, progress, signal);
    }
    well(source, 'backup-failed');
    if (!manifest) return null;
    if (previous && manifest.kind === 'file' && hasShrunk(previous.counts, manifest.counts)) {
      await keepBeforeShrinking(previous, manifest);
    }
    onChange();
    await carryOver(manifest);
    await cleanUp();
    return manifest;
  }

  /** A file that lost half of its entries may be a failed load that was saved (P42). */
  async function keepBeforeShrinking(previous: Manifest, manifest: Manifest): Promise<void> {
    await catalogue.update(previous.id, { pinned: true, note: 'Pinned: the next version is much smaller.' });
    const text = `${manifest.sourcePath} lost half of its entries or more. The version before, ${previous.id}, is pinned.`;
    onTrouble({ kind: 'file-shrunk', source: manifest.source, text });
  }

  async function carryOver(manifest: Manifest): Promise<void> {
    if (!second) return;
    try {
      await copyInto(runJob, second, catalogue.storedPath(manifest.id), manifest);
      await prune(second, pruning());
      well('second', 'second-folder-failed');
    } catch (error) {
      fail('second', 'second-folder-failed', error);
    }
  }

  const pruning = () => ({
    policy: policyOf(options.settings()),
    now: clock.now(),
    heldId: restored?.undo ? restored.beforeId : null,
    log,
    runJob,
  });

  /** A clean-up that fails never stops a save: the old ones stay. */
  async function cleanUp(): Promise<void> {
    try {
      const gone = await prune(catalogue, pruning());
      if (gone.length > 0) log.info('old backups were deleted', { gone });
      well('vault', 'clean-up-failed');
    } catch (error) {
      fail('vault', 'clean-up-failed', error);
    }
  }

  async function takeVersion(file: ProtectedFile): Promise<void> {
    await turns.run(`backing up ${file.path}`, async (progress, signal) => {
      if (!files.files().some(({ id }) => id === file.id)) return;
      await take({ source: file.id, class: 'routine', reason: 'changed' }, progress, signal);
      well(file.id, 'file-refused');
    });
  }

  // ---- schedule -----------------------------------------------------------------------------------

  /** Takes what is due: decided from stored times each time, so sleep and clock jumps do no harm. */
  async function check(): Promise<void> {
    if (!database) return;
    const due = nextRoutineAt(routineTimes(DATABASE), clock.now(), options.settings().minimumMinutes * MINUTE);
    if (due <= clock.now() && databaseLooks(databasePath) !== lastLooks) {
      await takeRoutine('changed since the last one');
    }
    await rehashWeekly();
  }

  async function takeRoutine(reason: string, signal?: AbortSignal): Promise<void> {
    try {
      await turns.run(
        'backing up the database',
        (progress, stop) => take({ class: 'routine', reason }, progress, stop),
        signal,
      );
    } catch (error) {
      fail(DATABASE, 'backup-failed', error);
      onChange();
    }
  }

  async function rehashWeekly(): Promise<void> {
    const now = clock.now();
    const old = catalogue.all().filter(({ own, usable, manifest: { verifiedAt, verified } }) => {
      if (!own || !usable || !verified) return false;
      return verifiedAt === null || verifiedAt > now + DAY || now - verifiedAt > REHASH_AFTER;
    });
    for (const { manifest } of old) {
      if (!started) return;
      await verify(manifest.id, 'weekly');
    }
  }

  function schedule(): void {
    if (!started) return;
    stopTimer = clock.after(CHECK_EVERY, () => {
      void check()
        .catch((error: unknown) => fail('vault', 'backup-failed', error))
        .finally(schedule);
    });
  }

  // ---- looking ------------------------------------------------------------------------------------

  async function verify(id: string, how: 'weekly' | 'asked'): Promise<Backup> {
    return turns.run(`checking ${id}`, async (progress, signal) => {
      await catalogue.refresh();
      const entry = catalogue.get(id);
      if (!entry.usable) return rowOf(entry);
      const stored = catalogue.storedPath(id);
      const input = { stored, expected: entry.manifest, compareWith: null };
      const { problem } = await runJob('look', input, progress, signal);
      const verifiedAt = clock.now();
      await catalogue.update(id, {
        verified: problem === null,
        verifyError: problem,
        verifiedAt,
        verifiedHow: how,
      });
      if (problem !== null && entry.manifest.verified) {
        const text = `The backup ${id} failed its check. ${problem}`;
        onTrouble({ kind: 'verify-failed', source: entry.manifest.source, text });
      }
      onChange();
      return rowOf(catalogue.get(id));
    });
  }

  async function preview(id: string): Promise<Preview> {
    return turns.run(`looking into ${id}`, async (progress, signal) => {
      const { manifest, usable } = catalogue.get(id);
      const { counts, newestEventAt } = manifest;
      const goesBackMs = newestEventAt === null ? null : Math.max(0, clock.now() - newestEventAt);
      const facts = { id, counts, newestEventAt, goesBackMs };
      const compareWith = manifest.kind === 'database' && database ? databasePath : null;
      const input = { stored: catalogue.storedPath(id), expected: manifest, compareWith };
      const look = usable
        ? await runJob('look', input, progress, signal)
        : { problem: manifest.verifyError, difference: null, head: null };
      const { difference, head, problem } = look;
      return {
        ...facts,
        monitorsAdded: difference?.monitorsAdded ?? [],
        monitorsRemoved: difference?.monitorsRemoved ?? [],
        monitorsChanged: difference?.monitorsChanged ?? [],
        tradesLost: difference?.tradesLost ?? null,
        closedSince: difference?.closedSince ?? [],
        head,
        problem,
      };
    });
  }

  function fates(): Map<string, Backup['fate']> {
    const { policy, now, heldId } = pruning();
    const all = decideFates(datedOf(catalogue.all(), heldId), policy, now);
    return new Map(all.map(({ id, keep, why }) => [id, { keep, why }]));
  }

  const rowOf = (entry: Entry, all = fates()): Backup => ({
    ...entry.manifest,
    file: storedName(entry.manifest.id),
    fate: all.get(entry.manifest.id) ?? { keep: true, why: 'Kept.' },
  });

  // ---- restoring ----------------------------------------------------------------------------------

  async function restoreOne(
    id: string,
    hooks: RestoreHooks,
    undoing: boolean,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RestoreReport> {
    await catalogue.refresh();
    const { manifest, usable } = catalogue.get(id);
    if (!usable) throw new Failure('REFUSED', `${id} cannot be restored. ${manifest.verifyError ?? ''}`);
    const backUpFirst = async (source: string): Promise<Manifest> => {
      const request = { source, class: 'before-restore', reason: `before restoring ${id}` } as const;
      const before = await take({ ...request, signal }, progress, signal);
      if (!before) throw new Failure('UNEXPECTED', 'The present state could not be kept.');
      return before;
    };
    if (manifest.kind === 'database') {
      const report = await restoreDatabase(
        { ...options, database, catalogue, runJob, backUpFirst: () => backUpFirst(DATABASE), progress, signal },
        manifest,
        hooks,
        { undoing },
      );
      restored = await readRestored(dataDir);
      lastLooks = '';
      return report;
    }
    return restoreProtected(manifest, backUpFirst, undoing, progress, signal);
  }

  async function restoreProtected(
    manifest: Manifest,
    backUpFirst: (source: string) => Promise<Manifest>,
    undoing: boolean,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RestoreReport> {
    const { id, source } = manifest;
    const file = files.files().find((one) => one.id === source);
    if (!file) {
      const text = `The file of ${id} is not protected any more. Protect ${manifest.sourcePath}, then restore.`;
      throw new Failure('REFUSED', text);
    }
    // What is not worth a backup (gone, not JSON) is still kept beside it as `.current`.
    const before = await backUpFirst(source).catch(() => null);
    const { counts } = await restoreFile({ catalogue, runJob, progress, signal }, manifest, file.path);
    restored = {
      restoredId: id,
      restoredAt: clock.now(),
      source,
      beforeId: before?.id ?? null,
      undo: !undoing,
      paused: restored?.paused ?? null,
      closedSince: restored?.closedSince ?? [],
    };
    await writeRestored(dataDir, restored);
    const items = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    const text = `Restored ${file.path} from ${id}: ${items.join(', ') || 'no lists'}. What was there is kept as ${file.path}.current.`;
    return { id, counts, outcome: 'done', beforeId: before?.id ?? null, difference: null, text };
  }

  async function setRestored(change: Partial<Restored>): Promise<void> {
    if (!restored) return;
    restored = { ...restored, ...change };
    await writeRestored(dataDir, restored.undo || restored.paused ? restored : null);
    onChange();
  }

  return {
    /** Sweeps, reads the folder, takes what is overdue and begins to watch. */
    async start(): Promise<void> {
      try {
        const swept = await catalogue.recover();
        if (swept.length > 0) log.info('unfinished backups were removed', { swept });
        await catalogue.refresh();
      } catch (error) {
        fail('vault', 'backup-failed', error, 1);
      }
      restored = await readRestored(dataDir);
      await files.load();
      started = true;
      files.start();
      schedule();
      onChange();
      void check().catch((error: unknown) => fail('vault', 'backup-failed', error));
    },

    /** Ends the schedule and makes the backup on quit, within 4 s. */
    async stop(): Promise<void> {
      if (!started) return jobs.close();
      started = false;
      stopTimer();
      await files.stop();
      const changed = database && databaseLooks(databasePath) !== lastLooks;
      if (changed && mayTakeNow(routineTimes(DATABASE), clock.now())) {
        const limit = new AbortController();
        const stop = clock.after(QUIT_LIMIT, () => limit.abort());
        await takeRoutine('on quit', limit.signal);
        stop();
      }
      turns.cancel();
      await turns.idle();
      await jobs.close();
    },

    /** Takes what is due, now: also for a machine that wakes up. */
    checkNow: check,

    /** Reads the folder without starting anything: for the command line. */
    async open(): Promise<void> {
      await catalogue.recover();
      await catalogue.refresh();
      restored = await readRestored(dataDir);
      await files.load();
    },

    /** Hands over the database once it is open, or `null` when it is let go. */
    attach(opened: DatabaseSource | null): void {
      database = opened;
    },

    async create(request: CreateRequest): Promise<Backup> {
      const source = request.source ?? DATABASE;
      const made = await turns
        .run(`backing up ${source}`, (progress, stop) => take(request, progress, stop), request.signal)
        .catch((error: unknown) => {
          fail(source, 'backup-failed', error);
          throw error;
        });
      const entry = made ? catalogue.get(made.id) : null;
      const newest = entry ?? catalogue.get(ofSource(source)[0]?.id ?? '');
      return rowOf(newest);
    },

    /** Newest first. */
    list(): Backup[] {
      const all = fates();
      return catalogue
        .all()
        .map((entry) => rowOf(entry, all))
        .toSorted((a, b) => b.madeAt - a.madeAt || (a.id < b.id ? 1 : -1));
    },

    sources(): Source[] {
      const wanted: Pick<Source, 'id' | 'kind' | 'path'>[] = [
        { id: DATABASE, kind: 'database', path: databasePath },
        ...files.files().map(({ id, path }) => ({ id, kind: 'file' as const, path })),
      ];
      const minimum = options.settings().minimumMinutes * MINUTE;
      return wanted.map((source) => ({
        ...source,
        lastVersionAt: ofSource(source.id).find(({ verified }) => verified)?.madeAt ?? null,
        nextDueAt:
          source.kind === 'database'
            ? nextRoutineAt(routineTimes(source.id), clock.now(), minimum)
            : null,
        lastFailure:
          failures.get(`backup-failed ${source.id}`)?.text ??
          failures.get(`file-refused ${source.id}`)?.text ??
          null,
      }));
    },

    running: turns.running,
    /** Stops what is running; what is already being replaced is not stopped half-way. */
    cancel: turns.cancel,
    verify: (id: string): Promise<Backup> => verify(id, 'asked'),
    async verifyAll(): Promise<Backup[]> {
      const rows: Backup[] = [];
      for (const { manifest } of catalogue.all()) rows.push(await verify(manifest.id, 'asked'));
      return rows;
    },
    preview,

    /** When each backup would go in the coming day, were one made at every chance; ms by id. */
    forecast: (): Map<string, number> => {
      const { policy, now, heldId } = pruning();
      const every = options.settings().minimumMinutes * MINUTE;
      return forecast(datedOf(catalogue.all(), heldId), policy, now, { every, span: DAY });
    },

    async pin(id: string): Promise<Backup> {
      await catalogue.update(catalogue.get(id).manifest.id, { pinned: true });
      onChange();
      return rowOf(catalogue.get(id));
    },
    async unpin(id: string): Promise<Backup> {
      await catalogue.update(catalogue.get(id).manifest.id, { pinned: false });
      onChange();
      return rowOf(catalogue.get(id));
    },

    /** Deletes one by hand; `confirm` is its id again. Never the last verified one of its source. */
    async delete(id: string, confirm: string): Promise<void> {
      if (confirm !== id) throw new Failure('NOT_CONFIRMED', `To delete it, confirm with its name: ${id}.`);
      await turns.run(`deleting ${id}`, async () => {
        const { manifest, own } = catalogue.get(id);
        const refuse = (why: string): Failure => new Failure('REFUSED', `${id} is not deleted: ${why}`);
        if (!own) throw refuse('this installation did not make it. Remove its files by hand.');
        if (manifest.pinned) throw refuse('it is pinned. Unpin it first.');
        if (pruning().heldId === id) throw refuse('a restore can still be undone with it.');
        const others = ofSource(manifest.source).filter((one) => one.verified && one.id !== id);
        if (manifest.verified && others.length === 0) {
          throw refuse('it is the last verified one. Make another first.');
        }
        await catalogue.remove(id);
        onChange();
      });
    },

    export: (id: string, folder: string): Promise<string> =>
      turns.run(`exporting ${id}`, () => {
        const { manifest, usable } = catalogue.get(id);
        if (usable) return exportTo(runJob, catalogue, manifest, folder);
        throw new Failure('REFUSED', `${id} is not exported. ${manifest.verifyError ?? ''}`);
      }),

    import: (file: string): Promise<Backup> =>
      turns.run(`importing ${file}`, async () => {
        const manifest = await importFrom(runJob, catalogue, file, installId);
        onChange();
        return rowOf(catalogue.get(manifest.id));
      }),

    async protect(path: string): Promise<Source> {
      const file = await files.protect(path);
      try {
        await takeVersion(file);
      } catch (error) {
        if (ofSource(file.id).length === 0) await files.unprotect(file.id);
        throw error;
      }
      onChange();
      const lastVersionAt = ofSource(file.id)[0]?.madeAt ?? null;
      return { ...file, kind: 'file', lastVersionAt, nextDueAt: null, lastFailure: null };
    },

    /** Stops watching; the versions in the vault stay. */
    async unprotect(source: string): Promise<void> {
      await files.unprotect(source);
      onChange();
    },

    /** Restores by id, after the operator confirmed. See `restoreDatabase` and `restoreFile`. */
    restore: (id: string, hooks: RestoreHooks): Promise<RestoreReport> =>
      turns.run(`restoring ${id}`, (progress, signal) =>
        restoreOne(id, hooks, false, progress, signal),
      ),

    /** Takes the last restore back. */
    undo: (hooks: RestoreHooks): Promise<RestoreReport> =>
      turns.run('undoing the restore', async (progress, signal) => {
        if (!restored?.undo) throw new Failure('NOT_FOUND', 'There is no restore to undo.');
        const { beforeId, source, restoredId } = restored;
        if (beforeId !== null) {
          const report = await restoreOne(beforeId, hooks, true, progress, signal);
          return { ...report, text: `The restore of ${restoredId} is undone. ${report.text}` };
        }
        await putCurrentBack(pathOf(source));
        await setRestored({ undo: false });
        const text = `The restore of ${restoredId} is undone: the file from before is back.`;
        return { id: restoredId, counts: {}, outcome: 'done', beforeId, difference: null, text };
      }),

    undoAvailable: (): { restoredId: string; restoredAt: number } | null =>
      restored?.undo
        ? { restoredId: restored.restoredId, restoredAt: restored.restoredAt }
        : null,
    dismissUndo: (): Promise<void> => setRestored({ undo: false }),
    /** Set by a restore, kept through restarts, until `resume`. */
    paused: (): Restored['paused'] => restored?.paused ?? null,
    /** Positions that closed after the restored backup was made: they must stay closed (P41). */
    closedSince: (): string[] => restored?.closedSince ?? [],
    resume: (): Promise<void> => setRestored({ paused: null }),

    totalSize: (): number =>
      catalogue.all().reduce((sum, { manifest }) => sum + manifest.storedSize, 0),
    sizeLimit: (): number => policyOf(options.settings()).sizeLimit,
  };
}

export type Vault = ReturnType<typeof createVault>;

/** Changes whenever anything was written to the database since. */
function databaseLooks(path: string): string {
  return [path, `${path}-wal`]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found ? `${found.size}:${found.mtimeMs}` : '-';
    })
    .join(' ');
}
