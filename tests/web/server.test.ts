import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Failure } from '../../src-main/domain/failure.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { startWebShell, type WebShell } from '../../src-main/web/server.ts';
import type { Push } from '../../src-preload/contract/slices.ts';

let shell: WebShell;
let listeners: Set<(push: Push) => void>;
let port: number;
let now: number;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-web-'));
  const rendererFolder = join(folder, 'renderer');
  mkdirSync(rendererFolder);
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>Holdfast</title>');
  writeFileSync(join(folder, 'outside.js'), 'secret');
  listeners = new Set();
  now = 0;
  shell = await startWebShell({
    desk: {
      call: async (command, input) => ({ ok: true, value: { command, input } }),
      subscribe(listener) {
        listener({ slice: 'positions', epoch: 'e', version: 1, whole: [] });
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    port: 0,
    rendererFolder,
    log: silentLog,
    now: () => now,
  });
  port = Number(new URL(shell.rpc).port);
});

afterEach(() => shell.stop());

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
      },
      (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

const call = (command: string, body: string, headers: Record<string, string> = {}) =>
  ask(`/rpc/${command}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${shell.token}`, ...headers },
  });

async function cookie(): Promise<string> {
  const { headers } = await ask(new URL(shell.url).pathname + new URL(shell.url).search);
  return String((headers['set-cookie'] as string[])[0]).split(';')[0] as string;
}

const key = async (): Promise<string> =>
  String((await ask(`/?t=${shell.token}`)).headers['location']).split('#key=')[1] ?? '';

test('the address with the token gives a strict cookie, and the page only with it', async () => {
  const first = await ask(`/?t=${shell.token}`);
  expect(first.status).toBe(303);
  expect(String(first.headers['location'])).toMatch(/^\/#key=/);
  expect(String(first.headers['location'])).not.toContain(shell.token);
  expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
  expect(String(first.headers['set-cookie'])).not.toContain(shell.token);
  expect((await ask('/')).status).toBe(401);
  expect((await ask('/?t=wrong')).status).toBe(401);
  const page = await ask('/', { headers: { cookie: await cookie() } });
  expect(page.status).toBe(200);
  expect(page.body).toContain('Holdfast');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

test('F7 the address that a browser is started with opens the page once and soon, and nothing else', async () => {
  const { search, searchParams } = new URL(shell.openUrl);
  const secret = searchParams.get('t') ?? '';
  expect(shell.openUrl).not.toContain(shell.token);
  expect((await call('x', '{}', { authorization: `Bearer ${secret}` })).status).toBe(401);
  expect((await ask(`/index.html${search}`)).status).toBe(401);
  const first = await ask(`/${search}`);
  expect(first.status).toBe(303);
  expect(String(first.headers['location'])).not.toContain(secret);
  expect((await ask(`/${search}`)).status).toBe(401);
  expect((await ask(`/?t=${shell.token}`)).status).toBe(303);
});

test('F7 nobody who reads it later comes in by it', async () => {
  now = 120_001;
  expect((await ask(`/${new URL(shell.openUrl).search}`)).status).toBe(401);
});

test('a call needs the bearer token; its body is handed to the desk as it is', async () => {
  expect(JSON.parse((await call('state.get', '{"slice":"positions"}')).body)).toEqual({
    ok: true,
    value: { command: 'state.get', input: { slice: 'positions' } },
  });
  const refused = await call('state.get', '{}', { authorization: 'Bearer nope' });
  expect(refused.status).toBe(401);
  expect((await call('state.get', '{', {})).status).toBe(400);
  expect((await call('%', '{}')).status).toBe(200);
  expect((await call('state.get', `"${'x'.repeat(2 << 20)}"`)).status).toBe(413);
});

test('another host name is misdirected, another origin is forbidden', async () => {
  expect((await call('state.get', '{}', { host: 'evil.example' })).status).toBe(421);
  expect((await call('state.get', '{}', { origin: 'http://evil.example' })).status).toBe(403);
  expect((await call('state.get', '{}', { origin: `http://127.0.0.1:${port}` })).status).toBe(200);
});

test('no file outside the renderer is served', async () => {
  const headers = { cookie: await cookie() };
  for (const path of ['/../outside.js', '/%2e%2e/outside.js', '/..%2foutside.js', '/%']) {
    const answer = await ask(path, { headers });
    expect(answer.status, path).toBe(404);
    expect(answer.body).not.toContain('secret');
  }
});

const enter = (message: string, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers });
    socket.on('open', () => socket.send(message));
    socket.on('message', (data) => {
      resolve((data as Buffer).toString('utf8'));
      socket.terminate();
    });
    socket.on('close', (code) => resolve(`closed ${code}`));
    socket.on('error', () => resolve('not opened'));
  });

test('F7 the cookie, which every port of this machine is sent, opens no socket; the key does', async () => {
  const origin = `http://127.0.0.1:${port}`;
  const headers = { cookie: await cookie(), origin };
  const value = (await cookie()).split('=')[1];
  expect(await enter('{"id":1,"call":"cache.sweep","input":{}}', headers)).toBe('closed 4401');
  expect(await enter(JSON.stringify({ key: value }), headers)).toBe('closed 4401');
  expect(await enter(JSON.stringify({ key: shell.token }), headers)).toBe('closed 4401');
  expect(listeners.size).toBe(0);
  expect(await enter(JSON.stringify({ key: await key() }), { origin })).toBe('{"entered":true}');
  // Nor does the key open anything that the cookie or the token opens.
  expect((await ask('/', { headers: { cookie: `holdfast-${port}=${await key()}` } })).status).toBe(
    401,
  );
  expect((await call('x', '{}', { authorization: `Bearer ${await key()}` })).status).toBe(401);
});

test('a socket needs our origin and the key, then carries slices, pushes and answers', async () => {
  const origin = `http://127.0.0.1:${port}`;
  const right = JSON.stringify({ key: await key() });
  expect(await enter(right, {})).toBe('not opened');
  expect(await enter(right, { origin: 'http://evil.example' })).toBe('not opened');
  expect(await enter(right, { origin, host: 'evil.example' })).toBe('not opened');

  const messages: unknown[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    headers: { origin },
  });
  socket.on('open', () => socket.send(right));
  const seen = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => (messages.length >= count ? resolve() : undefined);
      socket.on('message', check);
      check();
    });
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString('utf8'))));
  await seen(2);
  expect(messages[0]).toEqual({ entered: true });
  expect(messages[1]).toMatchObject({ push: { slice: 'positions', whole: [] } });
  socket.send(JSON.stringify({ id: 7, call: 'cache.sweep', input: {} }));
  await seen(3);
  expect(messages[2]).toEqual({
    id: 7,
    answer: { ok: true, value: { command: 'cache.sweep', input: {} } },
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.send('rubbish');
  expect(await closed).toBe(1008);
  await expect.poll(() => listeners.size).toBe(0);
});

test('a busy port is said in a sentence that names it', async () => {
  const failure = await startWebShell({
    desk: { call: async () => ({ ok: true, value: null }), subscribe: () => () => {} },
    port,
    rendererFolder: '.',
    log: silentLog,
  }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect((failure as Failure).code).toBe('PORT_BUSY');
  expect((failure as Failure).message).toContain(String(port));
});
