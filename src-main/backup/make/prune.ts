import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Catalogue, Entry } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import type { Dated, Policy } from '../policy/retention.ts';
import { decideFates } from '../policy/retention.ts';
import type { RunJob } from '../worker/job-runner.ts';

/** What may not be deleted on account of a restore: an undo's backup, all of a source for a day. */
export interface Holding {
  ids: ReadonlySet<string>;
  sources: ReadonlySet<string>;
}

/** The catalogue as retention sees it. */
export const datedOf = (entries: readonly Entry[], held: Holding): Dated[] =>
  entries.map(({ manifest, own, usable, needs }) => ({
    id: manifest.id,
    source: manifest.source,
    kind: manifest.kind,
    class: manifest.class,
    madeAt: manifest.madeAt,
    sequence: manifest.sequence,
    ownSize: manifest.listSize ?? manifest.storedSize,
    newSize: manifest.newSize ?? manifest.storedSize,
    objects: needs ?? new Map<string, number>(),
    verified: manifest.verified,
    pinned: manifest.pinned,
    own: own && usable,
    held: held.ids.has(manifest.id),
    resting: held.sources.has(manifest.source),
  }));

export interface Pruning {
  policy: Policy;
  now: number;
  held: Holding;
  runJob: RunJob;
  /** Told of each that turns out not to be what was made. */
  rotted: (manifest: Manifest, why: string) => void;
}

/**
 * Deletes what the policy lets go, and returns the ids. The folder is read anew and those that stay
 * are read first, so that a good backup never goes for the sake of one that is no longer good, or may
 * not be: one that cannot be read now is not known, and is asked again at the next clean-up.
 */
export async function prune(
  catalogue: Catalogue,
  { policy, now, held, runJob, rotted }: Pruning,
): Promise<string[]> {
  await catalogue.refresh();
  const going = (): string[] =>
    decideFates(datedOf(catalogue.all(), held), policy, now)
      .filter((fate) => !fate.keep)
      .map((fate) => fate.id);
  const wouldGo = new Set(going());
  if (wouldGo.size === 0) {
    await catalogue.collect();
    return [];
  }
  const sources = new Set([...wouldGo].map((id) => catalogue.get(id).manifest.source));
  const counting = catalogue
    .all()
    .map(({ manifest }) => manifest)
    .filter(({ id, source, verified }) => verified && sources.has(source) && !wouldGo.has(id))
    .map((expected) => ({
      id: expected.id,
      stored: catalogue.storedPath(expected.id),
      expected,
    }));
  const { bad, unread } = await runJob('proveStored', { backups: counting });
  for (const { id, why: verifyError } of bad) {
    rotted(await catalogue.update(id, { verified: false, verifyError }), verifyError);
  }
  const [unknown] = unread;
  if (unknown) {
    throw new Failure(
      'REFUSED',
      `No old backup was deleted, because ${unknown.id} could not be checked. ${unknown.why}`,
    );
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
  await catalogue.collect();
  return gone;
}
