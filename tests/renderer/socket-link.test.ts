import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer as Server, WebSocket as Socket, type WebSocketServer } from 'ws';
import type { Push } from '../../src-preload/contract/slices.ts';
import type { Connection } from '../../src-renderer/client/connection.ts';
import { openSocketLink, waitBeforeAttempt } from '../../src-renderer/client/socket-link.ts';
import { createScreen } from '../../src-renderer/state/store.ts';
import { startFixtureDesk } from './fixture-desk.ts';
import { plainSurroundings } from './fixture-screen.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A desk's socket on loopback that a test can answer, drop and open again on the same port. */
async function serveAt(port: number): Promise<{ server: WebSocketServer; port: number }> {
  const server = new Server({ host: '127.0.0.1', port });
  cleanUps.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

/** What the desk does with a page's first message. */
const letIn = (socket: Socket): void => socket.send('{"entered":true}');

/** A link whose waits are cut short; it stops coming back when the test ends. */
function linkTo(open: () => Socket, key = 'the key') {
  const waits: number[] = [];
  const sockets: Socket[] = [];
  let ended = false;
  cleanUps.push(() => {
    ended = true;
    for (const socket of sockets) socket.terminate();
  });
  const link = openSocketLink({
    open: () => {
      const socket = open();
      socket.on('error', () => {});
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    key: { value: () => key, accepted() {}, refused() {} },
    now: Date.now,
    after: (ms, run) => {
      waits.push(ms);
      setTimeout(() => {
        if (!ended) run();
      }, 10);
    },
    random: () => 0.5,
  });
  return { link, waits };
}

async function until(met: () => boolean): Promise<void> {
  for (let tries = 0; !met(); tries += 1) {
    if (tries > 500) throw new Error('It did not come about.');
    await sleep(10);
  }
}

test('answers reach the call they belong to, in whatever order they come', async () => {
  const { server, port } = await serveAt(0);
  server.on('connection', (socket) => {
    const held: { id: number; call: string }[] = [];
    socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString());
      if ('key' in said) return letIn(socket);
      held.push(said);
      if (held.length < 2) return;
      for (const { id, call } of held.toReversed()) {
        socket.send(JSON.stringify({ id, answer: { ok: true, value: call } }));
      }
    });
  });
  const { link } = linkTo(() => new Socket(`ws://127.0.0.1:${port}`));
  let state = '';
  link.onConnection((connection) => {
    state = connection.state;
  });
  link.subscribe(() => {});
  await until(() => state === 'open');
  const answers = await Promise.all([
    link.call('cache.sweep', {}),
    link.call('cache.invalidate', {}),
  ]);
  expect(answers).toEqual([
    { ok: true, value: 'cache.sweep' },
    { ok: true, value: 'cache.invalidate' },
  ]);
});

test('a call in flight when the desk goes is answered as uncertain, never sent again', async () => {
  const { server, port } = await serveAt(0);
  let calls = 0;
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      if (data.toString().startsWith('{"key"')) return letIn(socket);
      calls += 1;
      socket.terminate();
    });
  });
  const { link } = linkTo(() => new Socket(`ws://127.0.0.1:${port}`));
  const states: Connection['state'][] = [];
  link.onConnection(({ state }) => states.push(state));
  link.subscribe(() => {});
  await until(() => states.at(-1) === 'open');
  const answer = await link.call('panic', { accounts: ['main'], confirm: 'PANIC' });
  expect(answer).toMatchObject({ ok: false, error: { code: 'CONNECTION_LOST' } });
  await until(() => states.filter((state) => state === 'open').length === 2);
  expect(calls).toBe(1);
});

test('a lost desk is said, found again when it is back, and nothing is sent meanwhile', async () => {
  const first = await serveAt(0);
  first.server.on('connection', letIn);
  const { link, waits } = linkTo(() => new Socket(`ws://127.0.0.1:${first.port}`));
  let now: Connection = { state: 'connecting', since: 0, attempts: 0, refused: false };
  link.onConnection((connection) => {
    now = connection;
  });
  const pushes: Push[] = [];
  link.subscribe((push) => pushes.push(push));
  await until(() => now.state === 'open');
  for (const client of first.server.clients) client.terminate();
  await new Promise((closed) => first.server.close(closed));
  await until(() => now.state === 'lost' && now.attempts >= 2);
  expect(await link.call('cache.sweep', {})).toMatchObject({
    ok: false,
    error: { code: 'NOT_CONNECTED' },
  });
  expect(waits[1]).toBeGreaterThan(waits[0] ?? Number.POSITIVE_INFINITY);

  const second = await serveAt(first.port);
  second.server.on('connection', letIn);
  second.server.on('connection', (socket) =>
    socket.send(JSON.stringify({ push: { slice: 'alerts', epoch: 'new', version: 0, whole: [] } })),
  );
  for (const client of second.server.clients) {
    letIn(client);
    client.send(JSON.stringify({ push: { slice: 'alerts', epoch: 'new', version: 0, whole: [] } }));
  }
  await until(() => now.state === 'open' && pushes.length > 0);
});

test('a desk that was started anew and does not know this page is told from one that is away', async () => {
  const desk = await startFixtureDesk({ rendererFolder: import.meta.dirname, positions: 2 });
  const { origin } = new URL(desk.url);
  const { link } = linkTo(
    () => new Socket(`${origin.replace('http', 'ws')}/ws`, { origin }),
    'the key of the run before',
  );
  const said: boolean[] = [];
  link.onConnection(({ state, refused }) => state === 'lost' && said.push(refused));
  link.subscribe(() => {});
  await until(() => said.length > 0);
  expect(said).toEqual(said.map(() => true));
  // Only its answer says so, never its silence.
  await desk.stop();
  await until(() => said.at(-1) === false);
});

test('waits double up to five seconds and are spread', () => {
  expect(waitBeforeAttempt(0, () => 0)).toBe(125);
  expect(waitBeforeAttempt(0, () => 1)).toBe(250);
  expect(waitBeforeAttempt(3, () => 1)).toBe(2_000);
  expect(waitBeforeAttempt(50, () => 1)).toBe(5_000);
});

test('through the real web shell the store holds what the desk holds, gaps included', async () => {
  const desk = await startFixtureDesk({
    rendererFolder: import.meta.dirname,
    positions: 8,
    updatesPerSecond: 40,
  });
  cleanUps.push(() => desk.stop());
  const entered = await fetch(desk.url, { redirect: 'manual' });
  const origin = new URL(desk.url).origin;
  const key = (entered.headers.get('location') ?? '').split('#key=')[1] ?? '';
  const { link } = linkTo(() => new Socket(`${origin.replace('http', 'ws')}/ws`, { origin }), key);
  const { store } = createScreen(link, plainSurroundings());
  const held = () => store.getState().slices;
  await until(() => held().positions?.value.size === 8 && held().health !== undefined);
  expect(held().accounts?.value.get('main')?.mode).toBe('armed');

  const first = held().positions?.value.get('main/BTCUSDT/0')?.asOf ?? 0;
  await until(() => (held().positions?.value.get('main/BTCUSDT/0')?.asOf ?? 0) > first);

  // Two versions at once: the desk leaves one out, the store asks for the whole.
  const [row] = desk.state.lists.approvals;
  if (!row) throw new Error('The fixture has no proposal.');
  desk.state.lists.approvals = [{ ...row, what: 'Something else' }];
  desk.skip('approvals');
  desk.change('approvals', []);
  await until(() => held().approvals?.value.get('a1')?.what === 'Something else');
});
