import { expect, test } from 'vitest';
import type { ApprovalRow } from '../../src-preload/contract/approvals.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';
import { practice } from '../support/desk-rig.ts';
import { type VirtualTime, virtualTime } from '../support/virtual-time.ts';

type Desk = Awaited<ReturnType<typeof startDesk>>;

interface Order {
  orderId: string;
  symbol: string;
  side: string;
  reduceOnly: boolean;
  [field: string]: unknown;
}
interface Held {
  account: string;
  positions: { symbol: string; side: string; size: string; stopLoss: string }[];
  orders: Order[];
}
interface Sent {
  path: string;
  body: string | null;
}

/** A desk on the practice exchange whose main account proposes, on a clock that goes when it is told to. */
async function proposing(dataDir = newDataFolder()) {
  const time = virtualTime();
  const desk = await startDesk({
    dataDir,
    clock: time.clock,
    roughness: { jitterMs: 0, lagMs: 0 },
  });
  const rows = async (name: 'monitors' | 'positions') => (await desk.slice(name)).rows.length;
  for (let n = 0; (await rows('monitors')) < 60 && n < 100; n += 1) await time.pass(100);
  const ready = () => desk.call('account.setMode', { account: 'main', mode: 'propose' });
  for (let n = 0; !(await ready()).ok && n < 100; n += 1) await time.pass(100);
  const rest = (await desk.slice('health')).practiceUrl ?? '';
  const place = { rest, wsPublic: '', wsPrivate: '', accounts: [] };
  const hand = <T = unknown>(call: string, body?: object): Promise<T> =>
    time.during(practice<T>(place, call, body));
  const truth = async (): Promise<Held> => {
    const { accounts } = await hand<{ accounts: Held[] }>('truth');
    const main = accounts.find(({ account }) => account === 'main');
    if (!main) throw new Error('The exchange has no main account.');
    return main;
  };
  return { desk, time, hand, truth, ...watching(desk, time) };
}

function watching(desk: Desk, time: VirtualTime) {
  const proposals = async (symbol: string): Promise<ApprovalRow[]> =>
    (await desk.slice('approvals')).rows.filter((row) => row.symbol === symbol);
  /** Lets time pass until it is so. */
  async function until(what: string, so: () => Promise<boolean>): Promise<void> {
    for (let n = 0; n < 200; n += 1) {
      if (await so()) return;
      await time.pass(100);
    }
    throw new Error(`Not within 20 s: ${what}`);
  }
  const proposal = async (symbol: string): Promise<ApprovalRow> => {
    await until(`a proposal for ${symbol}`, async () => (await proposals(symbol)).length > 0);
    const [row] = await proposals(symbol);
    if (!row) throw new Error('It is gone again.');
    return row;
  };
  const story = async (symbol: string): Promise<string[]> =>
    (await desk.slice('timeline')).rows
      .filter((row) => row.account === 'main' && row.symbol === symbol)
      .map(({ text }) => text);
  return { proposals, proposal, until, story };
}

/** A position of the main account whose first take-profit is still open, with entries that rest. */
async function target({ desk, truth }: Awaited<ReturnType<typeof proposing>>) {
  const held = await truth();
  const rows = (await desk.slice('positions')).rows.filter(({ account }) => account === 'main');
  for (const row of rows) {
    const [first] = row.takeProfits;
    const resting = held.orders.filter(
      (order) =>
        order.symbol === row.symbol &&
        !order.reduceOnly &&
        order.side === (row.side === 'long' ? 'Buy' : 'Sell'),
    );
    const entries = resting.map(({ orderId }) => orderId);
    if (first?.orderId && first.filledQuantity === '0' && entries.length > 0)
      return { symbol: row.symbol, tp1: first.orderId, entries };
  }
  throw new Error('The practice exchange has no such position.');
}

test('TP1 fills: a proposal stands, nothing is sent; approved, exactly its calls go out and are confirmed', async () => {
  const rig = await proposing();
  const { desk, hand, truth, time, proposal, proposals, until, story } = rig;
  const { symbol, tp1 } = await target(rig);
  await hand('fill', { account: 'main', orderId: tp1 });
  const row = await proposal(symbol);
  expect(row.what).toMatch(/^Move the stop from .* and /);
  const wanted = row.order['stopLoss'];
  const before = await truth();
  await time.pass(5_000);
  const stopOf = (held: Held) => held.positions.find((one) => one.symbol === symbol)?.stopLoss;
  expect(stopOf(await truth())).toBe(stopOf(before));
  expect(stopOf(before)).not.toBe(wanted);

  const { requests: past } = await hand<{ requests: Sent[] }>('requests');
  const [standing] = await proposals(symbol);
  const answer = await time.during(desk.do('approvals.approve', { id: standing?.id ?? '' }));
  expect(answer.outcome).toBe('confirmed');
  const after = await truth();
  expect(Number(stopOf(after))).toBe(Number(wanted));
  expect(after.orders.filter((order) => order.symbol === symbol && !order.reduceOnly)).toEqual([]);
  // What was shown is what was sent, field by field.
  const { requests } = await hand<{ requests: Sent[] }>('requests');
  const writes = requests
    .slice(past.length)
    .filter(({ path }) => /\/(trading-stop|create|amend|cancel)$/.test(path));
  expect(writes.map(({ path }) => path.replace('/v5/', ''))).toEqual(
    standing?.steps.map(({ call }) => call),
  );
  expect(writes.map(({ body }) => asText(JSON.parse(body ?? '{}')))).toEqual(
    standing?.steps.map(({ fields }) =>
      asText(Object.fromEntries(fields.map(({ field, value }) => [field, value]))),
    ),
  );
  await until('the proposal is gone', async () => (await proposals(symbol)).length === 0);
  const told = await story(symbol);
  for (const how of ['Proposed: move', 'Approved: move', 'Confirmed: move'])
    expect(
      told.some((text) => text.startsWith(how)),
      how,
    ).toBe(true);
  expect((await desk.slice('answered')).rows[0]).toMatchObject({ symbol, how: 'confirmed' });
}, 60_000);

/** Field by field; the link id is of the sending and stands in no proposal. */
const asText = (fields: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name !== 'orderLinkId')
      .map(([name, value]) => [name, String(value)]),
  );

test('what changed between proposal and approval is said, nothing is sent, and the new proposal stands', async () => {
  const rig = await proposing();
  const { desk, hand, truth, time, proposal, proposals } = rig;
  const { symbol, tp1, entries } = await target(rig);
  await hand('fill', { account: 'main', orderId: tp1 });
  const row = await proposal(symbol);
  const before = (await truth()).positions.find((one) => one.symbol === symbol);
  // By hand; the operator still sees the proposal as it was.
  await hand('cancel', { account: 'main', orderId: entries[0] });
  const answer = await time.during(desk.do('approvals.approve', { id: row.id }));
  expect(answer.outcome).toBe('changed');
  expect(answer.text).toMatch(/^Nothing was sent\. .* is not open any more\./);
  const [now] = await proposals(symbol);
  expect(now).toMatchObject({ id: answer.id, note: { kind: 'changed', sentence: answer.text } });
  expect(now?.id).not.toBe(row.id);
  expect((await truth()).positions.find((one) => one.symbol === symbol)).toEqual(before);
}, 60_000);

test('a proposal whose goal is met by hand goes away by itself, and the story says so', async () => {
  const rig = await proposing();
  const { desk, hand, time, proposal, proposals, until, story } = rig;
  const { symbol, tp1, entries } = await target(rig);
  await hand('fill', { account: 'main', orderId: tp1 });
  const row = await proposal(symbol);
  await hand('stop', {
    account: 'main',
    symbol,
    positionIdx: row.positionIdx,
    price: row.order['stopLoss'],
  });
  for (const orderId of entries) await hand('cancel', { account: 'main', orderId });
  await until('it is withdrawn', async () => (await proposals(symbol)).length === 0);
  // Lines of the story are saved every 30 s.
  await time.pass(31_000);
  expect((await story(symbol)).some((text) => text.startsWith('Withdrawn: '))).toBe(true);
  const late = await desk.do('approvals.approve', { id: row.id });
  expect(late.outcome).toBe('lapsed');
}, 60_000);

test('an account put to watch has no proposals, and what was proposed is refused', async () => {
  const rig = await proposing();
  const { desk, hand, proposal, proposals, time } = rig;
  const { symbol, tp1 } = await target(rig);
  await hand('fill', { account: 'main', orderId: tp1 });
  const row = await proposal(symbol);
  await desk.do('account.setMode', { account: 'main', mode: 'watch' });
  expect(await proposals(symbol)).toEqual([]);
  const answer = await desk.call('approvals.approve', { id: row.id });
  expect(answer).toMatchObject({
    ok: false,
    error: { code: 'REFUSED', message: expect.stringContaining('main is in watch mode now.') },
  });
  await time.pass(3_000);
  // Watching, the row of the position says what would be done.
  const watched = (await desk.slice('positions')).rows.find(
    (one) => one.account === 'main' && one.symbol === symbol,
  );
  expect(watched?.needs?.steps[0]).toEqual({
    text: expect.stringMatching(/^Move the stop from /),
    why: 'The first take-profit was hit.',
  });
  // Level-triggered: proposing again, the same is needed and the same proposal stands.
  await desk.do('account.setMode', { account: 'main', mode: 'propose' });
  expect((await proposal(symbol)).id).toBe(row.id);
}, 60_000);

test('what was dismissed stays away, over a restart too', async () => {
  const dataDir = newDataFolder();
  const rig = await proposing(dataDir);
  const { desk, hand, proposal, proposals, time } = rig;
  const { symbol, tp1 } = await target(rig);
  await hand('fill', { account: 'main', orderId: tp1 });
  const { id } = await proposal(symbol);
  await desk.do('approvals.dismiss', { id });
  await time.pass(3_000);
  expect(await proposals(symbol)).toEqual([]);
  await time.during(desk.stop());
  const again = await proposing(dataDir);
  await again.time.pass(5_000);
  expect(await again.proposals(symbol)).toEqual([]);
}, 60_000);

test('close all is the operator’s own word: it closes an account that proposes, and ends what stood there', async () => {
  const rig = await proposing();
  const { desk, hand, proposal, truth, time } = rig;
  const { symbol, tp1 } = await target(rig);
  await hand('fill', { account: 'main', orderId: tp1 });
  const { id } = await proposal(symbol);
  const { receipts } = await time.during(
    desk.do('panic', { accounts: ['main'], confirm: 'PANIC' }),
  );
  expect(receipts).toMatchObject([{ account: 'main', positions: 0, orders: 0 }]);
  expect(await truth()).toMatchObject({ positions: [], orders: [] });
  expect((await desk.slice('approvals')).rows).toEqual([]);
  expect((await desk.slice('accounts')).rows[0]).toMatchObject({ id: 'main', mode: 'watch' });
  await expect(desk.do('approvals.approve', { id })).rejects.toThrow('REFUSED');
}, 60_000);
