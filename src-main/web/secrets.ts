import type { IncomingMessage } from 'node:http';
import { newToken, sameToken } from '../calls/token.ts';

/**
 * The secrets of one run's page. A cookie goes to every port of this machine, other people's servers
 * included, so it opens the page's files and nothing else.
 */
export interface Secrets {
  /** For the files of the page: the cookie's value. */
  files: string;
  /** For the page's socket: given in the address's fragment, which no server ever sees. */
  key: string;
}

export const newSecrets = (): Secrets => ({ files: newToken(), key: newToken() });

/** Cookies know no ports: each desk on this machine has a name of its own. */
export const cookieName = (port: number): string => `holdfast-${port}`;

export const mayHaveFiles = (request: IncomingMessage, port: number, secrets: Secrets): boolean =>
  sameToken(cookieOf(request.headers.cookie, cookieName(port)), secrets.files);

/** The value of one cookie in a Cookie header. */
function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}
