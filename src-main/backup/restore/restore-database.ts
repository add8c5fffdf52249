import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import { requireSpace } from '../disk.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Difference } from '../files/describe-database.ts';
import type { Manifest } from '../files/manifest.ts';
import type { DatabaseSource } from '../files/source.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress, Staged } from '../worker/jobs.ts';
import type { Aftermath } from './aftermath.ts';
import { withRestored } from './aftermath.ts';
import { bringArchivesBack } from './archives-back.ts';
import { dropIntent, finishInterrupted, restoreFiles, writeIntent } from './restore-journal.ts';

/** What the desk does around a restore of the database. */
export interface RestoreHooks {
  /** Nothing reads or acts from here on. */
  stopLoop(): Promise<void>;
  /**
   * The new state is in place and saves are taken: drop the caches, load, start paused and disarmed,
   * reconcile. A throw brings the state before back.
   */
  resumed(report: RestoreReport): Promise<void>;
  /** Nothing was changed: go on as before. */
  abandoned(why: string): Promise<void>;
  /** The new state could not be gone on with; the one before is back: load that, paused and disarmed. */
  wentBack(why: string): Promise<void>;
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
  /** What earlier restores left to remember. */
  aftermath: () => Aftermath;
  /** Remembers, in memory at once; throws when it cannot be written. */
  remember: (aftermath: Aftermath) => Promise<void>;
  progress: Progress;
  signal: AbortSignal;
}

const pausedWhy = (undoing: boolean): string =>
  `${undoing ? 'The restore was undone' : 'A backup was restored'}. Compare with the exchange, then resume. The accounts stay disarmed until you arm them.`;

type Marked = Staged & {
  epoch: string;
  /** What did not come back beside the database, as a sentence. */
  without: string | null;
};

/**
 * Restores the database, all or nothing: killed or failed at any point, what is live is the old state
 * or the new, and it is saved to.
 */
export async function restoreDatabase(
  restoring: Restoring,
  manifest: Manifest,
  hooks: RestoreHooks,
  { undoing }: { undoing: boolean },
): Promise<RestoreReport> {
  const { database, dataDir, log } = restoring;
  const staged = await stage(restoring, manifest);
  const earlier = restoring.aftermath();
  let before: Manifest | null = null;
  let report: RestoreReport;
  try {
    restoring.progress('stopping', 0, 1);
    await hooks.stopLoop();
    database?.refuseWrites('A backup is being restored.');
    before = database ? await keepWhatIs(restoring, database) : null;
    restoring.signal.throwIfAborted();
    report = await replace(restoring, manifest, staged, before, undoing);
  } catch (error) {
    const why = sentenceOf(error);
    database?.allowWrites();
    await dropIntent(dataDir).catch((left: unknown) =>
      log.warn('the note of the restore could not be removed', { why: sentenceOf(left) }),
    );
    await hooks.abandoned(`Nothing was changed: the restore of ${manifest.id} failed. ${why}`);
    throw error;
  }
  try {
    if (report.outcome === 'done') await proveLive(restoring, staged);
    database?.allowWrites();
    await hooks.resumed(report);
    return report;
  } catch (error) {
    if (report.outcome === 'at-next-start') throw error;
    const why = await goBack(
      restoring,
      before,
      earlier,
      `Restoring ${manifest.id} failed. ${sentenceOf(error)}`,
    );
    await hooks.wentBack(why);
    throw new Failure('UNEXPECTED', why, { cause: error });
  }
}

/** Unpacked, checked, brought to this program's schema, and marked as the state it is to become. */
async function stage(restoring: Restoring, manifest: Manifest): Promise<Marked> {
  const { dataDir, catalogue, runJob, progress, signal } = restoring;
  await dropIntent(dataDir);
  await requireSpace(dataDir, 2 * manifest.size);
  const epoch = randomUUID();
  const target = restoreFiles(dataDir).stage;
  const stored = catalogue.storedPath(manifest.id);
  const input = { stored, expected: manifest, target, epoch };
  const staged = await runJob('unpackDatabase', input, progress, signal).catch(async (error) => {
    await dropIntent(dataDir);
    throw error;
  });
  if (staged.problem === null) {
    return { ...staged, epoch, without: await bringArchivesBack(restoring, manifest) };
  }
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

/** Puts the stage in place. Whatever it throws, the old state stands. */
async function replace(
  restoring: Restoring,
  manifest: Manifest,
  staged: Marked,
  before: Manifest | null,
  undoing: boolean,
): Promise<RestoreReport> {
  const { dataDir, progress, clock } = restoring;
  progress('comparing', 0, 1);
  const difference = await compareWithNow(restoring);
  const restored = {
    restoredId: manifest.id,
    restoredAt: clock.now(),
    source: manifest.source,
    beforeId: before?.id ?? null,
    currentSha256: null,
    undo: !undoing && before?.verified === true,
  };
  const aftermath = withRestored(
    {
      ...restoring.aftermath(),
      paused: { since: clock.now(), why: pausedWhy(undoing) },
      closedSince: difference?.closedSince ?? [],
    },
    restored,
    clock.now(),
  );
  progress('deciding', 0, 1);
  const intent = { epoch: staged.epoch, swap: null, aftermath };
  await writeIntent(dataDir, intent);
  const inPlace = await replaceInPlace(restoring, staged);
  if (!inPlace) await writeIntent(dataDir, { ...intent, swap: { stageSha256: staged.sha256 } });
  progress('finishing', 0, 1);
  if (!restoring.database) await finishInterrupted(dataDir);
  const outcome = inPlace || !restoring.database ? 'done' : 'at-next-start';
  if (outcome === 'done') await conclude(restoring, aftermath);
  return reportOf(manifest, staged, { outcome, beforeId: restored.beforeId, difference });
}

/** False when the live file is missing or too damaged to be written to. */
async function replaceInPlace(restoring: Restoring, staged: Marked): Promise<boolean> {
  const { dataDir, database, databasePath, runJob, progress, log } = restoring;
  if (!database) return false;
  progress('replacing', 0, 1);
  try {
    await database.replaceFrom(restoreFiles(dataDir).stage);
    return true;
  } catch (error) {
    const why = sentenceOf(error);
    const now = await runJob('outline', { path: databasePath }).catch(() => null);
    if (now?.refusal === null) {
      // Readable, so its epoch tells on which side of the transaction it failed.
      if (database.epoch() !== staged.epoch) throw error;
      log.warn('the restored database is in place, but the disk reported an error', { why });
      return true;
    }
    log.warn('the live database is too damaged to be replaced in place', { why });
    return false;
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

/** Remembers that the new state is in place. Where that cannot be written, the intent still says so. */
async function conclude(restoring: Restoring, aftermath: Aftermath): Promise<void> {
  try {
    await restoring.remember(aftermath);
    await dropIntent(restoring.dataDir);
  } catch (error) {
    const why = sentenceOf(error);
    restoring.log.warn('the restore is done; the next start records it', { why });
  }
}

/** Holds what is live now against what was to be put there. */
async function proveLive({ runJob, databasePath }: Restoring, staged: Marked): Promise<void> {
  const now = await runJob('outline', { path: databasePath });
  const { counts } = staged.facts;
  const different = Object.keys(counts).filter((name) => now.counts[name] !== counts[name]);
  if (now.refusal === null && different.length === 0) return;
  const what = now.refusal ?? `It differs in ${different.join(', ')}.`;
  throw new Failure('UNEXPECTED', `The restored data differs from its backup. ${what}`);
}

/** Brings the state before a restore back, paused; saves are taken again in any case. Says how it went. */
async function goBack(
  restoring: Restoring,
  before: Manifest | null,
  earlier: Aftermath,
  failed: string,
): Promise<string> {
  const { dataDir, database, clock, log, progress } = restoring;
  const paused = (why: string): Aftermath => ({ ...earlier, paused: { since: clock.now(), why } });
  const back = `${failed} Your previous state is back; Holdfast is paused and the accounts are disarmed.`;
  try {
    if (!database || !before?.verified) {
      throw new Failure('NOT_FOUND', 'The previous state could not be kept as a backup.');
    }
    progress('going back', 0, 1);
    database.refuseWrites('A restore is being undone.');
    const staged = await stage({ ...restoring, signal: new AbortController().signal }, before);
    await writeIntent(dataDir, { epoch: staged.epoch, swap: null, aftermath: paused(back) });
    await database.replaceFrom(restoreFiles(dataDir).stage);
    await conclude(restoring, paused(back));
    return back;
  } catch (error) {
    const why = sentenceOf(error);
    log.error('the state before the restore could not be put back', { why });
    const stays = `${failed} Your previous state could not be put back (${why}), so the restored state stays; Holdfast is paused and the accounts are disarmed.`;
    await conclude(restoring, { ...restoring.aftermath(), paused: paused(stays).paused });
    return stays;
  } finally {
    database?.allowWrites();
  }
}

function reportOf(
  manifest: Manifest,
  staged: Marked,
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
  return { id: manifest.id, counts, ...rest, text: [text, staged.without ?? []].flat().join(' ') };
}
