import { silentLog } from '../../src-main/domain/log.ts';
import { startWebShell } from '../../src-main/web/server.ts';

/**
 * The web shell over a desk that echoes its calls, in a process of its own: what ends it ends nothing
 * else. Answers 'sockets' with how many connections it holds.
 *
 *   node web-shell-child.ts RENDERER_FOLDER WITHIN_MS
 */
const [, , rendererFolder = '', withinMs = ''] = process.argv;
const within = withinMs === '' ? {} : { withinMs: Number(withinMs) };
const shell = await startWebShell({
  desk: {
    call: async (command, input) => ({ ok: true, value: { command, input } }),
    subscribe(listener) {
      listener({ slice: 'positions', epoch: 'e', version: 1, whole: [] });
      return () => {};
    },
  },
  port: 0,
  rendererFolder,
  log: silentLog,
  ...within,
});
process.on('message', () => {
  process.send?.({ connections: shell.connections() });
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: { url: shell.url, token: shell.token } });
