import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { Catalogue, Entry } from '../files/catalogue.ts';
import type { Holding } from './prune.ts';

/** Deletes one backup; `confirm` is its id again. Throws where that is not allowed. */
export async function deleteByHand(
  catalogue: Catalogue,
  id: string,
  confirm: string,
  held: Holding,
  log: Log,
): Promise<void> {
  const entry = catalogue.get(id);
  if (confirm !== id) {
    throw new Failure('NOT_CONFIRMED', `To delete it, confirm with its name: ${id}.`);
  }
  const why = whyNotByHand(entry, catalogue.all(), held);
  if (why !== null) throw new Failure('REFUSED', `${id} is not deleted: ${why}`);
  await catalogue.remove(id);
  await catalogue.collect().catch((error: unknown) => {
    log.warn('objects of a deleted backup are still there', { why: sentenceOf(error) });
  });
}

/** Why the operator may not delete a backup by hand, `null` when they may. */
function whyNotByHand(
  { manifest, own }: Entry,
  entries: readonly Entry[],
  held: Holding,
): string | null {
  if (!own) return 'another installation made it. Remove its files by hand.';
  if (manifest.pinned) return 'it is pinned. Unpin it first.';
  if (held.ids.has(manifest.id)) return 'it can still undo a restore.';
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
