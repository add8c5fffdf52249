import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partsAt } from '../../src-main/backup/files/stored.ts';
import { objectsIn } from '../../src-main/backup/objects/object-folder.ts';
import { sentenceOf } from '../../src-main/domain/failure.ts';
import { atMost, type Run } from '../support/report.ts';
import {
  generationOf,
  liveAndDie,
  openKillStore,
  openKillVault,
  seeded,
} from './backup-killing.ts';

const child = join(import.meta.dirname, './backup-child.ts');

/** Steps of about two rounds of a backup, and how long into a step a kill may fall, ms. */
const STEPS = 22;
const INTO_STEP = 15;
const LONGEST_START = 500;
const KEPT = 10;

/** A program that backs up without end is killed at every step; no good backup may be lost by it. */
export const run: Run = async ({ kills, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-crash-backup-'));
  const random = seeded(20_251_120);
  const figures = { kills: 0, corrupt: 0, mixed: 0, lostBackups: 0, leftovers: 0, stepsHit: 0 };
  const hit = new Set<string>();
  /** Every backup ever promised or found good, oldest first. */
  const history: string[] = [];
  try {
    for (; figures.kills < kills; figures.kills++) {
      const fromStart = figures.kills % 5 === 4;
      const afterMs = random() * (fromStart ? LONGEST_START : INTO_STEP);
      const step = fromStart ? null : figures.kills % STEPS;
      const { said, at } = await liveAndDie(child, [dataDir], { step, afterMs });
      hit.add(at);
      history.push(...said.map((line) => line.slice('made '.length)));
      const found = await inspect(dataDir, history);
      figures.corrupt += found.corrupt;
      figures.mixed += found.mixed;
      figures.lostBackups += found.lost.length;
      figures.leftovers += found.leftovers.length;
      const wrong = [...found.lost, ...found.leftovers, ...(found.text ? [found.text] : [])];
      if (wrong.length > 0) progress(`killed while ${at}: ${wrong.join(', ')}`);
      if ((figures.kills + 1) % 20 === 0) progress(`${figures.kills + 1} kills`);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  figures.stepsHit = hit.size;
  progress(`killed while: ${[...hit].join('; ')}`);
  const aims = (['corrupt', 'mixed', 'lostBackups', 'leftovers'] as const).map((name) =>
    atMost(figures, name, 0),
  );
  return { name: 'backup', figures, aims };
};

const objectsOf = (vault: string, installId: string): string[] => {
  const folder = objectsIn(vault, installId);
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Starts on what was left and holds it to what had been promised: the newest ten are there, and good. */
async function inspect(dataDir: string, history: string[]) {
  const found = { corrupt: 0, mixed: 0, lost: [] as string[], leftovers: [] as string[], text: '' };
  let store: Awaited<ReturnType<typeof openKillStore>>;
  try {
    store = await openKillStore(dataDir);
  } catch (error) {
    return { ...found, corrupt: 1, text: sentenceOf(error) };
  }
  const vault = openKillVault(dataDir, store);
  try {
    if (generationOf(store) === null) found.mixed = 1;
    if ((await store.check('full')).length > 0) found.corrupt = 1;
    await vault.open();
    const good = new Set<string>();
    for (const { id } of vault.list()) {
      const row = await vault.verify(id);
      if (row.verified) good.add(id);
      else found.lost.push(`${id}: ${row.verifyError ?? ''}`);
    }
    // One may be published and not yet told: it counts, and may have pushed the oldest out.
    history.push(...[...good].toReversed().filter((id) => !history.includes(id)));
    found.lost.push(...history.slice(-KEPT).filter((id) => !good.has(id)));
    const folder = join(dataDir, 'backups');
    const needed = new Set(
      readdirSync(folder)
        .filter((name) => name.endsWith('.backup'))
        .flatMap((name) => partsAt(join(folder, name))?.objects ?? [])
        .map(({ name }) => name),
    );
    found.leftovers = [
      ...readdirSync(folder).filter(
        (name) => name !== 'objects' && !good.has(name.replace(/\.(backup|json)$/, '')),
      ),
      ...objectsOf(folder, 'crash').filter((name) => !needed.has(name)),
    ];
  } finally {
    await vault.stop();
    store.close();
  }
  return found;
}
