import type { IncomingMessage } from 'node:http';
import { sameToken } from './token.ts';

/**
 * The Host a request names must be ours: a page elsewhere whose name was pointed at 127.0.0.1 (DNS
 * rebinding) names its own.
 */
export function hostIsOurs(request: IncomingMessage, port: number): boolean {
  return (
    request.headers.host === `127.0.0.1:${port}` || request.headers.host === `localhost:${port}`
  );
}

/** A browser says which page a call comes from; only our own pages may call. Programs send none. */
export function originIsOurs(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  return (
    origin === undefined ||
    origin === `http://127.0.0.1:${port}` ||
    origin === `http://localhost:${port}`
  );
}

export function hasBearer(request: IncomingMessage, token: string): boolean {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && sameToken(value, token);
}
