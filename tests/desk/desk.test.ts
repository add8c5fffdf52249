import { expect, test } from 'vitest';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';

type Desk = Awaited<ReturnType<typeof startDesk>>;

const keyOf = (row: {
  account: string;
  symbol: string;
  side: string | null;
  positionIdx: number;
}) => `${row.account} ${row.symbol} ${row.side} ${row.positionIdx}`;

async function untilWatched(desk: Desk, count = 60): Promise<PositionRow[]> {
  await expect
    .poll(async () => (await desk.slice('monitors')).rows.length, { timeout: 10_000 })
    .toBe(count);
  return (await desk.slice('positions')).rows;
}

async function truth(desk: Desk) {
  const { practiceUrl } = await desk.slice('health');
  const response = await fetch(`${practiceUrl}/practice/truth`);
  return (await response.json()) as {
    accounts: { account: string; positions: Record<string, string>[] }[];
  };
}

test('P01 P07 the practice desk watches 60 positions, and each is what the exchange holds on that account', async () => {
  const desk = await startDesk();
  const rows = await untilWatched(desk);
  expect(rows.length).toBe(60);
  expect(new Set(rows.map(keyOf)).size).toBe(60);
  const { practiceUrl } = await desk.slice('health');
  expect(practiceUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (const row of rows) {
    expect(row.stop, keyOf(row)).not.toBeNull();
    expect(row.protectedSize, keyOf(row)).toBe(row.size);
  }
  const sizes = (account: string) =>
    Object.fromEntries(
      rows.filter((row) => row.account === account).map((row) => [row.symbol, row.size]),
    );
  const held = await truth(desk);
  for (const account of ['main', 'mirror']) {
    const positions = held.accounts.find((one) => one.account === account)?.positions ?? [];
    const actual = Object.fromEntries(positions.map(({ symbol, size }) => [symbol, size]));
    expect(Object.keys(actual).length).toBe(30);
    expect(sizes(account)).toEqual(actual);
  }
}, 30_000);

test('stopping and starting again shows the same monitors, opened when they were', async () => {
  const dataDir = newDataFolder();
  const first = await startDesk({ dataDir });
  await untilWatched(first);
  const before = (await first.slice('monitors')).rows;
  await first.stop();
  const second = await startDesk({ dataDir });
  await untilWatched(second);
  const after = (await second.slice('monitors')).rows;
  const identity = (row: (typeof before)[number]) => `${keyOf(row)} ${row.openedAt}`;
  expect(after.map(identity).sort()).toEqual(before.map(identity).sort());
}, 30_000);

test('P41 a restore comes back paused and disarmed, revives nothing, and can be undone', async () => {
  const dataDir = newDataFolder();
  const desk = await startDesk({ dataDir });
  await untilWatched(desk);
  const backup = await desk.do('backups.create', { note: 'before' });
  expect(backup).toMatchObject({ class: 'manual', verified: true, note: 'before' });
  expect(backup.counts['monitors']).toBe(60);

  await desk.do('preferences.update', { theme: 'light' });
  const gone = (await desk.slice('positions')).rows[0] as PositionRow;
  const { practiceUrl } = await desk.slice('health');
  await fetch(`${practiceUrl}/practice/close`, {
    method: 'POST',
    body: JSON.stringify({ account: gone.account, symbol: gone.symbol, side: gone.side }),
  });
  const watched = async () => (await desk.slice('monitors')).rows.map(keyOf);
  await expect.poll(watched, { timeout: 10_000 }).not.toContain(keyOf(gone));

  await expect(desk.do('backups.restore', { id: backup.id, confirm: 'yes' })).rejects.toThrow(
    'NOT_CONFIRMED',
  );
  await desk.do('backups.restore', { id: backup.id, confirm: backup.id });
  expect((await desk.slice('accounts')).rows.map((row) => row.mode)).toEqual(['watch', 'watch']);
  expect((await desk.slice('backups')).paused).not.toBeNull();
  const shown = (await desk.slice('positions')).rows;
  expect(shown.length).toBe(59);
  for (const row of shown) expect(row.protectedSize, keyOf(row)).toBe(row.size);
  await expect(
    desk.do('account.setMode', { account: 'main', mode: 'armed', confirm: 'main' }),
  ).rejects.toThrow('paused');

  await desk.do('desk.resume', {});
  await expect.poll(watched, { timeout: 10_000 }).not.toContain(keyOf(gone));
  expect((await desk.slice('positions')).rows.map(keyOf)).not.toContain(keyOf(gone));

  expect((await desk.slice('backups')).undo).toMatchObject({ restoredId: backup.id });
  await desk.do('preferences.update', { theme: 'dark' });
  await desk.do('backups.undo', { confirm: 'UNDO' });
  expect((await desk.slice('backups')).undo).toBeNull();
  // How the screens look is no part of a restore, nor of what is undone.
  await desk.stop();
  const again = await startDesk({ dataDir });
  expect((await again.slice('preferences')).theme).toBe('dark');
}, 60_000);

test('the practice account is armed from the start; arming needs the account typed again', async () => {
  const desk = await startDesk();
  await untilWatched(desk);
  expect((await desk.slice('accounts')).rows.map((row) => [row.id, row.mode])).toEqual([
    ['main', 'armed'],
    ['mirror', 'armed'],
  ]);
  await desk.do('account.setMode', { account: 'mirror', mode: 'watch' });
  await expect(
    desk.do('account.setMode', { account: 'mirror', mode: 'armed', confirm: 'main' }),
  ).rejects.toThrow('NOT_CONFIRMED');
  await desk.do('account.setMode', { account: 'mirror', mode: 'armed', confirm: 'mirror' });
}, 30_000);

test('the practice exchange can be started over, and the desk follows', async () => {
  const dataDir = newDataFolder();
  const first = await startDesk({ dataDir });
  const gone = (await untilWatched(first))[0] as PositionRow;
  const { practiceUrl } = await first.slice('health');
  await fetch(`${practiceUrl}/practice/close`, {
    method: 'POST',
    body: JSON.stringify({ account: gone.account, symbol: gone.symbol, side: gone.side }),
  });
  const watched = async (desk: Desk) => (await desk.slice('monitors')).rows.map(keyOf);
  await expect.poll(() => watched(first), { timeout: 10_000 }).not.toContain(keyOf(gone));
  await expect(first.do('practice.reset', { confirm: 'yes' })).rejects.toThrow('NOT_CONFIRMED');
  await first.do('practice.reset', { confirm: 'RESET' });
  await first.stop();
  const second = await startDesk({ dataDir });
  await untilWatched(second);
  expect(await watched(second)).toContain(keyOf(gone));
}, 40_000);

test('calls are checked: an unknown command, a wrong field and a stranger field are refused in words', async () => {
  const desk = await startDesk();
  expect(await desk.call('nonsense', {})).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND' },
  });
  expect(await desk.call('state.get', { slice: 'secrets' })).toMatchObject({
    ok: false,
    error: { code: 'BAD_INPUT' },
  });
  expect(await desk.call('cache.sweep', { account: 'main' })).toMatchObject({
    ok: false,
    error: { code: 'BAD_INPUT' },
  });
  expect(
    await desk.call('settings.update', { ttlSeconds: { positions: 99_999_999 } }),
  ).toMatchObject({
    ok: false,
    error: { message: 'ttlSeconds.positions: takes 1 to 86400 seconds. Nothing was changed.' },
  });
  expect(await desk.call('toString', {})).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND' },
  });
}, 30_000);

test('settings take effect at once and are there after a restart', async () => {
  const dataDir = newDataFolder();
  const first = await startDesk({ dataDir });
  await first.do('settings.update', { ttlSeconds: { positions: 7 }, cacheEnabled: false });
  expect((await first.slice('cache')).enabled).toBe(false);
  expect((await first.slice('cache')).kinds.find((row) => row.kind === 'positions')?.ttlMs).toBe(
    7000,
  );
  await first.stop();
  const second = await startDesk({ dataDir });
  expect((await second.slice('settings')).ttlSeconds['positions']).toBe(7);
  expect((await second.slice('cache')).enabled).toBe(false);
}, 30_000);

test('a second desk on the same folder is refused with the first one’s pid', async () => {
  const dataDir = newDataFolder();
  await startDesk({ dataDir });
  await expect(startDesk({ dataDir })).rejects.toThrow(`process ${process.pid}`);
}, 30_000);
