import { expect, onTestFinished, test } from 'vitest';
import type { AccountConfig } from '../../src-main/desk/accounts/accounts-file.ts';
import { startPractice } from '../../src-main/practice/server.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';
import { ROUGH } from '../support/rough.ts';

type Desk = Awaited<ReturnType<typeof startDesk>>;

async function ready() {
  const desk = await startDesk();
  const watched = async () => (await desk.slice('monitors')).rows.length;
  await expect.poll(watched, { timeout: 20_000 }).toBe(60);
  const { practiceUrl } = await desk.slice('health');
  const ask = async (call: string, body?: object) => {
    const response = await fetch(
      `${practiceUrl}/practice/${call}`,
      body && { method: 'POST', body: JSON.stringify(body) },
    );
    const answer = (await response.json()) as { error?: string; requests?: Request[] };
    if (!response.ok) throw new Error(answer.error);
    return answer;
  };
  const row = async (account: string, symbol: string): Promise<PositionRow | undefined> =>
    (await desk.slice('positions')).rows.find(
      (one) => one.account === account && one.symbol === symbol,
    );
  return { desk, ask, row };
}
interface Request {
  method: string;
  account: string | null;
  body: string;
}
const told = async (desk: Desk, rule: string) =>
  (await desk.slice('alerts')).rows.filter((alert) => alert.rule === rule);

test('E1 one odd order is seen from the gateway to the screen, costs no other row anything, and ends by itself', async () => {
  const { desk, ask, row } = await ready();
  const before = (await desk.slice('positions')).rows;
  const symbol = before.find((one) => one.account === 'main')?.symbol ?? '';
  const size = (await row('main', symbol))?.size;
  await ask('fault', {
    kind: 'oddRow',
    account: 'main',
    symbol,
    field: 'orderStatus',
    value: 'Frozen',
    forMs: 600_000,
  });
  await desk.do('cache.sweep', {});
  const odd = async () => (await row('main', symbol))?.notUnderstood?.oddities[0];
  await expect.poll(odd).toMatchObject({ field: 'orderStatus', raw: '"Frozen"' });
  expect(await row('main', symbol)).toMatchObject({
    size,
    doubtful: true,
    protection: { state: 'unknown' },
    profitIfStopped: null,
  });
  // Every other row, the same symbol on the other account too, is protected as it was.
  const others = (await desk.slice('positions')).rows.filter((one) => !one.notUnderstood);
  expect(others.length).toBe(59);
  expect(others.every((one) => one.protection.state === 'full' && !one.doubtful)).toBe(true);
  const verdict = await desk.slice('verdict');
  expect(verdict.counts).toMatchObject({ positions: 60, protected: 59, notUnderstood: 1 });
  expect(verdict.severity).toBe('unknown');
  expect(verdict.sentence).toBe(
    '1 position is not understood and not known to be protected. 59 are protected.',
  );
  const problem = async () => (await desk.slice('accounts')).rows.map((one) => one.problem ?? '');
  expect((await problem())[0]).toContain(`1 symbol is not understood: ${symbol}.`);
  expect((await problem())[1]).not.toContain('understood');
  await expect.poll(async () => (await told(desk, 'not-understood')).length).toBe(1);
  expect((await told(desk, 'not-understood'))[0]).toMatchObject({ severity: 'critical', symbol });

  await ask('fault', { kind: 'clear' });
  await desk.do('cache.sweep', {});
  await expect
    .poll(async () => (await row('main', symbol))?.notUnderstood, { timeout: 15_000 })
    .toBeNull();
  expect((await row('main', symbol))?.protection.state).toBe('full');
  expect((await problem())[0]).not.toContain('understood');

  // What comes to it again is told again, however soon.
  const fault = { kind: 'oddRow', account: 'main', symbol, path: 'position/list', field: 'size' };
  await ask('fault', { ...fault, forMs: 600_000 });
  await desk.do('cache.sweep', {});
  await expect.poll(async () => (await told(desk, 'not-understood')).length).toBe(2);
  expect(await row('main', symbol)).toMatchObject({ size, protection: { state: 'unknown' } });
}, 60_000);

test('E1 E5 close-all leaves out what is not understood, says so, and sends nothing there', async () => {
  const { desk, ask, row } = await ready();
  const symbol = (await desk.slice('positions')).rows.find((one) => one.account === 'main')?.symbol;
  if (symbol === undefined) throw new Error('no position');
  const fault = { kind: 'oddRow', account: 'main', symbol, path: 'position/list', field: 'size' };
  await ask('fault', { ...fault, forMs: 600_000 });
  const { receipts } = await desk.do('panic', { accounts: ['main'], confirm: 'PANIC' });
  expect(receipts).toMatchObject([{ account: 'main', positions: 1, orders: 0 }]);
  expect(receipts[0]?.text).toContain(`${symbol} was left out: Bybit sent a position of ${symbol}`);
  const { requests = [] } = await ask('requests');
  const sent = requests.filter(({ method, account }) => method === 'POST' && account === 'main');
  expect(sent.length).toBeGreaterThan(29);
  expect(sent.filter(({ body }) => body.includes(`"${symbol}"`))).toEqual([]);
  expect(await row('main', symbol)).toMatchObject({
    notUnderstood: {},
    protection: { state: 'unknown' },
  });
}, 60_000);

test('E1 a position nobody has seen yet is shown and counted as not understood, never hidden', async () => {
  const { desk, ask, row } = await ready();
  const held = new Set((await desk.slice('positions')).rows.map((one) => one.symbol));
  const symbol = ['SEIUSDT', 'JUPUSDT', 'PYTHUSDT', 'TIAUSDT', 'XRPUSDT', 'DOGEUSDT'].find(
    (one) => !held.has(one),
  );
  if (symbol === undefined) throw new Error('all are held');
  await ask('fault', {
    kind: 'oddRow',
    account: 'main',
    symbol,
    field: 'side',
    value: 'Up',
    forMs: 600_000,
  });
  await ask('order', {
    account: 'main',
    category: 'linear',
    symbol,
    side: 'Buy',
    orderType: 'Market',
    qty: '100',
    positionIdx: 0,
  });
  await expect
    .poll(async () => row('main', symbol))
    .toMatchObject({ side: null, size: null, notUnderstood: {} });
  expect((await desk.slice('verdict')).counts).toMatchObject({ positions: 61, notUnderstood: 1 });
  await ask('fault', { kind: 'clear' });
  await expect
    .poll(async () => row('main', symbol), { timeout: 20_000 })
    .toMatchObject({ side: 'long', notUnderstood: null });
}, 60_000);

test('E5 a restart while a position is not understood shows what was known last, and closes nothing', async () => {
  const venue = await startPractice({ speed: 0, ...ROUGH });
  onTestFinished(() => venue.stop());
  const accounts = venue.accounts.map(
    ({ role, apiKey, apiSecret }): AccountConfig => ({
      id: role,
      role,
      venue: 'custom',
      mode: 'watch',
      restUrl: venue.rest,
      wsPrivateUrl: venue.wsPrivate,
      wsPublicUrl: venue.wsPublic,
      apiKey,
      apiSecret,
    }),
  );
  const dataDir = newDataFolder();
  const run = async () => {
    const desk = await startDesk({ dataDir, accounts });
    const rowsOf = async () => (await desk.slice('positions')).rows;
    await expect.poll(async () => (await rowsOf()).length, { timeout: 20_000 }).toBe(60);
    return { desk, rowsOf };
  };
  const first = await run();
  const known = (await first.rowsOf()).find(({ account }) => account === 'main');
  if (!known) throw new Error('no position');
  const { symbol, size, side, entryPrice } = known;
  await first.desk.stop();
  const fault = { kind: 'oddRow', account: 'main', symbol, field: 'size', value: 'many' };
  await fetch(`${venue.rest}/practice/fault`, {
    method: 'POST',
    body: JSON.stringify({ ...fault, forMs: 600_000 }),
  });

  const second = await run();
  const row = async () =>
    (await second.rowsOf()).find((one) => one.account === 'main' && one.symbol === symbol);
  expect(await row()).toMatchObject({
    size,
    side,
    entryPrice,
    doubtful: true,
    protection: { state: 'unknown' },
    notUnderstood: { oddities: [{ field: 'size', raw: '"many"' }] },
  });
  expect((await second.desk.slice('verdict')).counts).toMatchObject({
    positions: 60,
    protected: 59,
    notUnderstood: 1,
  });
  // Two whole reads that do not name it, and more.
  for (let times = 0; times < 3; times++) {
    await second.desk.do('cache.sweep', {});
    await new Promise((done) => {
      setTimeout(done, 1_100);
    });
  }
  expect((await second.desk.slice('monitors')).rows).toHaveLength(60);
  expect((await second.desk.slice('history')).rows).toEqual([]);
  await fetch(`${venue.rest}/practice/fault`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'clear' }),
  });
  await expect
    .poll(row, { timeout: 20_000 })
    .toMatchObject({ size, notUnderstood: null, protection: { state: 'full' } });
}, 90_000);
