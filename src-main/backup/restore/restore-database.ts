import { existsSync } from 'node:fs';
import type { Clock } from '../../domain/clock.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Difference } from '../files/describe-database.ts';
import { requireSpace } from '../files/disk.ts';
import type { Manifest } from '../files/manifest.ts';
import type { DatabaseSource } from '../files/source.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress, Staged } from '../worker/jobs.ts';
import type { Restored } from './restore-journal.ts';
import {
  dropIntent,
  finishInterrupted,
  restoreFiles,
  writeIntent,
  writeRestored,
} from './restore-journal.ts';

/** What the desk does around a restore of the database. */
export interface RestoreHooks {
  /** Nothing reads or acts from here on. */
  stopLoop(): Promise<void>;
  /** The new state is in place: drop the caches, load, start paused and disarmed, reconcile. */
  resumed(report: RestoreReport): Promise<void>;
  /** Nothing was changed: go on as before. */
  abandoned(why: string): Promise<void>;
}

export interface RestoreReport {
  id: string;
  counts: Record<string, number>;
  /** `at-next-start`: the live file is damaged, so the new one takes over when Holdfast starts again. */
  outcome: 'done' | 'at-next-start';
  beforeId: string | null;
  /** What changed against the state before; `null` when that could not be read. */
  difference: Difference | null;
  text: string;
}

export interface Restoring {
  dataDir: string;
  databasePath: string;
  /** `null` while the database cannot be opened. */
  database: DatabaseSource | null;
  catalogue: Catalogue;
  runJob: RunJob;
  clock: Clock;
  log: Log;
  /** Makes the before-restore backup. */
  backUpFirst: () => Promise<Manifest>;
  progress: Progress;
  signal: AbortSignal;
}

export const PAUSED_WHY =
  'A backup was restored. Compare it with the exchange, then resume. The accounts stay disarmed until you arm them.';

/** Restores the database, all or nothing. Killed at any point, the next start ends it or drops it. */
export async function restoreDatabase(
  restoring: Restoring,
  manifest: Manifest,
  hooks: RestoreHooks,
  { undoing }: { undoing: boolean },
): Promise<RestoreReport> {
  const staged = await stage(restoring, manifest);
  restoring.progress('stopping', 0, 1);
  await hooks.stopLoop();
  let report: RestoreReport;
  try {
    report = await replace(restoring, manifest, staged, undoing);
  } catch (error) {
    if (existsSync(restoreFiles(restoring.dataDir).intent)) {
      const why = `The restore could not be completed: ${sentenceOf(error)} Restart Holdfast to complete it.`;
      throw new Failure('NOT_READY', why, { cause: error });
    }
    restoring.database?.allowWrites();
    await dropIntent(restoring.dataDir);
    await hooks.abandoned(`Nothing was changed. ${sentenceOf(error)}`);
    throw error;
  }
  if (report.outcome === 'done') restoring.database?.allowWrites();
  await hooks.resumed(report);
  return report;
}

async function replace(
  restoring: Restoring,
  manifest: Manifest,
  staged: Staged,
  undoing: boolean,
): Promise<RestoreReport> {
  const { dataDir, database, progress, clock } = restoring;
  database?.refuseWrites('A backup is being restored.');
  const before = database ? await keepWhatIs(restoring, database) : null;
  const beforeId = before?.id ?? null;
  restoring.signal.throwIfAborted();
  progress('comparing', 0, 1);
  const difference = await compareWithNow(restoring);
  const restored: Restored = {
    restoredId: manifest.id,
    restoredAt: clock.now(),
    source: manifest.source,
    beforeId,
    undo: !undoing && before?.verified === true,
    paused: { since: clock.now(), why: PAUSED_WHY },
    closedSince: difference?.closedSince ?? [],
  };
  progress('deciding', 0, 1);
  await writeIntent(dataDir, {
    database: restoring.databasePath,
    stageSha256: staged.sha256,
    restored,
  });
  const outcome = await apply(restoring, staged, restored);
  return reportOf(manifest, staged, { outcome, beforeId, difference });
}

async function stage(restoring: Restoring, manifest: Manifest): Promise<Staged> {
  const { dataDir, catalogue, runJob, progress, signal } = restoring;
  await dropIntent(dataDir);
  await requireSpace(dataDir, 2 * manifest.size);
  const input = {
    stored: catalogue.storedPath(manifest.id),
    expected: manifest,
    target: restoreFiles(dataDir).stage,
  };
  const staged = await runJob('unpackDatabase', input, progress, signal);
  if (staged.problem === null) return staged;
  await dropIntent(dataDir);
  await catalogue.update(manifest.id, { verified: false, verifyError: staged.problem });
  throw new Failure('REFUSED', `${manifest.id} cannot be restored. ${staged.problem}`);
}

/** The before-restore backup; only a database too damaged to be copied goes on without. */
async function keepWhatIs(
  { backUpFirst, runJob, log }: Restoring,
  database: DatabaseSource,
): Promise<Manifest | null> {
  try {
    return await backUpFirst();
  } catch (error) {
    if ((await runJob('quickCheck', { path: database.path })) === null) throw error;
    log.warn('the damaged database could not be backed up before the restore', {
      why: sentenceOf(error),
    });
    return null;
  }
}

async function compareWithNow(restoring: Restoring): Promise<Difference | null> {
  try {
    const backup = restoreFiles(restoring.dataDir).stage;
    return await restoring.runJob('compare', { now: restoring.databasePath, backup });
  } catch (error) {
    restoring.log.warn('the state before the restore could not be read', {
      why: sentenceOf(error),
    });
    return null;
  }
}

async function apply(
  restoring: Restoring,
  staged: Staged,
  restored: Restored,
): Promise<RestoreReport['outcome']> {
  const { dataDir, database, databasePath, runJob, progress, log } = restoring;
  if (!database) {
    await finishInterrupted(dataDir);
    return 'done';
  }
  progress('replacing', 0, 1);
  try {
    await database.replaceFrom(restoreFiles(dataDir).stage);
  } catch (error) {
    const now = await runJob('outline', { path: databasePath }).catch(() => null);
    if (now?.refusal === null) {
      // In one transaction, so this is still the old state.
      await dropIntent(dataDir);
      throw error;
    }
    log.warn('the live database is too damaged to be replaced in place', {
      why: sentenceOf(error),
    });
    return 'at-next-start';
  }
  progress('comparing with the backup', 0, 1);
  const now = await runJob('outline', { path: databasePath });
  const different = Object.keys(staged.facts.counts).filter(
    (name) => now.counts[name] !== staged.facts.counts[name],
  );
  if (now.refusal !== null || different.length > 0) {
    log.error('the restored database differs from its backup', { different, why: now.refusal });
    return 'at-next-start';
  }
  progress('finishing', 0, 1);
  await writeRestored(dataDir, restored);
  await dropIntent(dataDir);
  return 'done';
}

function reportOf(
  manifest: Manifest,
  staged: Staged,
  rest: Pick<RestoreReport, 'outcome' | 'beforeId' | 'difference'>,
): RestoreReport {
  const { counts } = staged.facts;
  const what = `${counts['monitors'] ?? 0} monitors, ${counts['openTrades'] ?? 0} open trades and ${
    counts['executions'] ?? 0
  } executions`;
  const text =
    rest.outcome === 'done'
      ? `Restored ${manifest.id}: ${what}. Holdfast is paused and the accounts are disarmed.`
      : `${manifest.id} is ready, but the current database is damaged. Restart Holdfast to complete the restore.`;
  return { id: manifest.id, counts, ...rest, text };
}
