import { protocol } from 'electron';
import { rendererFile } from '../page/files.ts';
import { pageHeaders } from '../page/headers.ts';

export const HOME = 'app://holdfast/';

/** Must run before the app is ready: `app://` pages get an origin of their own, like https. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer, and nothing outside it, under `app://holdfast/` with a strict CSP. */
export function setupScheme(rendererFolder: string): void {
  protocol.handle('app', async (request) => {
    const refuse = (status: number, sentence: string): Response =>
      new Response(sentence, { status, headers: { ...pageHeaders, 'content-type': 'text/plain' } });
    if (request.method !== 'GET') return refuse(405, 'Only pages are served here.');
    const url = new URL(request.url);
    if (url.host !== 'holdfast') return refuse(404, 'There is no such page.');
    const file = await rendererFile(rendererFolder, url.pathname).catch(() => null);
    if (!file) return refuse(404, 'There is no such page.');
    return new Response(new Uint8Array(file.body), {
      headers: { ...pageHeaders, 'content-type': file.type },
    });
  });
}
