import { expect, test } from 'vitest';
import { startDesk } from '../support/desk.ts';
import { practice } from '../support/desk-rig.ts';
import { virtualTime } from '../support/virtual-time.ts';

test('armed by the operator, the desk does what is due before its next look', async () => {
  const time = virtualTime();
  const desk = await startDesk({
    clock: time.clock,
    // Time stands still while it acts, so messages must be there in no time.
    roughness: { jitterMs: 0, lagMs: 0 },
  });
  const rows = async (name: 'monitors' | 'positions') => (await desk.slice(name)).rows.length;
  for (let n = 0; (await rows('monitors')) < 60 && n < 100; n++) await time.pass(100);
  await desk.do('account.setMode', { account: 'main', mode: 'watch' });

  const bitcoin = async () =>
    (await desk.slice('positions')).rows.find(
      ({ account, symbol }) => account === 'main' && symbol === 'BTCUSDT',
    );
  const wouldAct = async () =>
    (await desk.slice('timeline')).rows.some(({ stage }) => stage === 'would-do');
  const orderId = (await bitcoin())?.takeProfits[0]?.orderId;
  const rest = (await desk.slice('health')).practiceUrl ?? '';
  const place = { rest, wsPublic: '', wsPrivate: '', accounts: [] };
  await time.during(practice(place, 'fill', { account: 'main', orderId }));
  for (let n = 0; !(await wouldAct()) && n < 100; n++) await time.pass(100);
  expect((await bitcoin())?.breakevenMoved).toBe(false);

  const at = time.clock.now();
  await desk.do('account.setMode', { account: 'main', mode: 'armed', confirm: 'main' });
  await time.settle();
  expect(time.clock.now()).toBe(at);
  expect((await bitcoin())?.breakevenMoved).toBe(true);
}, 30_000);
