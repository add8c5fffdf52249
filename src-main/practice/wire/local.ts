import type { IncomingMessage } from 'node:http';

/**
 * A web page in a browser has no business here: only local callers without a foreign origin. A page
 * whose name was pointed at this machine still says its own Host.
 */
export function isLocal(request: IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const { origin } = request.headers;
  const localOrigin =
    origin === undefined || /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin);
  return localOrigin && (host === '127.0.0.1' || host === 'localhost');
}
