import { expect, test } from 'vitest';
import { startDesk } from '../../support/desk.ts';

type Desk = Awaited<ReturnType<typeof startDesk>>;

async function watchedDesk(): Promise<Desk> {
  const desk = await startDesk();
  await expect
    .poll(async () => (await desk.slice('monitors')).rows.length, { timeout: 10_000 })
    .toBe(60);
  return desk;
}

const modesOf = async (desk: Desk) =>
  Object.fromEntries((await desk.slice('accounts')).rows.map((row) => [row.id, row.mode]));

async function heldBy(desk: Desk, account: string) {
  const { practiceUrl } = await desk.slice('health');
  const response = await fetch(`${practiceUrl}/practice/truth`);
  const truth = (await response.json()) as {
    accounts: { account: string; positions: unknown[]; orders: unknown[] }[];
  };
  const held = truth.accounts.find((one) => one.account === account);
  return { positions: held?.positions.length, orders: held?.orders.length };
}

test('P62 close all: a receipt read back, the account only watches afterwards, the other stays as it was', async () => {
  const desk = await watchedDesk();
  const mirror = await heldBy(desk, 'mirror');
  const wrong = await desk.call('panic', { accounts: ['mirror'], confirm: 'panic' });
  expect(wrong).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
  const stranger = await desk.call('panic', { accounts: ['main', 'other'], confirm: 'PANIC' });
  expect(stranger).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  expect((await heldBy(desk, 'main')).positions).toBe(30);

  await desk.do('account.setMode', { account: 'mirror', mode: 'watch' });
  const { receipts } = await desk.do('panic', { accounts: ['main', 'mirror'], confirm: 'PANIC' });
  expect(receipts[0]).toEqual({
    account: 'main',
    positions: 0,
    orders: 0,
    text: 'main is closed: the exchange shows 0 positions and 0 orders.',
  });
  expect(await heldBy(desk, 'main')).toEqual({ positions: 0, orders: 0 });
  expect(receipts[1]).toMatchObject({
    account: 'mirror',
    positions: 30,
    text: 'mirror is in watch mode. Arm it first, or close on Bybit.',
  });
  expect((await heldBy(desk, 'mirror')).positions).toBe(mirror.positions);
  expect(await modesOf(desk)).toEqual({ main: 'watch', mirror: 'watch' });
  const alerts = (await desk.slice('alerts')).rows.filter((row) => row.text === receipts[0]?.text);
  expect(alerts).toMatchObject([{ severity: 'info', account: 'main' }]);
  await expect
    .poll(async () => new Set((await desk.slice('monitors')).rows.map((row) => row.account)), {
      timeout: 10_000,
    })
    .toEqual(new Set(['mirror']));

  const ofCloseAll = async () =>
    (await desk.slice('operations')).rows.filter(({ what }) => what.startsWith('Close all'));
  expect(await ofCloseAll()).toMatchObject([
    {
      what: 'Close all on main and mirror',
      author: 'operator',
      state: 'committed',
      steps: [
        { text: 'Close everything on main', doneAt: expect.any(Number) },
        { text: 'Close everything on mirror', doneAt: null },
      ],
      summary: receipts.map(({ text }) => text).join(' '),
    },
  ]);

  const again = await desk.call('panic', { accounts: ['main'], confirm: 'PANIC' });
  expect(again).toMatchObject({ ok: false, error: { code: 'REFUSED' } });
  expect(await ofCloseAll()).toMatchObject([{ state: 'rolled-back' }, { state: 'committed' }]);
}, 60_000);
