import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

test.each([
  ['an error nothing catches', 'throw new Error("the very cause")'],
  ['a rejection nothing handles', 'Promise.reject(new Error("the very cause"))'],
])(
  'F1 %s is logged, the desk is stopped cleanly and ends with 70',
  async (_name, failing) => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast unforeseen '));
    const data = join(folder, 'data');
    // It fails the way a library in the same process would: from a callback of its own, while it serves.
    const fails = `import fs from 'node:fs';
    const look = setInterval(() => {
      if (!fs.existsSync(${JSON.stringify(join(data, 'desk.json'))})) return;
      clearInterval(look);
      ${failing};
    }, 20);`;
    const child = spawn(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(fails)}`,
        'src-main/serve.ts',
        '--data',
        data,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(70);
    expect(said).toMatch(/the very cause.*unforeseen|unforeseen.*the very cause/);
    expect(existsSync(join(data, 'desk.json'))).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  },
  30_000,
);
