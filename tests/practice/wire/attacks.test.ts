import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** In a process of its own: what is tested is that nothing that arrives on its port ends it. */
const child = spawn(
  process.execPath,
  [join(import.meta.dirname, '../../../src-main/cli.ts'), 'exchange', '--scenario', 'empty'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
let rest = '';
let port = 0;

beforeAll(async () => {
  for await (const line of createInterface(child.stdout)) {
    rest = (JSON.parse(line) as { rest: string }).rest;
    port = Number(new URL(rest).port);
    break;
  }
});
afterAll(() => void child.kill());

const alive = async (): Promise<boolean> =>
  child.exitCode === null &&
  (await fetch(`${rest}/v5/market/time`).then(
    (answer) => answer.ok,
    () => false,
  ));

const request = (path: string, headers: Record<string, string> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...Object.entries({
      Host: `127.0.0.1:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');

/** The status line that comes back. */
async function upgraded(path: string, headers?: Record<string, string>): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(request(path, headers));
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString('utf8').split('\r\n')[0] ?? '';
}

it('F1 a refused upgrade whose connection is reset does not end the exchange', async () => {
  for (let round = 0; round < 300; round += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(request('/nowhere'));
    if (round % 3 === 0) await new Promise(setImmediate);
    socket.resetAndDestroy();
  }
  expect(await alive()).toBe(true);
});

it('F2 ws://127.0.0.1:PORT// is refused, and the exchange lives on', async () => {
  expect(await upgraded('//')).toContain('404');
  expect(await upgraded('http://[')).toContain('404');
  expect(await alive()).toBe(true);
});

it('F2 an upgrade from a page elsewhere, or under another name, is refused', async () => {
  const path = '/v5/public/linear';
  expect(await upgraded(path, { Origin: 'https://evil.example' })).toContain('403');
  expect(await upgraded(path, { Host: `evil.example:${port}` })).toContain('403');
  expect(await upgraded(path)).toContain('101');
});
