import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src-main/domain/failure.ts';
import { runExchange } from '../../src-main/practice/command.ts';
import { startPractice } from '../../src-main/practice/server.ts';

const command = fileURLToPath(new URL('../../src-main/practice/command.ts', import.meta.url));
const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('npm run exchange', () => {
  it.each([
    [['--prot', '1'], /--prot/],
    [['stray'], /stray/],
    [['--port', 'x'], '--port x is not a whole number from 0 to 65535.'],
    [['--scenario', 'war'], 'There is no scenario "war"; choose desk,'],
    [['--speed', '-1'], /speed/],
    [['--latency', '1.5'], '--latency 1.5 is not a whole number from 0 to 60000.'],
    [['--seed', ''], '--seed needs a value'],
  ])('%j is refused in one sentence', async (args, sentence) => {
    const refusal = await runExchange(args).then(
      () => null,
      (thrown: unknown) => thrown as Failure,
    );
    expect(refusal).toBeInstanceOf(Failure);
    expect(refusal?.code).toBe('BAD_USAGE');
    expect(refusal?.message).toMatch(sentence);
    expect(refusal?.message).toContain('--help');
  });

  it('prints one ready line, and ends with 0 on SIGTERM', async () => {
    const script = `import { runExchange } from ${JSON.stringify(command)}; await runExchange(['--seed', '5', '--scenario', 'empty']);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    children.push(child);
    let out = '';
    let err = '';
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        out += data.toString();
        if (out.includes('\n')) resolve();
      });
      child.once('exit', () => reject(new Error(err)));
    });
    await ready;
    const line = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(line)).toEqual([
      'event',
      'rest',
      'wsPublic',
      'wsPrivate',
      'accounts',
      'pid',
    ]);
    expect(line.pid).toBe(child.pid);
    expect((await fetch(`${String(line.rest)}/v5/market/time`)).status).toBe(200);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
  });
});

describe('a busy port', () => {
  it('is named', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const starting = startPractice({ port, scenario: 'empty' });
    await expect(starting).rejects.toMatchObject({ code: 'PORT_BUSY' });
    await expect(starting).rejects.toThrow(`Port ${port} is already in use.`);
    await new Promise((resolve) => other.close(resolve));
  });
});
