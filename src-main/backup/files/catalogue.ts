import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import { makeFolder, syncAside } from '../../persistence/file/folder.ts';
import {
  diskFailure,
  isMissing,
  isThere,
  PARTIAL,
  publish,
  readIfThere,
  requireSpace,
  sweep,
  writeDurably,
  writeSynced,
} from '../disk.ts';
import type { Needs } from '../objects/object-catalogue.ts';
import { NONE, openObjectCatalogue } from '../objects/object-catalogue.ts';
import type { Manifest } from './manifest.ts';
import {
  freeId,
  isBackupId,
  manifestName,
  readManifest,
  sourceOfId,
  storedName,
} from './manifest.ts';

/** One backup in the folder. Only `own` ones, whose manifest can be read and is ours, are ever deleted. */
export interface Entry {
  manifest: Manifest;
  own: boolean;
  /** False when the manifest cannot be used; `manifest` then holds no more than the name tells. */
  usable: boolean;
  /** The objects that it needs, each with its size as stored; `null` while that is not known. */
  needs: Needs | null;
}

const UNFINISHED = /^(.+)\.(backup|json|db)\.partial(-journal|-wal|-shm)?$/;
const isUnfinished = (name: string): boolean => isBackupId(UNFINISHED.exec(name)?.[1] ?? '');

/** The vault's folder and what is in it, kept in memory and read anew by `refresh`. */
export function openCatalogue(folder: string, installId: string, formerly: readonly string[] = []) {
  const isOwn = (manifest: Manifest): boolean =>
    manifest.installId === installId || formerly.includes(manifest.installId);
  let entries = new Map<string, Entry>();
  let names = new Set<string>();
  const objects = openObjectCatalogue(folder);
  const at = (name: string): string => join(folder, name);

  async function read(id: string): Promise<Entry> {
    const result = await readIfThere(at(manifestName(id))).then(
      (text) => (text === null ? { unusable: 'Its manifest is missing.' } : readManifest(id, text)),
      (error: unknown) => ({ unusable: `Its manifest cannot be read. ${sentenceOf(error)}` }),
    );
    if ('unusable' in result) {
      const needs = 'newer' in result ? null : await objects.needsOf(storedName(id), null);
      return { manifest: strange(id, result.unusable), own: false, usable: false, needs };
    }
    const { manifest } = result;
    const { formatVersion, listSize, storedSize } = manifest;
    const outside = await outwardProblem(at(storedName(id)), listSize ?? storedSize);
    const needs =
      formatVersion === 1 ? NONE : await objects.needsOf(storedName(id), manifest.sha256);
    const problem = outside ?? (needs && (await objects.missing(manifest.installId, needs)));
    return {
      manifest: problem ? { ...manifest, verified: false, verifyError: problem } : manifest,
      own: isOwn(manifest),
      usable: true,
      needs,
    };
  }

  /** Reads the folder anew; makes it when it is not there and says so. */
  async function refresh(): Promise<{ made: boolean }> {
    const made = await makeThere();
    names = new Set(await readdir(folder));
    objects.forget();
    const ids = new Set(
      [...names].map((name) => name.replace(/\.(backup|json)$/, '')).filter((id) => isBackupId(id)),
    );
    const found = new Map<string, Entry>();
    // Two at a time: a folder that hangs must not take all that serves the disk for the whole program.
    const left = [...ids];
    const take = async (): Promise<void> => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) found.set(id, await read(id));
    };
    await Promise.all([take(), take()]);
    entries = found;
    return { made };
  }

  /** Makes the folder where there is none. */
  async function makeThere(): Promise<boolean> {
    return (await isThere(folder)) ? false : makeFolder(folder);
  }

  /**
   * Removes the objects that no backup needs any more. To be called while no backup is being made: what
   * that stores is needed by nothing yet.
   */
  async function collect(): Promise<void> {
    await refresh();
    const backups = [...entries.values()].map(({ manifest: { id, verifyError }, needs }) => ({
      id,
      needs,
      problem: verifyError,
    }));
    await objects.collect([installId, ...formerly], backups);
  }

  const refuse = (error: unknown): never => {
    throw diskFailure(error, `write to the backup folder ${folder}`);
  };

  /** Ends what a crash interrupted: a published file gets its manifest, the rest is swept. */
  async function recover(): Promise<string[]> {
    await makeThere().catch(refuse);
    for (const name of (await readdir(folder)).filter(isUnfinished)) {
      const [, id = '', what] = UNFINISHED.exec(name) ?? [];
      if (what !== 'json') continue;
      const whole = readManifest(id, (await readIfThere(at(name)).catch(() => null)) ?? '');
      const published =
        (await isThere(at(storedName(id)))) && !(await isThere(at(manifestName(id))));
      if (published && 'manifest' in whole) await publish(at(name), at(manifestName(id)));
    }
    const swept = await sweep(folder, isUnfinished);
    // What cannot go now goes, or is told, with the next clean-up.
    if (swept.length > 0) await collect().catch(() => {});
    return swept;
  }

  return {
    folder,
    refresh,
    recover,
    all: (): Entry[] => [...entries.values()],
    /** The entry, or NOT_FOUND. An id never reaches the disk unless the folder was seen to hold it. */
    get(id: string): Entry {
      const entry = entries.get(id);
      if (entry) return entry;
      throw new Failure('NOT_FOUND', `There is no backup "${id}". List them to see their names.`);
    },
    has: (id: string): boolean => entries.has(id),
    /** A name that nothing in the folder had when it was last read. */
    newId: (source: string, madeAt: number): string =>
      freeId(source, madeAt, (id) =>
        [storedName(id), manifestName(id), `${storedName(id)}${PARTIAL}`].some((name) =>
          names.has(name),
        ),
      ),
    /** Throws unless the folder may be written and its disk has `needed` bytes to spare. */
    requireSpace: (needed: number): Promise<void> => requireSpace(folder, needed),
    storedPath: (id: string): string => at(storedName(id)),
    partialPath: (id: string, what: 'db' | 'backup'): string => at(`${id}.${what}${PARTIAL}`),

    /** The number of the next one made here. */
    nextSequence: (): number =>
      1 + Math.max(0, ...[...entries.values()].map(({ manifest }) => manifest.sequence)),

    /**
     * Makes a sealed partial a backup. Killed at any point, `recover` ends it or sweeps it; a failure
     * takes it back, so that no file is left without its manifest.
     */
    async publish(manifest: Manifest): Promise<void> {
      const { id } = manifest;
      const text = JSON.stringify(manifest, null, 2);
      const partial = at(`${manifestName(id)}${PARTIAL}`);
      await writeSynced(partial, text);
      await rename(at(`${storedName(id)}${PARTIAL}`), at(storedName(id)));
      try {
        await rename(partial, at(manifestName(id)));
      } catch (error) {
        await rm(at(storedName(id)), { force: true });
        throw error;
      }
      await syncAside(folder);
      objects.forget();
      entries.set(id, await read(id));
      names.add(storedName(id)).add(manifestName(id));
    },

    async update(id: string, change: Partial<Manifest>): Promise<Manifest> {
      const entry = entries.get(id);
      if (!entry?.usable)
        throw new Failure('REFUSED', 'Its manifest is damaged, so nothing was changed.');
      const manifest = { ...entry.manifest, ...change };
      await writeDurably(at(manifestName(id)), JSON.stringify(manifest, null, 2)).catch(refuse);
      entries.set(id, { ...entry, manifest });
      return manifest;
    },

    /**
     * Unpublishes, then removes: killed in between, `recover` brings it back whole or sweeps the rest. Its
     * objects go with the next `collect`.
     */
    async remove(id: string): Promise<void> {
      const partial = at(`${manifestName(id)}${PARTIAL}`);
      await rename(at(manifestName(id)), partial).catch(refuse);
      await rm(at(storedName(id)), { force: true });
      await rm(partial, { force: true });
      await syncAside(folder);
      entries.delete(id);
    },

    collect,

    /** Removes the unfinished files of one attempt; what it stored goes with it, or at the next `collect`. */
    async discard(id: string): Promise<void> {
      if (!(await isThere(folder))) return;
      await collect().catch(() => {});
      await sweep(folder, (name) => isUnfinished(name) && name.startsWith(`${id}.`));
    },
  };
}

/** Bytes of these backups as stored; what several of them need counts once. */
export function sizeOf(entries: readonly Entry[]): number {
  const objects = new Map(entries.flatMap(({ needs }) => [...(needs ?? NONE)]));
  const shared = [...objects.values()].reduce((sum, size) => sum + size, 0);
  return entries.reduce(
    (sum, { manifest }) => sum + (manifest.listSize ?? manifest.storedSize),
    shared,
  );
}

export type Catalogue = ReturnType<typeof openCatalogue>;

/** What a look from outside shows: the 0-byte backups of P40 are never taken for good ones. */
async function outwardProblem(path: string, storedSize: number): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) return 'Its file was replaced by a link or a folder.';
    if (found.size === 0) return 'Its file is empty (0 bytes).';
    if (found.size !== storedSize) {
      return `Its file has ${found.size} bytes instead of ${storedSize}.`;
    }
    return null;
  } catch (error) {
    // What cannot be looked at may be as good as ever.
    return isMissing(error) ? 'Its file is missing.' : null;
  }
}

/** Stands in for a manifest that cannot be used. */
function strange(id: string, verifyError: string): Manifest {
  const source = sourceOfId(id);
  return {
    format: 'holdfast-backup',
    formatVersion: 1,
    id,
    source,
    kind: source === 'database' ? 'database' : 'file',
    sourcePath: '',
    class: 'manual',
    reason: 'not known',
    note: null,
    madeAt: 0,
    sequence: 0,
    programVersion: '',
    schemaVersion: null,
    installId: '',
    size: 0,
    contentSha256: '',
    storedSize: 0,
    newSize: null,
    sha256: '',
    listSize: null,
    meaning: null,
    looks: null,
    counts: {},
    newestEventAt: null,
    verifiedAt: null,
    verified: false,
    verifiedHow: null,
    verifyError,
    pinned: false,
  };
}
