import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Failure } from '../../src-main/domain/failure.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { hashedTables } from '../../src-main/persistence/rows/tables.ts';
import { findDamage } from '../../src-main/persistence/upkeep/integrity.ts';
import { manualClock } from '../support/manual-clock.ts';
import { atMost, type Run } from '../support/report.ts';
import { savedRows } from '../support/saved-rows.ts';

/** Kills fall up to this long after the first save, ms; every fifth while it is still starting. */
const LONGEST_LIFE_MS = 200;

const childFile = join(import.meta.dirname, './saves-child.ts');

/** A program that saves is killed at random moments; each next start must hold all it had promised. */
export const run: Run = async ({ kills, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-crash-saves-'));
  const random = seeded(20_250_601);
  const figures = { kills: 0, lostCritical: 0, corrupt: 0, mixed: 0, promised: 0 };
  try {
    let acked = 0;
    for (; figures.kills < kills; figures.kills++) {
      const life = { ms: random() * LONGEST_LIFE_MS, fromStart: figures.kills % 5 === 4 };
      acked = Math.max(acked, await liveAndDie(dataDir, life));
      const found = await inspect(dataDir, acked);
      figures.lostCritical += found.lost;
      figures.corrupt += found.corrupt;
      figures.mixed += found.mixed;
      if (found.text) progress(`after kill ${figures.kills + 1}: ${found.text}`);
      if ((figures.kills + 1) % 50 === 0) progress(`${figures.kills + 1} kills, ${acked} steps`);
    }
    figures.promised = acked;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  return {
    name: 'saves',
    figures,
    aims: [
      atMost(figures, 'lostCritical', 0),
      atMost(figures, 'corrupt', 0),
      atMost(figures, 'mixed', 0),
    ],
  };
};

/** Runs the saving program for about so long, kills it, and returns the last step it acknowledged. */
async function liveAndDie(
  dataDir: string,
  life: { ms: number; fromStart: boolean },
): Promise<number> {
  const child = spawn(process.execPath, [childFile, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = once(child, 'close');
  const kill = async (): Promise<void> => {
    if (!life.fromStart) await Promise.race([once(child.stdout, 'data'), closed]);
    await setTimeout(life.ms);
    child.kill('SIGKILL');
  };
  const [[code]] = await Promise.all([closed, kill()]);
  if (code !== null) throw new Error(`The saving program ended by itself with code ${code}.`);
  const steps = [...said.matchAll(/^acked (\d+)$/gm)].map(([, step]) => Number(step));
  return Math.max(0, ...steps);
}

/** Starts on what was left behind and compares it with what had been acknowledged. */
async function inspect(dataDir: string, acked: number) {
  const none = { lost: 0, corrupt: 0, mixed: 0, text: '' };
  try {
    const store = await openStore({
      dataDir,
      clock: manualClock(),
      log: silentLog,
      routineMs: () => 30_000,
      programVersion: 'crash',
      newId: () => crypto.randomUUID(),
      beforeMigration: () => {},
      onTrouble: () => {},
    });
    const state = store.load();
    const executions = savedRows(store, 'executions').length;
    const { findings } = findDamage({
      path: store.path,
      tables: hashedTables,
      kind: 'full',
      since: 0,
    });
    store.close();
    if (findings.length > 0 || state.quarantined.length > 0) {
      return { ...none, corrupt: 1, text: findings.join(' ') };
    }
    const step = Number(state.settings['step'] ?? 0);
    const sizes = ['LEFTUSDT', 'RIGHTUSDT'].map(
      (symbol) => state.monitors.find((monitor) => monitor.symbol === symbol)?.size ?? '0',
    );
    const seen = state.sightings.map((sighting) => sighting.checkedAt);
    const crowd = state.monitors.filter((monitor) => monitor.symbol.startsWith('CROWD'));
    const whole =
      sizes.every((size) => size === String(step)) &&
      executions === step &&
      seen.every((at) => at === seen[0] && at >= step) &&
      crowd.every((monitor) => monitor.updatedAt === seen[0]);
    return {
      ...none,
      lost: Math.max(0, acked - step),
      mixed: whole ? 0 : 1,
      text: whole && step >= acked ? '' : JSON.stringify({ acked, step, sizes, executions, seen }),
    };
  } catch (error) {
    if (error instanceof Failure) return { ...none, corrupt: 1, text: error.message };
    throw error;
  }
}

/** Mulberry32: the same kills in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
