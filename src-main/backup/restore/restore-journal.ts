import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { publish, readIfThere, syncFolder, writeDurably } from '../files/disk.ts';
import { createJobRunner } from '../worker/job-runner.ts';

const time = z.number().int().nonnegative();

/** What was last restored: kept until undone or dismissed, so that a restart still offers the undo. */
const restoredSchema = z.object({
  restoredId: z.string(),
  /** ms since 1970 UTC. */
  restoredAt: time,
  source: z.string(),
  /** The backup of what was there before; `null` when that could not be kept as one. */
  beforeId: z.string().nullable(),
  /** Whether the undo is still offered. */
  undo: z.boolean(),
  /** Until the operator resumes nothing is acted on. */
  paused: z.object({ since: time, why: z.string() }).nullable(),
  /** Positions that closed after the backup was made: they stay closed. */
  closedSince: z.array(z.string()),
});

export type Restored = z.infer<typeof restoredSchema>;

const intentSchema = z.object({
  database: z.string(),
  stageSha256: z.string(),
  restored: restoredSchema,
});

export type Intent = z.infer<typeof intentSchema>;

/** The files of a restore, all inside the data folder. */
export const restoreFiles = (dataDir: string) => ({
  /** The checked database that is about to take over. */
  stage: join(dataDir, 'restore-stage.db'),
  /** Present from the moment the new state is decided until it is in place. */
  intent: join(dataDir, 'restore-intent.json'),
  restored: join(dataDir, 'restored.json'),
});

export async function readRestored(dataDir: string): Promise<Restored | null> {
  return parse(restoredSchema, await readIfThere(restoreFiles(dataDir).restored));
}

export async function writeRestored(dataDir: string, restored: Restored | null): Promise<void> {
  const path = restoreFiles(dataDir).restored;
  if (restored) return writeDurably(path, JSON.stringify(restored));
  await rm(path, { force: true });
  syncFolder(dataDir);
}

export const writeIntent = (dataDir: string, intent: Intent): Promise<void> =>
  writeDurably(restoreFiles(dataDir).intent, JSON.stringify(intent));

/** Ends a restore's bookkeeping: first the intent, so that nothing can repeat it, then the stage. */
export async function dropIntent(dataDir: string): Promise<void> {
  const { intent, stage } = restoreFiles(dataDir);
  await rm(intent, { force: true });
  syncFolder(dataDir);
  for (const end of ['', '-journal', '-wal', '-shm']) await rm(`${stage}${end}`, { force: true });
}

/** What the start found and did about a restore that was cut off. */
export interface Finished {
  outcome: 'completed' | 'not-started';
  restored: Restored | null;
  /** For the operator. */
  text: string;
}

/**
 * Brings a restore that was cut off to its end: to be called under the data folder's lock, before
 * anything opens the database. The intent and a whole stage mean the new state was decided, so it is
 * put in place (again, if need be); anything less means the old state stands. `null` when there was
 * nothing to do.
 */
export async function finishInterrupted(dataDir: string): Promise<Finished | null> {
  const { intent: intentPath, stage } = restoreFiles(dataDir);
  const intent = parse(intentSchema, await readIfThere(intentPath));
  if (!intent) {
    const cutOff = existsSync(stage) || existsSync(intentPath);
    if (!cutOff) return null;
    await dropIntent(dataDir);
    const text = 'A restore was interrupted before it changed anything; your data is unchanged.';
    return { outcome: 'not-started', restored: null, text };
  }
  if (existsSync(stage)) {
    const rehash = { files: [{ id: 'stage', path: stage, sha256: intent.stageSha256 }] };
    const jobs = createJobRunner();
    const bad = await jobs.run('rehash', rehash).finally(() => jobs.close());
    if (bad.length > 0) {
      await dropIntent(dataDir);
      const text =
        'A restore was interrupted and what it had prepared is damaged; your data is unchanged. ' +
        'Restore again.';
      return { outcome: 'not-started', restored: null, text };
    }
    const { beforeId, restoredAt } = intent.restored;
    // What could not be backed up is kept as the file it is.
    const keepAs = beforeId === null ? `${intent.database}.damaged-${restoredAt}` : null;
    await swap(intent.database, stage, keepAs);
  }
  await writeRestored(dataDir, intent.restored);
  await dropIntent(dataDir);
  return {
    outcome: 'completed',
    restored: intent.restored,
    text: `The restore of ${intent.restored.restoredId} was interrupted and has now been completed.`,
  };
}

/**
 * Puts the stage in the database's place. The old write-ahead log goes first: SQLite would replay it
 * onto the new file. The intent stands throughout, so a crash anywhere in here only repeats it.
 */
async function swap(database: string, stage: string, keepAs: string | null): Promise<void> {
  if (keepAs !== null && existsSync(database)) {
    for (const end of ['-wal', '-shm', '']) {
      if (existsSync(`${database}${end}`)) await rename(`${database}${end}`, `${keepAs}${end}`);
    }
  }
  for (const end of ['-wal', '-shm', '-journal']) await rm(`${database}${end}`, { force: true });
  syncFolder(join(database, '..'));
  await publish(stage, database);
}

function parse<Value>(schema: z.ZodType<Value>, text: string | null): Value | null {
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
