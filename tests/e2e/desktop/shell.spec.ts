import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test';

/** Set by `npm test` when the runtime is there and answers. */
const runtime = process.env['HOLDFAST_ELECTRON'] ?? '';
const isRoot = process.getuid?.() === 0;

test.describe('the desktop shell', () => {
  test.skip(runtime === '', 'The Electron runtime is not here and could not be fetched.');

  let folder: string;
  let app: ElectronApplication;
  let page: Page;

  test.beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast desktop '));
    app = await _electron.launch({
      executablePath: runtime,
      args: [...(isRoot ? ['--no-sandbox'] : []), '.', `--data=${folder}`],
    });
    page = await app.firstWindow();
  });

  test.afterEach(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows 60 positions under app://', async () => {
    expect(page.url()).toBe('app://holdfast/');
    await expect(page.getByRole('grid', { name: 'Positions' })).toHaveAttribute(
      'aria-rowcount',
      '62',
    );
  });

  test('gives its page nothing but the desk', async () => {
    const seen = await page.evaluate(
      '({ desk: Object.keys(window.desk).sort(), node: "require" in window || "process" in window })',
    );
    expect(seen).toEqual({ desk: ['call', 'subscribe'], node: false });
  });

  test('stays at home', async () => {
    await page.evaluate("window.location.href = 'https://example.org/'");
    await page.evaluate("void window.open('https://example.org/')");
    expect(page.url()).toBe('app://holdfast/');
    expect(app.windows()).toHaveLength(1);
  });
});
