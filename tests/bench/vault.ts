import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Vault } from '../../src-main/backup/vault.ts';
import { createVault } from '../../src-main/backup/vault.ts';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import type { Store } from '../../src-main/persistence/store.ts';
import { sampleExecution, sampleMonitor } from '../persistence/samples.ts';
import { atMost, type Run } from '../support/report.ts';
import { sharedPath } from '../support/shared.ts';
import { besideOthers } from './beside-others.ts';

const DATABASE_BYTES = 100e6;
const FILE_BYTES = 32e6;

/** What backing up and restoring cost, beside restic and borg where they are installed. */
export const run: Run = async ({ progress }) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-vault-'));
  const dataDir = join(folder, 'data');
  const figures: Record<string, number> = {};
  const store = await openBigStore(dataDir, progress);
  const vault = openVault(dataDir, store);
  try {
    await vault.open();
    const file = join(folder, 'experiences.json');
    writeFileSync(file, bigJson(progress));
    progress(`the JSON file has ${(statSync(file).size / 1e6).toFixed(1)} MB`);
    const { id: source } = await vault.protect(file);

    const delay = monitorEventLoopDelay({ resolution: 1 });
    await setTimeout(200);
    delay.enable();
    const made = await vault.create({ class: 'manual', reason: 'bench' });
    const version = await vault.create({ source, class: 'manual', reason: 'bench' });
    delay.disable();
    store.save('phase-change', { monitors: [sampleMonitor({ symbol: 'NEXTUSDT' })] });
    const next = await vault.create({ class: 'manual', reason: 'a small change later' });
    figures['dbWholeBytes'] = made.storedSize;
    figures['dbNextBytes'] = next.newSize ?? next.storedSize;
    figures['loopDelayP99Ms'] = delay.percentile(99) / 1e6;
    figures['loopDelayMaxMs'] = delay.max / 1e6;
    figures['storedShare'] = version.storedSize / version.size;

    store.save('phase-change', { monitors: [sampleMonitor({ symbol: 'LATERUSDT' })] });
    const started = performance.now();
    await vault.restore(made.id, {
      async stopLoop() {},
      async resumed() {
        store.load();
      },
      async abandoned() {},
      async wentBack() {},
    });
    figures['dbRestoreMs'] = performance.now() - started;

    await vault.unprotect(source);
  } finally {
    await vault.stop();
    store.close();
  }
  try {
    Object.assign(figures, await besideOthers(folder, bigJson(progress), progress));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const aims = [
    atMost(figures, 'loopDelayP99Ms', 20),
    atMost(figures, 'loopDelayMaxMs', 50),
    atMost(figures, 'storedShare', 0.25),
    atMost(figures, 'dbRestoreMs', 5_000),
    ...['vsRestic', 'vsBorg']
      .filter((name) => name in figures)
      .map((name) => atMost(figures, name, 1)),
    atMost(figures, 'tenthPerChange', 2),
  ];
  return { name: 'vault', figures, aims };
};

type Progress = (text: string) => void;

async function openBigStore(dataDir: string, progress: Progress): Promise<Store> {
  const store = await openStore({
    dataDir,
    clock: systemClock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: 'bench',
    newId: () => crypto.randomUUID(),
    beforeMigration: () => {},
    onTrouble: () => {},
  });
  store.load();
  for (let n = 0; statSync(store.path).size < DATABASE_BYTES; n += 2_000) {
    const executions = Array.from({ length: 2_000 }, (_, index) =>
      sampleExecution({ execId: crypto.randomUUID(), executedAt: 1_748_736_000_000 + n + index }),
    );
    store.save('fill', { executions });
    await setTimeout(0);
  }
  store.close();
  progress(`the database has ${(statSync(store.path).size / 1e6).toFixed(0)} MB`);
  const again = await openStore({
    dataDir,
    clock: systemClock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: 'bench',
    newId: () => crypto.randomUUID(),
    beforeMigration: () => {},
    onTrouble: () => {},
  });
  again.load();
  return again;
}

const openVault = (dataDir: string, store: Store): Vault =>
  createVault({
    dataDir,
    folder: join(dataDir, 'backups'),
    database: store,
    databasePath: databasePath(dataDir),
    clock: systemClock,
    log: silentLog,
    settings: () => ({ minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 5_000 }),
    programVersion: 'bench',
    installId: 'bench',
    onChange: () => {},
    onTrouble: () => {},
  });

/** The real experience records, repeated with other times up to 32 MB; made-up ones where they are absent. */
function bigJson(progress: Progress): string {
  const records = realRecords();
  if (!records) progress('the real experience files are not here; made-up records stand in');
  const model = records ?? madeUp();
  const parts: string[] = [];
  let size = 0;
  for (let round = 0; size < FILE_BYTES; round++) {
    for (const record of model) {
      const text = JSON.stringify(record).replace(
        /20\d\d-(\d\d)/g,
        (_all, month: string) => `${2000 + (round % 90)}-${month}`,
      );
      parts.push(text);
      size += text.length + 2;
      if (size >= FILE_BYTES) break;
    }
  }
  return `{"experiences":[${parts.join(',\n')}]}`;
}

function realRecords(): unknown[] | null {
  const folder = sharedPath('data', 'experiences-simple-bot');
  if (!folder) return null;
  const name = readdirSync(folder).find((one) => one.startsWith('signal_experiences_union'));
  if (!name) return null;
  const value = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString()) as object;
  const lists = Array.isArray(value) ? [value] : Object.values(value).filter(Array.isArray);
  return (lists[0] as unknown[] | undefined) ?? null;
}

const madeUp = (): unknown[] =>
  Array.from({ length: 5_000 }, (_, n) => ({
    timestamp: new Date(1.7e12 + n * 61_000).toISOString(),
    pnl: Math.sin(n) * 100,
    state: { rsi: (n * 7919) % 100, vix: (n * 104_729) % 40, regime: n % 3 ? 'trend' : 'range' },
  }));
