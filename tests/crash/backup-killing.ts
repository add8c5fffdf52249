import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { DatabaseSource } from '../../src-main/backup/files/source.ts';
import type { Vault } from '../../src-main/backup/vault.ts';
import { createVault } from '../../src-main/backup/vault.ts';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import type { Change, Store } from '../../src-main/persistence/store.ts';
import { sampleExecution, sampleMonitor } from '../persistence/samples.ts';

/** The store and the vault of a kill test, as the desk makes them; routine ones at every chance. */
export const openKillStore = async (dataDir: string): Promise<Store> =>
  openStore({
    dataDir,
    clock: systemClock,
    log: silentLog,
    routineMs: () => 1_000,
    programVersion: 'crash',
    newId: () => crypto.randomUUID(),
    beforeMigration: () => {},
    onTrouble: () => {},
  });

export const openKillVault = (
  dataDir: string,
  database: DatabaseSource | null,
  onStep: (step: string) => void = () => {},
): Vault => {
  let step = '';
  const vault: Vault = createVault({
    dataDir,
    folder: `${dataDir}/backups`,
    database,
    databasePath: databasePath(dataDir),
    clock: systemClock,
    log: silentLog,
    settings: () => ({ minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 500 }),
    programVersion: 'crash',
    installId: 'crash',
    spareBytes: 1e6,
    onChange() {
      const now = vault.running()?.step ?? 'at rest';
      if (now === step) return;
      step = now;
      onStep(step);
    },
    onTrouble: ({ text }) => void process.stderr.write(`${text}\n`),
  });
  return vault;
};

const MONITORS = 60;

/** One whole state: every row of it says which generation it is, so that two mixed ones show. */
export const generation = (n: number): Change => ({
  monitors: Array.from({ length: MONITORS }, (_, index) =>
    sampleMonitor({ symbol: `S${index}USDT`, size: String(n), updatedAt: n }),
  ),
  executions: [sampleExecution({ execId: `x${n}`, executedAt: n })],
  settings: { generation: n },
});

/** The generation of what is loaded; `null` when rows of several are mixed. */
export function generationOf(store: Store): number | null {
  const { monitors, settings, quarantined } = store.load();
  const n = Number(settings['generation'] ?? 0);
  const whole =
    quarantined.length === 0 &&
    monitors.length === (n === 0 ? 0 : MONITORS) &&
    monitors.every((monitor) => monitor.size === String(n) && monitor.updatedAt === n);
  return whole ? n : null;
}

/** When to kill: so many ms after the given step was begun, or after the start of the process. */
export interface Moment {
  step: number | null;
  afterMs: number;
}

export interface Death {
  /** Lines the child printed, other than its steps. */
  said: string[];
  /** The step it was in. */
  at: string;
}

/** Runs a child until the moment and kills it. Throws when it ends by itself with an error. */
export async function liveAndDie(file: string, args: string[], moment: Moment): Promise<Death> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const death: Death = { said: [], at: 'starting' };
  const reached = Promise.withResolvers<void>();
  let steps = 0;
  createInterface(child.stdout).on('line', (line) => {
    if (!line.startsWith('step ')) {
      death.said.push(line);
      return;
    }
    death.at = line.slice(5);
    if (steps++ === moment.step) reached.resolve();
  });
  if (moment.step === null) reached.resolve();
  const closed = once(child, 'close') as Promise<[number | null]>;
  await Promise.race([reached.promise, closed]);
  await setTimeout(moment.afterMs);
  child.kill('SIGKILL');
  const [code] = await closed;
  if (code !== null && code !== 0) throw new Error(`${file} ended by itself with code ${code}.`);
  return death;
}

/** Mulberry32: the same kills in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
