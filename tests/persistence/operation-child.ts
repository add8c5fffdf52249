import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { createOperations } from '../../src-main/persistence/write/operations.ts';
import { sampleMonitor } from './samples.ts';

// Begins an operation, does one of its two steps, says so, and waits to be killed.
let ids = 0;
const newId = (): string => `child-${ids++}`;
const store = await openStore({
  dataDir: process.argv[2] ?? '',
  clock: systemClock,
  log: silentLog,
  routineMs: () => 30_000,
  programVersion: '0.0.0',
  newId,
  beforeMigration: () => {},
  onTrouble: () => {},
});
store.load();
const begin = createOperations({ save: store.save, newId, clock: systemClock, log: silentLog });
const operation = begin({
  what: 'Close all on left and right',
  author: 'operator',
  accounts: ['main'],
  steps: ['Close left', 'Close right'],
});
store.save('monitor-created', { monitors: [sampleMonitor({ symbol: 'LEFTUSDT' })] });
operation.did('Close left');
process.stdout.write('half done\n');
setInterval(() => {}, 1_000);
