import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  BackupForecast,
  BackupPreview,
  BackupsState,
} from '../../src-preload/contract/backups.ts';
import { sentenceOf } from '../domain/failure.ts';
import { answering } from './files/answering.ts';
import { openCatalogue, sizeOf } from './files/catalogue.ts';
import type { Backup } from './files/manifest.ts';
import type { DatabaseSource, Source } from './files/source.ts';
import { DATABASE } from './files/source.ts';
import { exportTo, importFrom } from './make/copies.ts';
import { deleteByHand } from './make/delete-by-hand.ts';
import type { CreateRequest } from './make/maker.ts';
import { createMaker } from './make/maker.ts';
import type { ProtectedFile } from './make/protected-list.ts';
import { createWatchedFiles, signature } from './make/watched-files.ts';
import type { VaultOptions } from './options.ts';
import { policyOf } from './options.ts';
import { createInspector } from './preview.ts';
import type { RestoreHooks, RestoreReport } from './restore/restore-database.ts';
import { createRestorer } from './restore/restorer.ts';
import { createTending } from './tending.ts';
import { countTroubles } from './troubles.ts';
import { firstGood, verifyAll } from './verifying.ts';
import { createJobRunner } from './worker/job-runner.ts';
import { createQueue } from './worker/queue.ts';

const DAY = 24 * 3_600_000;
/** Longest a backup on quit may hold up the end of the program, ms. */
const QUIT_LIMIT = 1_500;

/** The vault of one data folder. Everything that writes waits its turn. */
export function createVault(options: VaultOptions) {
  const { clock, log, onChange, databasePath, dataDir, installId } = options;
  const catalogue = answering(
    openCatalogue(options.folder, installId, options.formerly),
    options.patience,
  );
  const jobs = createJobRunner();
  const turns = createQueue(clock, onChange);
  const troubles = countTroubles(log, options.onTrouble);
  let database = options.database;
  let started = false;
  /** Why the vault cannot be used at all, `null` when it can. */
  let closed: string | null = null;

  const files = createWatchedFiles({
    listPath: join(dataDir, 'protected-files.json'),
    clock,
    log,
    take: takeVersion,
    signature,
    routineDue: ({ id }) => maker.dueAt(id) <= clock.now(),
    refused: (file, error) => {
      troubles.failed('file-refused', file.id, error, 1);
      onChange();
    },
  });
  const parts = { options, catalogue, runJob: jobs.run, database: () => database };
  const restorer = createRestorer({ ...parts, files, maker: () => maker });
  const maker = createMaker({ ...parts, troubles, files: files.files, holding: restorer.holding });
  const looker = createInspector({
    ...parts,
    pruning: maker.pruning,
    livePath: () => (existsSync(databasePath) ? databasePath : null),
  });
  const verify = (id: string, how: 'weekly' | 'asked'): Promise<Backup> =>
    turns.run(`checking ${id}`, (progress, signal) => looker.verify(id, how, progress, signal));
  const tending = createTending({
    ...parts,
    clock,
    turns,
    troubles,
    maker,
    databasePath,
    verify: (id) => verify(id, 'weekly'),
    onChange,
  });

  async function takeVersion(file: ProtectedFile): Promise<{ owed: boolean }> {
    await turns.run(`backing up ${file.path}`, async (progress, signal) => {
      if (!files.files().some(({ id }) => id === file.id)) return;
      const due = maker.dueAt(file.id) <= clock.now();
      const request = {
        source: file.id,
        class: due ? 'routine' : 'latest',
        reason: 'changed',
      } as const;
      await maker.take(request, progress, signal);
      troubles.wentWell('file-refused', file.id);
    });
    return { owed: maker.ofSource(file.id).find(({ verified }) => verified)?.class === 'latest' };
  }

  const setPinned = (id: string, pinned: boolean): Promise<Backup> =>
    turns.run(`${pinned ? 'pinning' : 'unpinning'} ${id}`, async () => {
      await catalogue.update(catalogue.get(id).manifest.id, { pinned });
      onChange();
      return looker.row(id);
    });

  /**
   * Reads the folder without starting anything: all that the command line needs. Each part that cannot
   * be read is told and left out, so that it stops neither the others nor the desk.
   */
  async function open(): Promise<void> {
    const told = async (what: string, work: () => Promise<unknown>): Promise<string | null> => {
      try {
        await work();
        return null;
      } catch (error) {
        const text = `${what} ${sentenceOf(error)}`;
        options.onTrouble({ kind: 'vault-missing', source: null, text });
        log.error('a part of the vault cannot be used', { text });
        return text;
      }
    };
    await told('The protected files are not being watched.', files.load);
    await told('It is not known what was restored last.', restorer.load);
    closed = await told('No backups can be made.', async () => {
      const swept = await catalogue.recover();
      if (swept.length > 0) log.info('unfinished backups were removed', { swept });
      await maker.refresh();
    });
    if (closed !== null) troubles.failed('backup-failed', DATABASE, closed, 0);
  }

  return {
    open,

    /** Why the vault cannot be used at all, as a sentence; `null` when it can. */
    closed: (): string | null => closed,

    /** Opens, takes what is overdue and begins to watch. A vault that cannot be read stops nothing else. */
    async start(): Promise<void> {
      started = true;
      files.start();
      tending.start();
      onChange();
    },

    /** Ends the schedule, with a backup where something changed; in 4.5 s, whatever does not answer. */
    async stop(): Promise<void> {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const stopWaiting = clock.after(QUIT_LIMIT, turns.cancel);
      const stopLate = clock.after(3 * QUIT_LIMIT, resolve);
      const end = async (): Promise<void> => {
        if (started) {
          started = false;
          tending.stop();
          await files.stop();
          await tending.takeLast();
        }
        await turns.idle();
        await maker.second.stop(QUIT_LIMIT);
        await jobs.close();
      };
      await Promise.race([end(), late]);
      stopWaiting();
      stopLate();
    },

    /** Takes what is due now: also for a machine that wakes up. */
    checkNow: tending.check,

    /** Hands over the database once it is open, or `null` when it is let go. */
    attach(opened: DatabaseSource | null): void {
      database = opened;
    },

    /** Makes a backup; a routine one of what has not changed is the newest there is. */
    async create(request: CreateRequest): Promise<Backup> {
      const source = request.source ?? DATABASE;
      try {
        const made = await turns.run(
          `backing up ${source}`,
          (progress, signal) => maker.take(request, progress, signal),
          request.signal,
        );
        return looker.row(made?.id ?? maker.ofSource(source)[0]?.id ?? '');
      } catch (error) {
        troubles.failed('backup-failed', source, error);
        throw error;
      }
    },

    list: looker.rows,

    sources: (): Source[] => [
      maker.row({ id: DATABASE, kind: 'database', path: databasePath }),
      ...files.files().map((file) => maker.row({ ...file, kind: 'file' })),
    ],

    running: turns.running,
    /** Stops what is running; false when nothing is. What is already being replaced goes on. */
    cancel: turns.cancel,

    verify: (id: string): Promise<Backup> => verify(id, 'asked'),
    verifyAll: () => verifyAll(looker.rows(), (id) => verify(id, 'asked'), catalogue.has),
    /** The newest that proves good: what a lost database is recovered from. */
    newestGood: () => firstGood(looker.rows(), (id) => verify(id, 'asked')),

    preview: (id: string): Promise<BackupPreview> =>
      turns.run(`looking into ${id}`, (progress, signal) => looker.preview(id, progress, signal)),

    /** When each backup would go in the coming day, were one made at every chance; ms by id. */
    forecast: (): Map<string, number> => looker.forecast(maker.minimum(), DAY),

    /** What settings would do, those in force unless given: now, and in the coming day. */
    foresee: (settings = options.settings()): BackupForecast => looker.foresee(settings, DAY),

    pin: (id: string): Promise<Backup> => setPinned(id, true),
    unpin: (id: string): Promise<Backup> => setPinned(id, false),

    /** Deletes one by hand; `confirm` is its id again. Never the last verified one of its source. */
    delete: (id: string, confirm: string): Promise<void> =>
      turns.run(`deleting ${id}`, async () => {
        await deleteByHand(catalogue, id, confirm, restorer.holding(), log);
        onChange();
      }),

    /** Copies one, with its manifest, to a folder; the copy's path. */
    export: (id: string, folder: string): Promise<string> =>
      turns.run(`exporting ${id}`, () => exportTo(jobs.run, catalogue, id, folder)),

    import: (file: string): Promise<Backup> =>
      turns.run(`importing ${file}`, async () => {
        const { id } = await importFrom(jobs.run, catalogue, file, installId);
        onChange();
        return looker.row(id);
      }),

    /** Protects a JSON file, given by its whole path; its first version is taken before this ends. */
    async protect(path: string): Promise<Source> {
      const file = await files.protect(path);
      try {
        await takeVersion(file);
      } catch (error) {
        if (maker.ofSource(file.id).length === 0) await files.unprotect(file.id);
        throw error;
      }
      onChange();
      return maker.row({ ...file, kind: 'file' });
    },
    /** Stops watching; the versions in the vault stay. */
    async unprotect(source: string): Promise<void> {
      await files.unprotect(source);
      onChange();
    },

    /**
     * Restores by id, after the operator confirmed. See `restoreDatabase` and `restoreFile`; a file may
     * go to another folder.
     */
    restore: (id: string, hooks: RestoreHooks, folder?: string): Promise<RestoreReport> =>
      turns.run(`restoring ${id}`, (progress, signal) =>
        restorer.restore(id, { hooks, undoing: false, folder, progress, signal }),
      ),
    /** Takes the last restore back. */
    undo: (hooks: RestoreHooks): Promise<RestoreReport> =>
      turns.run('undoing the restore', (progress, signal) =>
        restorer.undo({ hooks, progress, signal }),
      ),
    undoAvailable(): { restoredId: string; restoredAt: number } | null {
      const restored = restorer.undoable();
      return restored && { restoredId: restored.restoredId, restoredAt: restored.restoredAt };
    },
    async dismissUndo(): Promise<void> {
      await restorer.dismissUndo();
      onChange();
    },
    /** Set by a restore of the database, kept through restarts, until `resume`. */
    paused(): BackupsState['paused'] {
      const { paused, closedSince } = restorer.aftermath();
      return paused && { ...paused, closedSince };
    },
    async resume(): Promise<void> {
      await restorer.resume();
      onChange();
    },

    /** The second folder with how old its newest is; `null` where there is none. */
    second: maker.second.state,
    /** Throws where that folder cannot be the second one. */
    chooseSecond: maker.second.choose,
    /** Brings the second folder up to date; nobody waits for it. */
    copyToSecond: maker.second.refresh,

    /** Bytes as stored, what several share counted once, and the most that the policy allows. */
    totalSize: (): number => sizeOf(catalogue.all()),
    sizeLimit: (): number => policyOf(options.settings()).sizeLimit,
  };
}

export type Vault = ReturnType<typeof createVault>;
