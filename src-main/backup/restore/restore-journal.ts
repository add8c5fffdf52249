import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { COMPANIONS, databasePath, moveAside, playBack } from '../../persistence/file/database.ts';
import { syncAside } from '../../persistence/file/folder.ts';
import { epochAt } from '../../persistence/file/meta.ts';
import { publish, readIfThere, writeDurably } from '../disk.ts';
import { createJobRunner } from '../worker/job-runner.ts';
import type { Aftermath } from './aftermath.ts';
import { aftermathSchema, writeAftermath } from './aftermath.ts';

const intentSchema = z.object({
  /** The data epoch of the new state: a database that carries it has been replaced. */
  epoch: z.string(),
  /**
   * Set when the live file is damaged or missing, so that the stage takes its place as a file: decided
   * with this. `null` when it is replaced in place: decided by SQLite's own transaction.
   */
  swap: z.object({ stageSha256: z.string() }).nullable(),
  /** What to remember once the new state is in place. */
  aftermath: aftermathSchema,
});

export type Intent = z.infer<typeof intentSchema>;

/** The files of a restore, all inside the data folder, whose lock covers them. */
export const restoreFiles = (dataDir: string) => ({
  /** The checked database that is about to take over. */
  stage: join(dataDir, 'restore-stage.db'),
  /** Present from before the new state takes over until that is remembered. */
  intent: join(dataDir, 'restore-intent.json'),
});

export const writeIntent = (dataDir: string, intent: Intent): Promise<void> =>
  writeDurably(restoreFiles(dataDir).intent, JSON.stringify(intent));

/** Ends a restore's bookkeeping: first the intent, so that nothing can repeat it, then the stage. */
export async function dropIntent(dataDir: string): Promise<void> {
  const { intent, stage } = restoreFiles(dataDir);
  await rm(intent, { force: true });
  await syncAside(dataDir);
  for (const end of ['', ...COMPANIONS]) await rm(`${stage}${end}`, { force: true });
}

/** What the start found and did about a restore that was cut off. */
export interface Finished {
  outcome: 'completed' | 'not-started';
  aftermath: Aftermath | null;
  /** For the operator. */
  text: string;
}

/**
 * Brings a restore that was cut off to its end: to be called under the data folder's lock, before
 * anything opens the database. The new state is in place, is put there (again, if need be) when a swap
 * was decided, or the old state stands. `null` when there was nothing to do.
 */
export async function finishInterrupted(dataDir: string): Promise<Finished | null> {
  const { intent: intentPath, stage } = restoreFiles(dataDir);
  const text = await readIfThere(intentPath);
  if (text === null && !existsSync(stage)) return null;
  const intent = parse(text);
  const database = databasePath(dataDir);
  if (!intent) return leave('A restore was interrupted before it changed anything.');
  playBack(database);
  if (epochAt(database) !== intent.epoch) {
    if (!intent.swap) return leave('A restore was interrupted before it changed anything.');
    if (!(await isWhole(stage, intent.swap.stageSha256))) {
      return leave('A restore was interrupted and what it had prepared is damaged. Restore again.');
    }
    await swap(database, stage, intent.aftermath);
  }
  await writeAftermath(dataDir, intent.aftermath);
  await dropIntent(dataDir);
  const restoredId = intent.aftermath.restored.at(-1)?.restoredId ?? 'a backup';
  return {
    outcome: 'completed',
    aftermath: intent.aftermath,
    text: `The restore of ${restoredId} was interrupted and has now been completed.`,
  };

  async function leave(why: string): Promise<Finished> {
    await dropIntent(dataDir);
    return { outcome: 'not-started', aftermath: null, text: `${why} Your data is unchanged.` };
  }
}

async function isWhole(stage: string, sha256: string): Promise<boolean> {
  if (!existsSync(stage)) return false;
  const jobs = createJobRunner();
  const { bad, unread } = await jobs
    .run('rehash', { files: [{ id: 'stage', path: stage, sha256 }] })
    .finally(() => jobs.close());
  const [failure] = unread;
  if (failure) throw new Error(failure.why);
  return bad.length === 0;
}

/**
 * Puts the stage in the database's place. The old logs go first: SQLite would replay them onto the new
 * file. The intent stands throughout, so a crash anywhere in here only repeats it.
 */
async function swap(database: string, stage: string, aftermath: Aftermath): Promise<void> {
  const restored = aftermath.restored.at(-1);
  // What could not be backed up is kept as the file it is.
  if (!restored?.beforeId) moveAside(database, `${database}.damaged-${restored?.restoredAt ?? 0}`);
  for (const end of COMPANIONS) await rm(`${database}${end}`, { force: true });
  await syncAside(join(database, '..'));
  await publish(stage, database);
}

function parse(text: string | null): Intent | null {
  if (text === null) return null;
  try {
    return intentSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
