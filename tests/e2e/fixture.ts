import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type ServedDesk, serveDesk } from '../support/served-desk.ts';

/**
 * `folder`: a data folder of the test's own, with a space in its name. `serve`: starts the built web
 * shell on it (again) with `more` flags; whatever still runs at the end is killed. `complaints`: what the page's console
 * and the browser complained of.
 */
export const test = base.extend<{
  folder: string;
  serve: (...more: string[]) => Promise<ServedDesk>;
  complaints: string[];
}>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names out of the pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast e2e '));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  serve: async ({ folder }, use) => {
    const desks: ServedDesk[] = [];
    await use(async (...more) => {
      const desk = await serveDesk(['--data', folder, ...more]);
      desks.push(desk);
      return desk;
    });
    for (const desk of desks) await desk.end('SIGKILL');
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(complaints);
  },
});

export { expect } from '@playwright/test';
