import { join } from 'node:path';
import { root } from './say.mjs';

/**
 * Serves the screens from their source and carries their sockets to the desk that runs now: each start
 * of the desk has another port and key, and an open page follows without knowing. Only pages from here
 * are let through, as the desk itself would have it.
 */
export async function serveScreens(port) {
  // Present only once the dependencies are.
  const { createServer } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const { WebSocket, WebSocketServer } = await import('ws');

  let desk = null;
  const pages = new WebSocketServer({ noServer: true });

  const carry = (page) => {
    if (!desk) {
      page.close();
      return;
    }
    const { origin, key } = desk;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { origin });
    // The page's first message is its key, which it has none of: ours goes in its place.
    const waiting = [];
    let first = true;
    page.on('message', (data) => {
      if (first) first = false;
      else if (socket.readyState === WebSocket.OPEN) socket.send(data, { binary: false });
      else waiting.push(data);
    });
    socket.on('open', () => {
      socket.send(JSON.stringify({ key }));
      for (const message of waiting) socket.send(message, { binary: false });
    });
    socket.on('message', (data) => page.send(data, { binary: false }));
    socket.on('close', () => page.close());
    socket.on('error', () => page.close());
    page.on('close', () => socket.terminate());
    page.on('error', () => socket.terminate());
  };

  const server = await createServer({
    configFile: false,
    root: join(root, 'src-renderer'),
    cacheDir: join(root, 'node_modules', '.vite-dev'),
    plugins: [react()],
    logLevel: 'warn',
    server: {
      host: '127.0.0.1',
      port: Number(port ?? 5173),
      strictPort: port !== undefined,
      fs: { allow: [root] },
    },
  });
  await server.listen();
  const origin = new URL(server.resolvedUrls.local[0]).origin;
  server.httpServer.on('upgrade', (request, socket, head) => {
    if (request.url !== '/ws') return;
    if (request.headers.origin === origin) pages.handleUpgrade(request, socket, head, carry);
    else socket.destroy();
  });

  return {
    url: origin,
    /** Carries sockets to the desk of this address from now on. */
    async follow(url) {
      const { headers } = await fetch(url, { redirect: 'manual' });
      const key = new URLSearchParams(new URL(headers.get('location'), url).hash.slice(1)).get(
        'key',
      );
      desk = { origin: new URL(url).origin, key };
    },
  };
}
