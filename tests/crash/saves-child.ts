import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../../src-main/domain/clock.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { lockDataFolder } from '../../src-main/persistence/file/lock.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { sampleExecution, sampleMonitor } from '../persistence/samples.ts';

/*
 * Saves without end until it is killed. Step n changes a pair of monitors, a setting and adds an
 * execution, all in one critical save, after a routine save of what was seen; `acked n` is said once
 * n is durable. Its timers run 50 times as fast, so that routine writes and folds happen as well.
 */
const [dataDir = ''] = process.argv.slice(2);
lockDataFolder(dataDir, { pid: process.pid });
const store = await openStore({
  dataDir,
  clock: { ...systemClock, after: (ms, callback) => systemClock.after(ms / 50, callback) },
  log: silentLog,
  routineMs: () => 1_000,
  programVersion: 'crash',
  newId: () => crypto.randomUUID(),
  beforeMigration: () => {},
  onTrouble: (trouble) => void process.stderr.write(`${trouble.text}\n`),
});
const { settings } = store.load();
const crowd = Array.from({ length: 40 }, (_, index) => `CROWD${index}USDT`);

const fill = {
  reason: 'fill',
  what: 'Two fills',
  author: 'desk',
  accounts: ['main'],
  summary: 'Both are booked.',
  onRefusal: 'keep',
} as const;

for (let n = Number(settings['step'] ?? 0) + 1; ; n++) {
  store.save('mark', {
    sightings: ['LEFTUSDT', 'RIGHTUSDT'].map((symbol) => ({
      position: positionKey({ account: 'main', symbol, positionIdx: 0 }),
      markPrice: String(n),
      distance: null,
      checkedAt: n,
    })),
  });
  store.save('checked', {
    monitors: crowd.map((symbol) => sampleMonitor({ symbol, updatedAt: n })),
  });
  await setImmediate();
  const [left, right] = ['LEFTUSDT', 'RIGHTUSDT'].map((symbol) =>
    sampleMonitor({ symbol, size: String(n), updatedAt: n }),
  );
  if (!left || !right) break;
  store.operation(fill, (add) => {
    add({ monitors: [left], executions: [sampleExecution({ execId: `x${n}`, executedAt: n })] });
    add({ monitors: [right], settings: { step: n } });
  });
  if (store.statistics().dirtyRows === 0) writeSync(1, `acked ${n}\n`);
}
