import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright';
import { startFixtureDesk } from '../renderer/fixture-desk.ts';
import { openBrowser } from '../support/browser.ts';
import { atMost, type Run } from '../support/report.ts';

const WARM_MS = 3_000;
const SETTLE_MS = 500;
const MEASURED_MS = 15_000;
const UPDATES_PER_SECOND = 10;

interface Probe {
  /** ms between two frames. */
  frames: number[];
  /** ms of tasks over 50 ms. */
  tasks: number[];
  /** ms from an input to the next paint, in steps of 8; those under 16 are left out by the browser. */
  events: number[];
}

/**
 * The built screen with every mark moving ten times a second, in a browser of its own: time between
 * frames with 400 and with 2,000 positions, the longest task over 50 ms (0 when there is none), the
 * slowest answer to a key or click (95th percentile) and what the heap grew by, after collection.
 * The desk is a fixture in this process, so that only the screen is measured.
 */
export const run: Run = async ({ progress }) => {
  const browser = await openBrowser();
  try {
    const usual = await measure(browser, 400, true);
    progress(`400 positions: frame p99 ${usual.frameP99.toFixed(1)} ms`);
    const many = await measure(browser, 2_000, false);
    progress(`2,000 positions: frame p99 ${many.frameP99.toFixed(1)} ms`);
    const figures = {
      frameP50Ms: usual.frameP50,
      frameP99Ms: usual.frameP99,
      longestTaskMs: usual.longestTask,
      interactionMs: usual.interaction,
      heapGrowthMB: usual.heapGrowth,
      frameP99Ms2000: many.frameP99,
    };
    const aims = [atMost(figures, 'frameP99Ms', 50), atMost(figures, 'interactionMs', 100)];
    return { name: 'screen', figures, aims };
  } finally {
    await browser.close();
  }
};

async function measure(browser: Browser, positions: number, interact: boolean) {
  const desk = await startFixtureDesk({
    rendererFolder: join(import.meta.dirname, '../../out/renderer'),
    positions,
    updatesPerSecond: UPDATES_PER_SECOND,
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.addInitScript({ path: join(import.meta.dirname, './screen-probe.js') });
    await page.goto(desk.url);
    await page.locator('[role=grid] [data-row]').first().waitFor();
    await sleep(WARM_MS);
    const inspector = await page.context().newCDPSession(page);
    const heapBefore = await heapMB(inspector);
    // The collection just asked for is a long task of its own, and is told of a little later.
    await sleep(SETTLE_MS);
    await page.evaluate('screenProbe.frames.length = screenProbe.tasks.length = 0');
    await sleep(MEASURED_MS);
    const calm = await page.evaluate<Probe>('structuredClone(screenProbe)');
    const heapGrowth = (await heapMB(inspector)) - heapBefore;
    if (interact) await useTheScreen(page);
    const { events } = await page.evaluate<Probe>('screenProbe');
    return {
      frameP50: percentile(calm.frames, 0.5),
      frameP99: percentile(calm.frames, 0.99),
      longestTask: Math.max(0, ...calm.tasks),
      interaction: events.length > 0 ? percentile(events, 0.95) : 0,
      heapGrowth,
    };
  } finally {
    await page.close();
    await desk.stop();
  }
}

/** What an operator does: walks the rows, sorts, filters, opens a position, looks at the other views. */
async function useTheScreen(page: Page): Promise<void> {
  await page.getByRole('grid', { name: 'Positions' }).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'End', 'Home', 'Enter', 'ArrowDown']) {
    await page.keyboard.press(key);
    await sleep(150);
  }
  for (const name of ['Unrealised P&L', 'Stop', 'Position']) {
    await page.getByRole('columnheader', { name }).getByRole('button').click();
    await sleep(150);
  }
  await page.keyboard.press('/');
  for (const letter of 'eth') {
    await page.keyboard.press(letter);
    await sleep(150);
  }
  for (const key of ['Escape', 'Tab', 'Tab', 'Tab', 'Tab', '2', '3', '1']) {
    await page.keyboard.press(key);
    await sleep(300);
  }
}

/** The heap in use once what is not needed has been collected. */
async function heapMB(inspector: CDPSession): Promise<number> {
  await inspector.send('HeapProfiler.collectGarbage');
  const { usedSize } = await inspector.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
