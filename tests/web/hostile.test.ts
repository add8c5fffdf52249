import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seeded } from '../renderer/fixture-positions.ts';

let folder: string;
let child: ChildProcess;
let port: number;
let token: string;
let ended: string | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Holdfast</title>');
  ended = null;
});
afterEach(() => {
  if (child.connected) child.disconnect();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell that waits `withinMs` for what a connection owes it (else: as it ships). */
async function start(withinMs?: number): Promise<void> {
  const args = [folder, ...(withinMs === undefined ? [] : [String(withinMs)])];
  const mine = fork(join(import.meta.dirname, '../support/web-shell-child.ts'), args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child = mine;
  let said = '';
  mine.stderr?.on('data', (text) => (said += String(text)));
  mine.once('exit', (code, signal) => {
    if (mine === child) ended = `${code ?? signal}: ${said}`;
  });
  const [{ ready }] = (await once(child, 'message')) as [{ ready: { url: string; token: string } }];
  port = Number(new URL(ready.url).port);
  token = ready.token;
}

async function connections(): Promise<number> {
  child.send('sockets');
  const [said] = (await once(child, 'message')) as [{ connections: number }];
  return said.connections;
}

/** The shell is there and answers a call as it did at the beginning. */
async function answers(): Promise<void> {
  expect(ended).toBeNull();
  const response = await fetch(`http://127.0.0.1:${port}/rpc/cache.sweep`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{"a":1}',
  });
  expect(await response.json()).toEqual({
    ok: true,
    value: { command: 'cache.sweep', input: { a: 1 } },
  });
}

const open = (): Socket => connect(port, '127.0.0.1').on('error', () => {});

const upgrade = (origin: string, path = '/ws'): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: ${origin}\r\n\r\n`;

test('F1 a refused Upgrade whose connection is reset does not end the desk', async () => {
  await start();
  for (let i = 0; i < 300; i += 1) {
    const socket = open();
    socket.write(upgrade('http://evil.example'), () =>
      setImmediate(() => socket.resetAndDestroy()),
    );
    if (i % 30 === 0) await sleep(10);
  }
  await sleep(200);
  await answers();
}, 60_000);

test('F1 three thousand seeded hostile connections leave it alive, answering and without leftovers', async () => {
  await start(1_000);
  const random = seeded(20_261_121);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));
  const home = `http://127.0.0.1:${port}`;
  const host = `Host: 127.0.0.1:${port}\r\n`;

  /** A frame of a client, as often wrong as right. */
  const frame = (): Buffer => {
    const body = pick([bytes(below(200)), Buffer.from('{"key":"nope"}'), Buffer.alloc(0)]);
    const head = Buffer.from([pick([0x81, 0x82, 0x01, 0x00, 0x89, 0x88, 0xf1, 0x8f]), 0]);
    head[1] = pick([0x80, 0]) | pick([body.length & 0x7f, 0x7e, 0x7f]);
    return Buffer.concat([head, bytes(pick([0, 4, 12])), body]);
  };
  const attacks: (() => (string | Buffer)[])[] = [
    () => [bytes(1 + below(2_000))],
    () => [upgrade(pick(['http://evil.example', 'null', home]), pick(['/ws', '/', '//', '/%']))],
    () => [upgrade(home), ...Array.from({ length: below(6) }, frame)],
    () => [Buffer.concat([Buffer.from(upgrade(home)), frame(), bytes(below(50))])],
    () => [
      `GET ${pick(['//', '/%', 'http://[', '*', '/../..', `/?t=${'x'.repeat(500)}`])} HTTP/1.1\r\n${host}\r\n`,
    ],
    () => [
      `POST /rpc/panic HTTP/1.1\r\n${host}Content-Length: ${pick([5, 1e9, -1, 'x'])}\r\n\r\n{"a`,
    ],
    () => [
      `POST /rpc/panic HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      `${pick(['ffffffff', 'zz', '5'])}\r\n${'x'.repeat(below(9_000))}`,
    ],
    () => [
      `POST /rpc/x HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    () => [`GET / HTTP/1.1\r\n${host}Cookie: ${bytes(below(9_000)).toString('latin1')}\r\n\r\n`],
    () => [`GET / HTTP/1.1\r\n${'X-A: b\r\n'.repeat(below(4_000))}\r\n`],
    () => [
      `${pick(['CONNECT 127.0.0.1:1', 'OPTIONS *', 'BREW /', 'PUT /rpc/x'])} HTTP/1.1\r\n${host}\r\n`,
    ],
    () => [`GET / HTTP/1.1\r\n${host}\r\n`.repeat(1 + below(50))],
    () => [
      `POST /rpc/x HTTP/1.1\r\n${host}Expect: 100-continue\r\nAuthorization: Bearer ${token}\r\nContent-Length: 9\r\n\r\n`,
    ],
    () => [],
  ];
  const leave: ((socket: Socket) => void)[] = [
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.end(),
    (socket) => socket.destroy(),
    // Says no more and stays, or does not even read what it is told.
    (socket) => socket.pause(),
    () => {},
  ];

  const left: Socket[] = [];
  for (let round = 0; round < 60; round += 1) {
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const parts = pick(attacks)();
        const pause = pick([0, 0, 1, 5]);
        const cut = below(4) === 0 ? below(300) : Number.POSITIVE_INFINITY;
        const goes = pick(leave);
        const socket = open();
        left.push(socket);
        for (const part of parts) {
          const whole = Buffer.from(part);
          socket.write(whole.subarray(0, Math.min(whole.length, cut)));
          if (pause > 0) await sleep(pause);
        }
        goes(socket);
      }),
    );
    if (round % 10 === 9) await answers();
  }
  // Those that stayed are shut out one after the other, though they never leave by themselves.
  await expect.poll(connections, { timeout: 20_000 }).toBeLessThanOrEqual(1);
  await answers();
  for (const socket of left) socket.destroy();
}, 90_000);
