import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import type { DatabaseSource } from '../files/source.ts';
import { DATABASE } from '../files/source.ts';
import type { Maker } from '../make/maker.ts';
import type { WatchedFiles } from '../make/watched-files.ts';
import type { VaultOptions } from '../options.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress } from '../worker/jobs.ts';
import type { Aftermath, Restored } from './aftermath.ts';
import {
  readAftermath,
  restingSources,
  undoable,
  withRestored,
  writeAftermath,
} from './aftermath.ts';
import type { RestoreHooks, RestoreReport } from './restore-database.ts';
import { restoreDatabase } from './restore-database.ts';
import { currentName, putCurrentBack, restoreFile, sweepBeside } from './restore-file.ts';

interface Parts {
  options: VaultOptions;
  catalogue: Catalogue;
  runJob: RunJob;
  maker: () => Maker;
  files: WatchedFiles;
  database: () => DatabaseSource | null;
}

/** How one restore is to be done. */
interface Asked {
  hooks: RestoreHooks;
  undoing: boolean;
  /** For a file: where to, in place of where it was. */
  folder?: string | undefined;
  progress: Progress;
  signal: AbortSignal;
}

/** Restores and their undo, with what is remembered of the last ones through restarts. */
export function createRestorer({ options, catalogue, runJob, maker, files, database }: Parts) {
  const { dataDir, clock } = options;
  let aftermath: Aftermath = { paused: null, closedSince: [], restored: [] };

  /** In memory at once, so that it holds even while the disk refuses. */
  async function remember(next: Aftermath): Promise<void> {
    aftermath = next;
    await writeAftermath(dataDir, next);
  }

  async function restore(id: string, asked: Asked): Promise<RestoreReport> {
    await maker().refresh();
    const { manifest, usable } = catalogue.get(id);
    if (!usable) {
      throw new Failure('REFUSED', `${id} cannot be restored. ${manifest.verifyError ?? ''}`);
    }
    if (manifest.kind === 'file') return restoreProtected(manifest, asked);
    const parts = {
      ...options,
      ...asked,
      database: database(),
      catalogue,
      runJob,
      backUpFirst: () => backUpFirst(manifest, DATABASE, asked),
      aftermath: () => aftermath,
      remember,
    };
    return restoreDatabase(parts, manifest, asked.hooks, asked);
  }

  async function backUpFirst(
    { id }: Manifest,
    source: string,
    { progress, signal }: Asked,
  ): Promise<Manifest> {
    const reason = `before restoring ${id}`;
    const request = { source, class: 'before-restore', reason } as const;
    const before = await maker().take(request, progress, signal);
    if (before) return before;
    throw new Failure(
      'UNEXPECTED',
      'Your current state could not be backed up, so nothing was restored. Make a backup, then try again.',
    );
  }

  async function restoreProtected(manifest: Manifest, asked: Asked): Promise<RestoreReport> {
    const { id, source } = manifest;
    const path = targetOf(manifest, asked.folder);
    // What is not worth a backup (gone, not JSON) is still kept beside it as `.current`.
    const before = await backUpFirst(manifest, source, asked).catch(() => null);
    if (!before) await keepLastGood(manifest);
    const { counts, currentSha256 } = await restoreFile(
      { catalogue, runJob, ...asked },
      manifest,
      path,
    );
    const file = await files.protect(path);
    const restored: Restored = {
      restoredId: id,
      restoredAt: clock.now(),
      source: file.id,
      beforeId: before?.id ?? null,
      currentSha256,
      undo: !asked.undoing && (before !== null || currentSha256 !== null),
    };
    await remember(withRestored(aftermath, restored, clock.now()));
    const items = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    const kept =
      currentSha256 === null ? '' : ` The file that was there is kept as ${currentName(path)}.`;
    const text = `Restored ${path} from ${id}: ${items.join(', ') || 'no lists'}.${kept}`;
    return { id, counts, outcome: 'done', beforeId: restored.beforeId, difference: null, text };
  }

  /** Where the file goes: where it is protected, or to a place where no file would be lost. */
  function targetOf({ source, sourcePath }: Manifest, folder: string | undefined): string {
    const known = files.files().find((file) => file.id === source);
    if (known && folder === undefined) return known.path;
    const path = folder === undefined ? sourcePath : join(folder, basename(sourcePath));
    if (!isAbsolute(path)) throw new Failure('BAD_INPUT', 'Give the full path of the folder.');
    if (existsSync(path)) {
      throw new Failure(
        'REFUSED',
        `${path} exists and is not protected. Protect it and restore again, or choose another folder.`,
      );
    }
    return path;
  }

  /** The newest good version must outlive the restore of an older one, even where the file is broken. */
  async function keepLastGood({ id, source }: Manifest): Promise<void> {
    const last = maker()
      .ofSource(source)
      .find((version) => version.verified && version.class === 'routine' && version.id !== id);
    if (!last) return;
    const reason = `the last good one before restoring ${id}`;
    await catalogue.update(last.id, { class: 'before-restore', reason });
  }

  async function change(source: string, changes: Partial<Restored>): Promise<void> {
    const restored = aftermath.restored.map((one) =>
      one.source === source ? { ...one, ...changes } : one,
    );
    await remember({ ...aftermath, restored });
  }

  return {
    load: async (): Promise<void> => {
      aftermath = await readAftermath(dataDir, clock.now());
      for (const { path } of files.files()) await sweepBeside(path);
    },
    restore,
    async undo(asked: Omit<Asked, 'undoing'>): Promise<RestoreReport> {
      const last = undoable(aftermath);
      if (!last) throw new Failure('NOT_FOUND', 'There is no restore to undo.');
      const { beforeId, source, restoredId, currentSha256 } = last;
      if (beforeId !== null) {
        const report = await restore(beforeId, { ...asked, undoing: true });
        return { ...report, text: `The restore of ${restoredId} was undone. ${report.text}` };
      }
      await putCurrentBack(maker().pathOf(source), currentSha256 ?? '', runJob);
      await change(source, { undo: false });
      const text = `The restore of ${restoredId} was undone: the previous file is back.`;
      return { id: restoredId, counts: {}, outcome: 'done', beforeId, difference: null, text };
    },
    /** What may not be deleted on account of a restore: what an undo needs, what stood around one. */
    holding: () => ({
      ids: new Set(
        aftermath.restored.flatMap(({ undo, beforeId }) => (undo && beforeId ? [beforeId] : [])),
      ),
      sources: restingSources(aftermath, clock.now()),
    }),
    undoable: (): Restored | null => undoable(aftermath),
    aftermath: (): Aftermath => aftermath,
    async dismissUndo(): Promise<void> {
      const last = undoable(aftermath);
      if (last) await change(last.source, { undo: false });
    },
    resume: (): Promise<void> => remember({ ...aftermath, paused: null }),
  };
}

export type Restorer = ReturnType<typeof createRestorer>;
