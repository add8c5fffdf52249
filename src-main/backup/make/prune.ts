import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { Catalogue, Entry } from '../files/catalogue.ts';
import type { Dated, Policy } from '../policy/retention.ts';
import { decideFates } from '../policy/retention.ts';
import type { RunJob } from '../worker/job-runner.ts';

/** The catalogue as retention sees it. */
export const datedOf = (entries: readonly Entry[], heldId: string | null): Dated[] =>
  entries.map(({ manifest, own, usable }) => ({
    id: manifest.id,
    source: manifest.source,
    kind: manifest.kind,
    class: manifest.class,
    madeAt: manifest.madeAt,
    storedSize: manifest.storedSize,
    verified: manifest.verified,
    pinned: manifest.pinned,
    own: own && usable,
    held: manifest.id === heldId,
  }));

/** Why the operator may not delete a backup by hand, `null` when they may. */
export function whyNotByHand(
  { manifest, own }: Entry,
  entries: readonly Entry[],
  heldId: string | null,
): string | null {
  if (!own) return 'another installation made it. Remove its files by hand.';
  if (manifest.pinned) return 'it is pinned. Unpin it first.';
  if (manifest.id === heldId) return 'it can still undo a restore.';
  const others = entries.some(
    (other) =>
      other.own &&
      other.manifest.verified &&
      other.manifest.source === manifest.source &&
      other.manifest.id !== manifest.id,
  );
  if (others || !manifest.verified) return null;
  return 'it is the last verified backup. Make another one first.';
}

export interface Pruning {
  policy: Policy;
  now: number;
  /** The backup that an undo needs. */
  heldId: string | null;
  log: Log;
  runJob: RunJob;
}

/**
 * Deletes what the policy lets go, and returns the ids. The folder is read anew and those that stay
 * are hashed first, so that a good backup never goes for the sake of one that is no longer good.
 */
export async function prune(
  catalogue: Catalogue,
  { policy, now, heldId, log, runJob }: Pruning,
): Promise<string[]> {
  await catalogue.refresh();
  const going = (): string[] =>
    decideFates(datedOf(catalogue.all(), heldId), policy, now)
      .filter((fate) => !fate.keep)
      .map((fate) => fate.id);
  const wouldGo = new Set(going());
  if (wouldGo.size === 0) return [];
  const counting = catalogue
    .all()
    .filter(({ manifest }) => manifest.verified && !wouldGo.has(manifest.id))
    .map(({ manifest: { id, sha256 } }) => ({ id, sha256, path: catalogue.storedPath(id) }));
  for (const id of await runJob('rehash', { files: counting })) {
    const verifyError = 'It has been changed or damaged since it was made: its checksum differs.';
    await catalogue.update(id, { verified: false, verifyError });
    log.error('a backup failed its check', { id });
  }
  const gone: string[] = [];
  for (const id of going()) {
    try {
      await catalogue.remove(id);
      gone.push(id);
    } catch (error) {
      throw new Failure('REFUSED', `An old backup could not be deleted: ${sentenceOf(error)}`);
    }
  }
  return gone;
}
