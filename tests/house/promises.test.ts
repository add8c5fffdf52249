import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from './sources.ts';

const promises = (project: string, ...args: string[]): string =>
  spawnSync(process.execPath, [join(project, 'scripts/promises.mjs'), ...args], {
    encoding: 'utf8',
  }).stdout;

test('docs/promises.md lists every promise once, with the tests that keep it', () => {
  expect(promises(root, '--check')).toBe('');
});

describe('the page of promises', () => {
  // Titles of the tests that are made up here must not count as titles of this file.
  const [e3, p51, e99] = ['E3', 'P51', 'E99'] as const;
  let project = '';
  const page = (): string => join(project, 'docs/promises.md');
  const hold = (path: string, title: string): void =>
    writeFileSync(join(project, path), `test(${JSON.stringify(title)}, () => {});\n`);

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'holdfast-promises-'));
    for (const name of ['scripts/promises.mjs', 'scripts/say.mjs', 'docs/promises.md'])
      cpSync(join(root, name), join(project, name));
    mkdirSync(join(project, 'tests/practice'), { recursive: true });
    promises(project);
  });
  afterEach(() => rmSync(project, { recursive: true }));

  test('a test that came to keep a promise is named, and the page is brought up to date', () => {
    expect(promises(project, '--check')).toBe('');
    hold('tests/fees.test.ts', `${e3} P52 fees count whatever the venue took`);
    hold('tests/practice/fees.test.ts', `${p51} the exchange repeats itself`);
    expect(promises(project, '--check').trim().split('\n')).toEqual([
      'docs/promises.md: P52 is kept by `tests/fees.test.ts` now; run npm run promises.',
      'docs/promises.md: E3 is kept by `tests/fees.test.ts` now; run npm run promises.',
    ]);
    promises(project);
    expect(promises(project, '--check')).toBe('');
    rmSync(join(project, 'tests/fees.test.ts'));
    expect(promises(project, '--check')).toContain('is not kept yet now; run');
  });

  test('a promise that is missing, told twice or unknown is named', () => {
    writeFileSync(page(), '- **E3** Fees.\n  - not kept yet\n- **E3** Fees.\n  - not kept yet\n');
    hold('tests/fees.test.ts', `${e99} fees`);
    const told = promises(project, '--check');
    expect(told).toContain('docs/promises.md: E1 has 0 lines; write one.');
    expect(told).toContain('docs/promises.md: E3 has 2 lines; write one.');
    expect(told).toContain('tests/fees.test.ts: a title begins with E99; no promise has this id.');
  });
});
