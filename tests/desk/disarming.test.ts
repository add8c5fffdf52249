import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, smallDisk } from '../persistence/support.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';

type Desk = Awaited<ReturnType<typeof startDesk>>;
const modeOf = async (desk: Desk, account: string) =>
  (await desk.slice('accounts')).rows.find(({ id }) => id === account)?.mode;

test('F9 disarmed on a full disk: in force, not saved yet, and a kill does not arm it again', async (context) => {
  const disk = smallDisk(context, 24);
  const dataDir = join(disk, 'data');
  const desk = await startDesk({ dataDir });
  expect(await modeOf(desk, 'mirror')).toBe('armed');
  fill(disk);
  await expect(desk.do('settings.update', { routineSaveSeconds: 20 })).rejects.toThrow(
    /Nothing was changed\..*is full/,
  );
  expect((await desk.slice('settings')).routineSaveSeconds).toBe(30);
  expect(await desk.do('account.setMode', { account: 'mirror', mode: 'watch' })).toEqual({
    account: 'mirror',
    mode: 'watch',
    saved: false,
  });

  // What a kill would leave: the files as they lie now.
  const killed = newDataFolder();
  cpSync(dataDir, killed, { recursive: true });
  const next = await startDesk({ dataDir: killed });
  expect([await modeOf(next, 'main'), await modeOf(next, 'mirror')]).toEqual(['armed', 'watch']);
  const arm = { account: 'mirror', mode: 'armed', confirm: 'mirror' } as const;
  // Its key is checked first.
  await expect
    .poll(() => next.call('account.setMode', arm), { timeout: 20_000 })
    .toMatchObject({ ok: true });
  await next.stop();
  expect(await modeOf(await startDesk({ dataDir: killed }), 'mirror')).toBe('armed');
  // A stop on a full disk ends all the same.
  await desk.stop();
}, 60_000);

test('F9 what was disarmed cannot be read: every account starts in watch mode', async () => {
  const dataDir = newDataFolder();
  writeFileSync(join(dataDir, 'disarmed.json'), 'no list');
  const desk = await startDesk({ dataDir });
  expect([await modeOf(desk, 'main'), await modeOf(desk, 'mirror')]).toEqual(['watch', 'watch']);
}, 30_000);
