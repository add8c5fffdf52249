import { writeSync } from 'node:fs';
import { finishInterrupted } from '../../src-main/backup/restore/restore-journal.ts';
import { lockDataFolder } from '../../src-main/persistence/file/lock.ts';
import { generationOf, openKillStore, openKillVault } from './backup-killing.ts';

/*
 * Starts as the desk does and restores the other one of two backups, given as GENERATION=ID, until it
 * is killed; `done GENERATION` once a restore is through.
 */
const [dataDir = '', ...pairs] = process.argv.slice(2);
const ids = new Map(pairs.map((pair) => pair.split('=') as [string, string]));
const say = (line: string): void => void writeSync(1, `${line}\n`);
lockDataFolder(dataDir, { pid: process.pid });
say('step finishing what was cut off');
await finishInterrupted(dataDir);
say('step opening');
const store = await openKillStore(dataDir);
const vault = openKillVault(dataDir, store, (step) => say(`step ${step}`));
await vault.open();
for (;;) {
  const other = String(generationOf(store)) === '1' ? '2' : '1';
  await vault.restore(ids.get(other) ?? '', {
    async stopLoop() {},
    async resumed() {
      store.load();
    },
    async abandoned(why) {
      process.stderr.write(`${why}\n`);
    },
    async wentBack(why) {
      process.stderr.write(`${why}\n`);
    },
  });
  say(`done ${other}`);
}
