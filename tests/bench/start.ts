import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { openBrowser } from '../support/browser.ts';
import { atMost, median, type Run } from '../support/report.ts';
import { serveDesk } from '../support/served-desk.ts';

const STARTS = 7;
/** The desk settles before its memory is read: first sweep, first save. */
const SETTLE_MS = 3_000;

/**
 * A first start of the built app on an empty data folder, practice exchange included: from the start of
 * the process to the ready line, to the first position painted in a browser that was open already, and
 * the resident memory then. Medians; `nodeMs` is the start of an empty Node on the same machine.
 */
export const run: Run = async ({ progress }) => {
  const browser = await openBrowser();
  const starts = [];
  try {
    for (let index = 0; index < STARTS; index += 1) {
      const one = await start(browser);
      starts.push(one);
      progress(
        `start ${index + 1} of ${STARTS}: ready ${one.readyMs.toFixed(0)} ms, ` +
          `positions ${one.positionsMs.toFixed(0)} ms, ${one.rssMB.toFixed(0)} MB`,
      );
    }
  } finally {
    await browser.close();
  }
  const figures = {
    readyMs: median(starts.map((one) => one.readyMs)),
    positionsMs: median(starts.map((one) => one.positionsMs)),
    rssMB: median(starts.map((one) => one.rssMB)),
    nodeMs: median(starts.map((one) => one.nodeMs)),
  };
  const aims = [
    atMost(figures, 'readyMs', 1_000),
    atMost(figures, 'positionsMs', 2_500),
    atMost(figures, 'rssMB', 150),
  ];
  return { name: 'start', figures, aims };
};

async function start(
  browser: Browser,
): Promise<Record<'readyMs' | 'positionsMs' | 'rssMB' | 'nodeMs', number>> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast start '));
  const page = await browser.newPage();
  try {
    const before = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    const began = performance.now();
    const desk = await serveDesk(['--data', folder, '--port', '0']);
    await page.goto(desk.url);
    await page.locator('[role=grid] [data-row]').first().waitFor();
    const positionsMs = performance.now() - began;
    await sleep(SETTLE_MS);
    const { memoryMB } = await desk.slice('health');
    await desk.end('SIGTERM');
    return { readyMs: desk.readyMs, positionsMs, rssMB: memoryMB, nodeMs: began - before };
  } finally {
    await page.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
