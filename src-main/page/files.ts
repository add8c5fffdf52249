import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** One built file of the renderer by its address path; null when there is none or it lies outside. */
export async function rendererFile(
  folder: string,
  path: string,
): Promise<{ body: Buffer; type: string } | null> {
  const full = join(folder, normalize(path === '/' ? '/index.html' : path));
  const type = types[extname(full)];
  if (!type || !full.startsWith(normalize(folder + sep))) return null;
  try {
    return { body: await readFile(full), type };
  } catch {
    return null;
  }
}
