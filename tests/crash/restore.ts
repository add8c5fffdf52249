import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishInterrupted, restoreFiles } from '../../src-main/backup/restore/restore-journal.ts';
import { sentenceOf } from '../../src-main/domain/failure.ts';
import { atMost, type Run } from '../support/report.ts';
import {
  generation,
  generationOf,
  liveAndDie,
  openKillStore,
  openKillVault,
  seeded,
} from './backup-killing.ts';

const child = join(import.meta.dirname, './restore-child.ts');

/** Steps of about one and a half restores, and how long into a step a kill may fall, ms. */
const STEPS = 24;
const INTO_STEP = 12;
const LONGEST_START = 700;

/** A program that restores two states in turn is killed at every step: each start finds one of them. */
export const run: Run = async ({ kills, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-crash-restore-'));
  const random = seeded(20_251_121);
  const figures = {
    kills: 0,
    corrupt: 0,
    mixed: 0,
    lostBackups: 0,
    unpaused: 0,
    completedLater: 0,
    stepsHit: 0,
  };
  const hit = new Set<string>();
  try {
    const ids = await prepare(dataDir);
    const args = [dataDir, ...ids.map((id, index) => `${index + 1}=${id}`)];
    for (; figures.kills < kills; figures.kills++) {
      const fromStart = figures.kills % 5 === 4;
      const afterMs = random() * (fromStart ? LONGEST_START : INTO_STEP);
      const step = fromStart ? null : figures.kills % STEPS;
      const { at } = await liveAndDie(child, args, { step, afterMs });
      hit.add(at);
      const found = await inspect(dataDir, ids);
      for (const name of [
        'corrupt',
        'mixed',
        'lostBackups',
        'unpaused',
        'completedLater',
      ] as const) {
        figures[name] += found[name];
      }
      if (found.text) progress(`killed while ${at}: ${found.text}`);
      if ((figures.kills + 1) % 20 === 0) progress(`${figures.kills + 1} kills`);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  figures.stepsHit = hit.size;
  progress(`killed while: ${[...hit].join('; ')}`);
  const aims = (['corrupt', 'mixed', 'lostBackups', 'unpaused'] as const).map((name) =>
    atMost(figures, name, 0),
  );
  return { name: 'restore', figures, aims };
};

/** Two states, each with its backup by hand. */
async function prepare(dataDir: string): Promise<string[]> {
  const store = await openKillStore(dataDir);
  store.load();
  const vault = openKillVault(dataDir, store);
  await vault.open();
  const ids: string[] = [];
  for (const n of [1, 2]) {
    store.save('phase-change', generation(n));
    ids.push((await vault.create({ class: 'manual', reason: `generation ${n}` })).id);
  }
  await vault.stop();
  store.close();
  return ids;
}

async function inspect(dataDir: string, ids: string[]) {
  const found = { corrupt: 0, mixed: 0, lostBackups: 0, unpaused: 0, completedLater: 0, text: '' };
  let store: Awaited<ReturnType<typeof openKillStore>>;
  try {
    const finished = await finishInterrupted(dataDir);
    if (finished?.outcome === 'completed') found.completedLater = 1;
    store = await openKillStore(dataDir);
  } catch (error) {
    return { ...found, corrupt: 1, text: sentenceOf(error) };
  }
  const vault = openKillVault(dataDir, store);
  try {
    const state = generationOf(store);
    if (state !== 1 && state !== 2) found.mixed = 1;
    const findings = await store.check('full');
    if (findings.length > 0) found.corrupt = 1;
    await vault.open();
    for (const id of ids) {
      if (!(await vault.verify(id)).verified) found.lostBackups++;
    }
    // Whoever restored must be found paused, and the bookkeeping ended.
    const { intent, stage } = restoreFiles(dataDir);
    if (existsSync(intent) || existsSync(stage)) found.text = 'the restore left something behind';
    const restored = vault.undoAvailable();
    if (restored && restored.restoredId === ids[(state ?? 0) - 1] && !vault.paused()) {
      found.unpaused = 1;
    }
    if (restored && found.completedLater && restored.restoredId !== ids[(state ?? 0) - 1]) {
      found.mixed = 1;
    }
  } finally {
    await vault.stop();
    store.close();
  }
  const wrong = found.corrupt + found.mixed + found.lostBackups + found.unpaused;
  if (wrong > 0) found.text = JSON.stringify(found);
  return found;
}
