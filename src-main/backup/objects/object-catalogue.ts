import { hash } from 'node:crypto';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { isMissing, readPlain } from '../disk.ts';
import { isObject, isUnfinishedObject, objectsIn } from './object-folder.ts';
import { isPartsList, readParts } from './parts-list.ts';

/** Objects by name, with their sizes as stored, bytes. */
export type Needs = ReadonlyMap<string, number>;

/** A backup, with what it needs (`null`: not known) and what is wrong with it. */
interface Needing {
  id: string;
  needs: Needs | null;
  problem: string | null;
}

export const NONE: Needs = new Map();

/** Largest list of parts, packed, bytes. */
const MOST_LIST = 32 * 1024 * 1024;

/** Knows which objects the backups of a vault need and which of them lie there. */
export function openObjectCatalogue(vault: string) {
  /** By the stored file's hash: a list never changes. */
  const lists = new Map<string, Needs>();
  let there = new Map<string, Promise<Set<string>>>();

  async function namesOf(installId: string): Promise<Set<string>> {
    const names = await readdir(objectsIn(vault, installId)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return new Set(names);
  }

  return {
    /** Looks anew at what is there. */
    forget(): void {
      there = new Map();
    },

    /**
     * What the stored file of a backup, by its name, says that it needs; `null` when that cannot be told.
     * `sha256` is `null` where no manifest says it.
     */
    async needsOf(stored: string, sha256: string | null): Promise<Needs | null> {
      const known = sha256 === null ? undefined : lists.get(sha256);
      if (known) return known;
      let file: Buffer | null;
      try {
        file = await readPlain(join(vault, stored), MOST_LIST);
      } catch (error) {
        // A refusal of ours means that it is no list; one of the disk's says nothing.
        return sha256 === null && error instanceof Failure ? NONE : null;
      }
      // Only what says that it is a list can need anything.
      if (sha256 === null && (file === null || !isPartsList(file))) return NONE;
      if (file === null) return null;
      const digest = hash('sha256', file, 'hex');
      const parts = sha256 === null || digest === sha256 ? readParts(file) : null;
      if (!parts) return null;
      const needs = new Map(parts.objects.map(({ name, storedSize }) => [name, storedSize]));
      lists.set(digest, needs);
      return needs;
    },

    /** Says when an object is missing; `null` when all are there, or it cannot be told. */
    async missing(installId: string, needs: Needs): Promise<string | null> {
      let names = there.get(installId);
      if (!names) there.set(installId, (names = namesOf(installId)));
      const found = await names.catch(() => null);
      const gone = found && [...needs.keys()].find((name) => !found.has(name));
      return gone ? `A part of it is missing: object ${gone}.` : null;
    },

    /**
     * Removes the objects of these installations that none of the backups needs. As long as it is not
     * known what one of them needs, nothing goes.
     */
    async collect(installs: readonly string[], backups: readonly Needing[]): Promise<void> {
      const unknown = backups.find(({ needs }) => needs === null);
      const needed = new Set(backups.flatMap(({ needs }) => [...(needs?.keys() ?? [])]));
      for (const installId of installs) {
        const folder = objectsIn(vault, installId);
        const going = [...(await namesOf(installId))].filter(
          (name) => (isObject(name) && !needed.has(name)) || isUnfinishedObject(name),
        );
        if (unknown && going.length > 0) {
          const { id, problem } = unknown;
          throw new Failure(
            'REFUSED',
            `What no backup needs any more was not removed, because it is not known what ${id} needs. ${problem ?? ''} Delete that backup, or repair it.`,
          );
        }
        for (const name of going) await rm(join(folder, name), { force: true });
        await rmdir(folder).catch(() => {});
      }
      await rmdir(join(vault, 'objects')).catch(() => {});
    },
  };
}
