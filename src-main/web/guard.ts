import type { IncomingMessage } from 'node:http';
import { cookieOf, newToken, sameToken } from './token.ts';

/**
 * The secrets of one run. A cookie goes to every port of this machine, other people's servers
 * included, so it opens the page's files and nothing else.
 */
export interface Secrets {
  /** For programs (Authorization: Bearer) and for the first visit (`/?t=`). */
  token: string;
  /** For the files of the page: the cookie's value. */
  files: string;
  /** For the page's socket: given in the address's fragment, which no server ever sees. */
  key: string;
}

export const newSecrets = (): Secrets => ({
  token: newToken(),
  files: newToken(),
  key: newToken(),
});

/** Cookies know no ports: each desk on this machine has a name of its own. */
export const cookieName = (port: number): string => `holdfast-${port}`;

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

export const mayHaveFiles = (request: IncomingMessage, port: number, secrets: Secrets): boolean =>
  sameToken(cookieOf(request.headers.cookie, cookieName(port)), secrets.files);

export function hasBearer(request: IncomingMessage, secrets: Secrets): boolean {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && sameToken(value, secrets.token);
}
