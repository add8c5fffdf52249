import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncAside } from '../../persistence/file/folder.ts';
import { readIfThere, writeDurably } from '../disk.ts';

const time = z.number().int().nonnegative();

/** The last restore of one source. */
const restoredSchema = z.object({
  restoredId: z.string(),
  /** ms since 1970 UTC. */
  restoredAt: time,
  source: z.string(),
  /** The backup of what was there before; `null` when that could not be kept as one. */
  beforeId: z.string().nullable(),
  /** Of a file: what `<name>.current` holds, `null` when no file was there. */
  currentSha256: z.string().nullable(),
  /** Whether the undo is still offered. */
  undo: z.boolean(),
});

export type Restored = z.infer<typeof restoredSchema>;

/** What restores leave to remember: kept through restarts. */
export const aftermathSchema = z.object({
  /** Until the operator resumes nothing is acted on. */
  paused: z.object({ since: time, why: z.string() }).nullable(),
  /** Positions that closed after the restored backup was made: they stay closed. */
  closedSince: z.array(z.string()),
  /** At most one per source. */
  restored: z.array(restoredSchema),
});

export type Aftermath = z.infer<typeof aftermathSchema>;

const NOTHING: Aftermath = { paused: null, closedSince: [], restored: [] };

/** How long after a restore nothing of its source is deleted, ms. */
const REST = 24 * 3_600_000;

const pathIn = (dataDir: string): string => join(dataDir, 'restored.json');

/** What was written last. A record that cannot be read pauses: it may have said so. */
export async function readAftermath(dataDir: string, now: number): Promise<Aftermath> {
  const text = await readIfThere(pathIn(dataDir));
  if (text === null) return NOTHING;
  try {
    return aftermathSchema.parse(JSON.parse(text));
  } catch {
    const why = `The record of the last restore (${pathIn(dataDir)}) cannot be read. Compare with the exchange, then resume.`;
    return { ...NOTHING, paused: { since: now, why } };
  }
}

export async function writeAftermath(dataDir: string, aftermath: Aftermath): Promise<void> {
  const { paused, restored } = aftermath;
  if (paused || restored.length > 0) {
    return writeDurably(pathIn(dataDir), JSON.stringify(aftermath));
  }
  await rm(pathIn(dataDir), { force: true });
  await syncAside(dataDir);
}

/** With one more restore in place of the earlier one of its source; what is over is forgotten. */
export const withRestored = (aftermath: Aftermath, restored: Restored, now: number): Aftermath => ({
  ...aftermath,
  restored: [
    ...aftermath.restored.filter(
      (other) =>
        other.source !== restored.source && (other.undo || restedFrom(other, now) === null),
    ),
    restored,
  ],
});

/** `null` while what stood around a restore is to be left alone; a clock set back prolongs that. */
const restedFrom = ({ restoredAt }: Restored, now: number): number | null =>
  now - restoredAt < REST ? null : restoredAt + REST;

/** The sources of which nothing may be deleted now. */
export const restingSources = ({ restored }: Aftermath, now: number): Set<string> =>
  new Set(restored.filter((one) => restedFrom(one, now) === null).map(({ source }) => source));

/** The restore that would be undone: the latest that still can be. */
export const undoable = ({ restored }: Aftermath): Restored | null =>
  restored.filter(({ undo }) => undo).toSorted((a, b) => b.restoredAt - a.restoredAt)[0] ?? null;
