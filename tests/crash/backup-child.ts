import { writeSync } from 'node:fs';
import { lockDataFolder } from '../../src-main/persistence/file/lock.ts';
import { generation, openKillStore, openKillVault } from './backup-killing.ts';

/* Changes everything and backs it up, again and again, until it is killed; `made ID` once one is kept. */
const [dataDir = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
lockDataFolder(dataDir, { pid: process.pid });
const store = await openKillStore(dataDir);
let n = Number(store.load().settings['generation'] ?? 0);
const vault = openKillVault(dataDir, store, (step) => say(`step ${step}`));
await vault.open();
for (;;) {
  n++;
  store.save('phase-change', generation(n));
  const made = await vault.create({ class: 'routine', reason: 'changed' });
  say(`made ${made.id}`);
}
