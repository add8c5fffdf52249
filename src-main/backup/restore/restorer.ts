import { Failure } from '../../domain/failure.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import type { DatabaseSource } from '../files/source.ts';
import { DATABASE } from '../files/source.ts';
import type { Maker } from '../make/maker.ts';
import type { VaultOptions } from '../options.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress } from '../worker/jobs.ts';
import type { RestoreHooks, RestoreReport } from './restore-database.ts';
import { restoreDatabase } from './restore-database.ts';
import { putCurrentBack, restoreFile } from './restore-file.ts';
import type { Restored } from './restore-journal.ts';
import { readRestored, writeRestored } from './restore-journal.ts';

interface Parts {
  options: VaultOptions;
  catalogue: Catalogue;
  runJob: RunJob;
  maker: () => Maker;
  database: () => DatabaseSource | null;
}

/** Restores and their undo, with what is remembered of the last one through restarts. */
export function createRestorer({ options, catalogue, runJob, maker, database }: Parts) {
  const { dataDir, clock } = options;
  let restored: Restored | null = null;

  async function restore(
    id: string,
    hooks: RestoreHooks,
    undoing: boolean,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RestoreReport> {
    await maker().refresh();
    const { manifest, usable } = catalogue.get(id);
    if (!usable) {
      throw new Failure('REFUSED', `${id} cannot be restored. ${manifest.verifyError ?? ''}`);
    }
    const backUpFirst = async (): Promise<Manifest> => {
      const source = manifest.kind === 'database' ? DATABASE : manifest.source;
      const request = {
        source,
        class: 'before-restore',
        reason: `before restoring ${id}`,
      } as const;
      const before = await maker().take(request, progress, signal);
      if (before) return before;
      throw new Failure(
        'UNEXPECTED',
        'Your current state could not be backed up, so nothing was restored. Make a backup, then try again.',
      );
    };
    if (manifest.kind === 'file') {
      return restoreProtected(manifest, backUpFirst, undoing, progress, signal);
    }
    const live = { ...options, database: database(), catalogue, runJob };
    const parts = { ...live, backUpFirst, progress, signal };
    try {
      return await restoreDatabase(parts, manifest, hooks, { undoing });
    } finally {
      restored = await readRestored(dataDir);
    }
  }

  async function restoreProtected(
    manifest: Manifest,
    backUpFirst: () => Promise<Manifest>,
    undoing: boolean,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RestoreReport> {
    const { id, source, sourcePath } = manifest;
    const path = protectedPath(
      source,
      `${sourcePath} is no longer protected. Protect it again, then restore.`,
    );
    // What is not worth a backup (gone, not JSON) is still kept beside it as `.current`.
    const before = await backUpFirst().catch(() => null);
    const { counts } = await restoreFile({ catalogue, runJob, progress, signal }, manifest, path);
    const beforeId = before?.id ?? null;
    restored = {
      restoredId: id,
      restoredAt: clock.now(),
      source,
      beforeId,
      undo: !undoing,
      paused: restored?.paused ?? null,
      closedSince: restored?.closedSince ?? [],
    };
    await writeRestored(dataDir, restored);
    const items = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    const text = `Restored ${path} from ${id}: ${items.join(', ') || 'no lists'}. The file that was there is kept as ${path}.current.`;
    return { id, counts, outcome: 'done', beforeId, difference: null, text };
  }

  function protectedPath(source: string, otherwise: string): string {
    try {
      return maker().pathOf(source);
    } catch (error) {
      throw new Failure('REFUSED', otherwise, { cause: error });
    }
  }

  async function change(changes: Partial<Restored>): Promise<void> {
    if (!restored) return;
    restored = { ...restored, ...changes };
    await writeRestored(dataDir, restored.undo || restored.paused ? restored : null);
  }

  return {
    load: async (): Promise<void> => {
      restored = await readRestored(dataDir);
    },
    restore,
    async undo(
      hooks: RestoreHooks,
      progress: Progress,
      signal: AbortSignal,
    ): Promise<RestoreReport> {
      if (!restored?.undo) throw new Failure('NOT_FOUND', 'There is no restore to undo.');
      const { beforeId, source, restoredId } = restored;
      if (beforeId !== null) {
        const report = await restore(beforeId, hooks, true, progress, signal);
        return { ...report, text: `The restore of ${restoredId} was undone. ${report.text}` };
      }
      await putCurrentBack(maker().pathOf(source));
      await change({ undo: false });
      const text = `The restore of ${restoredId} was undone: the previous file is back.`;
      return { id: restoredId, counts: {}, outcome: 'done', beforeId, difference: null, text };
    },
    /** The backup that the undo needs. */
    heldId: (): string | null => (restored?.undo ? restored.beforeId : null),
    restored: (): Restored | null => restored,
    change,
  };
}

export type Restorer = ReturnType<typeof createRestorer>;
