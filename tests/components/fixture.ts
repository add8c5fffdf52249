import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, expect } from '@playwright/test';
import { build } from 'vite';
import { pageHeaders } from '../../src-main/page/headers.ts';

/** Files that the page loads as they are. */
const screens = fileURLToPath(new URL('../../src-renderer/public', import.meta.url));
const config = fileURLToPath(new URL('../workbench/vite.config.ts', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The workbench, built from the source as it is; by address, nothing on the disk. */
async function workbench(): Promise<Map<string, string | Uint8Array>> {
  const output = await build({ configFile: config, logLevel: 'error', build: { write: false } });
  const built = [output]
    .flat()
    .flatMap((one) => ('output' in one ? one.output : []))
    .map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source] as const);
  const asTheyAre = readdirSync(screens).map(
    (name) => [`/${name}`, readFileSync(join(screens, name))] as const,
  );
  return new Map([...asTheyAre, ...built]);
}

/**
 * `bench`: opens an address of the workbench, drawn under the headers that the shells send.
 * `complaints`: what the page's console and the browser complained of.
 */
export const test = base.extend<
  { bench: (query: string) => Promise<void>; complaints: string[] },
  { origin: string }
>({
  origin: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names out of the pattern
    async ({}, use) => {
      const files = await workbench();
      const server = createServer((request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
        const path = pathname === '/' ? '/index.html' : pathname;
        const body = files.get(path);
        const type = types[extname(path)];
        response.writeHead(body === undefined ? 404 : 200, {
          ...pageHeaders,
          ...(type ? { 'content-type': type } : {}),
        });
        response.end(body);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(complaints);
  },
  bench: async ({ page, origin }, use) => {
    await use(async (query) => {
      await page.goto(`${origin}/?${query}`);
      await expect(page.locator('#root > *').first()).toBeVisible();
    });
  },
});

export { expect } from '@playwright/test';
