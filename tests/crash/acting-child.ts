import { systemClock } from '../../src-main/domain/clock.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { lockDataFolder } from '../../src-main/persistence/file/lock.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { deskOn, type PracticePlace } from '../support/desk-rig.ts';
import { savedRows } from '../support/saved-rows.ts';

/*
 * An armed desk on a practice exchange, with its state on the disk, until it is killed. Says when it is
 * ready, and when asked what it has saved; closes an account when told to.
 *
 *   node acting-child.ts FOLDER PLACE
 */
const [, , dataDir = '', place = '{}'] = process.argv;

export type Said = { ready: Target[] } | { saved: { executions: string[]; pending: number } };

/** A position whose first take-profit has not been hit yet. */
export interface Target {
  account: string;
  symbol: string;
  orderId: string;
}

lockDataFolder(dataDir, { pid: process.pid });
const store = await openStore({
  dataDir,
  clock: systemClock,
  log: silentLog,
  routineMs: () => 1_000,
  programVersion: 'crash',
  newId: () => crypto.randomUUID(),
  beforeMigration: () => {},
  onTrouble: (trouble) => void process.stderr.write(`${trouble.text}\n`),
});
const { monitors, intents, lastExecution, settings } = store.load();
// What came since the first start is still to be read where nothing was taken in yet.
const began = Number(settings['began'] ?? systemClock.now());
store.save('settings', { settings: { began } });
const desk = deskOn(JSON.parse(place) as PracticePlace, {
  mode: 'armed',
  monitors,
  intents,
  lastExecution: { main: { executedAt: began }, mirror: { executedAt: began }, ...lastExecution },
  timings: { reconnectFirst: 50 },
  save: (reason, change) => store.save(reason, change),
});
const say = (said: Said): void => void process.send?.(said);

process.on('message', (asked: { closeAll?: string; saved?: true }) => {
  if (asked.closeAll) void desk.loop.closeAll(asked.closeAll).catch(() => null);
  if (!asked.saved) return;
  const executions = savedRows(store, 'executions') as { orderId: string }[];
  const pending = (savedRows(store, 'intents') as { pending: boolean }[]).filter(
    (intent) => intent.pending,
  );
  say({ saved: { executions: executions.map(({ orderId }) => orderId), pending: pending.length } });
});
process.once('disconnect', () => process.exit(0));

/** Waits for a machine that may be at work with something else: a minute at most. */
const ready = (tries: number): Promise<void> =>
  desk.ready().catch((thrown) => {
    if (tries === 0) throw thrown;
    return ready(tries - 1);
  });
await ready(5);
say({
  ready: desk.loop.monitors().flatMap((monitor): Target[] => {
    const [first] = monitor.takeProfits;
    const isWhole = monitor.takeProfits.length === 4 && first?.state === 'open';
    const isOpen = desk.cache.positionAt(monitor) !== null && positionKey(monitor) !== '';
    const { account, symbol } = monitor;
    return isWhole && isOpen && first.orderId ? [{ account, symbol, orderId: first.orderId }] : [];
  }),
});
