import { expect, test } from 'vitest';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { createOperations } from '../../src-main/persistence/write/operations.ts';
import { openLoaded, outsider } from '../persistence/support.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';

type Desk = Awaited<ReturnType<typeof startDesk>>;

const operationsOf = async (desk: Desk) => (await desk.slice('operations')).rows;
const modeOf = async (desk: Desk, account: string) =>
  (await desk.slice('accounts')).rows.find(({ id }) => id === account)?.mode;
const watched = (desk: Desk) =>
  expect.poll(async () => (await desk.slice('monitors')).rows.length, { timeout: 10_000 }).toBe(60);

test('a start tells what it set and adopted, each as an operation; what did not change is none', async () => {
  const dataDir = newDataFolder();
  const first = await startDesk({ dataDir });
  await watched(first);
  await expect
    .poll(async () =>
      (await operationsOf(first)).map(({ what, summary }) => `${what}: ${summary}`).sort(),
    )
    .toEqual([
      'Reconcile main with the exchange: Adopted 30 positions.',
      'Reconcile mirror with the exchange: Adopted 30 positions.',
      'Set the modes at the start: main is armed. mirror is armed.',
    ]);
  const before = await operationsOf(first);
  expect(before.every(({ state, author }) => state === 'committed' && author === 'desk')).toBe(
    true,
  );
  await first.stop();
  const second = await startDesk({ dataDir });
  await watched(second);
  expect(await operationsOf(second)).toEqual(before);
}, 30_000);

test('arming that cannot be saved is refused and leaves the account watching; disarming holds all the same', async () => {
  const dataDir = newDataFolder();
  const desk = await startDesk({ dataDir });
  await watched(desk);
  await desk.do('account.setMode', { account: 'main', mode: 'watch' });
  const arm = { account: 'main', mode: 'armed', confirm: 'main' } as const;

  const other = outsider(dataDir);
  other.exec('BEGIN IMMEDIATE');
  await expect(desk.do('account.setMode', arm)).rejects.toThrow(
    /BUSY: Nothing was changed\. Another program is using the database/,
  );
  expect(await modeOf(desk, 'main')).toBe('watch');
  await desk.do('account.setMode', { account: 'mirror', mode: 'watch' });
  expect(await modeOf(desk, 'mirror')).toBe('watch');
  expect((await operationsOf(desk)).slice(0, 2)).toMatchObject([
    { what: 'Disarm mirror', state: 'committed', author: 'operator', accounts: ['mirror'] },
    { what: 'Arm main', state: 'rolled-back', summary: null },
  ]);
  other.exec('ROLLBACK');
  await desk.stop();
  const again = await startDesk({ dataDir });
  expect([await modeOf(again, 'main'), await modeOf(again, 'mirror')]).toEqual(['watch', 'watch']);
  expect((await operationsOf(again)).slice(0, 2).map(({ what, state }) => [what, state])).toEqual([
    ['Disarm mirror', 'committed'],
    ['Arm main', 'rolled-back'],
  ]);
}, 30_000);

test('a restore, its undo and a change of settings are operations with their steps', async () => {
  const desk = await startDesk();
  await watched(desk);
  await desk.do('settings.update', { routineSaveSeconds: 10 });
  expect((await operationsOf(desk))[0]).toMatchObject({
    what: 'Change settings: routineSaveSeconds',
    state: 'committed',
  });
  const { id } = await desk.do('backups.create', {});
  await desk.do('backups.restore', { id, confirm: id });
  const find = async (what: string) =>
    (await operationsOf(desk)).find((operation) => operation.what === what);
  const restored = await find(`Restore ${id}`);
  expect(restored).toMatchObject({ state: 'committed', author: 'operator' });
  expect(restored?.steps.every(({ doneAt }) => doneAt !== null)).toBe(true);
  await desk.do('backups.undo', { confirm: 'UNDO' });
  expect(await find('Undo the restore')).toMatchObject({ state: 'committed' });
  // What the undo brought back was kept in the middle of the restore: it did not break off there.
  expect(await find(`Restore ${id}`)).toMatchObject({
    state: 'rolled-back',
    why: 'Undone: the state before it is back.',
  });
}, 60_000);

test('an operation that the last run never ended is told by the start, with what was done', async () => {
  const { store, dataDir } = await openLoaded(newDataFolder());
  const begin = createOperations({
    save: store.save,
    newId: () => 'o1',
    clock: systemClock,
    log: silentLog,
  });
  begin({
    what: 'Close all on main and mirror',
    author: 'operator',
    accounts: ['main', 'mirror'],
    steps: ['Close everything on main', 'Close everything on mirror'],
  }).did('Close everything on main');
  store.close();

  const desk = await startDesk({ dataDir });
  const why =
    'Holdfast stopped before it was finished. Done: Close everything on main. Not done: Close everything on mirror.';
  expect((await operationsOf(desk)).find(({ id }) => id === 'o1')).toMatchObject({
    state: 'interrupted',
    why,
  });
  const alert = (await desk.slice('alerts')).rows.find(({ rule }) => rule === 'operation o1');
  expect(alert).toMatchObject({ severity: 'critical' });
  expect(alert?.text).toContain(why);
}, 30_000);
