import { newToken, sameToken } from '../calls/token.ts';

/** How long a key that was given out waits to be used, ms. */
export const WAITS_MS = 120_000;

/**
 * A secret for one use within `WAITS_MS`: for where others may read it, as a process list shows the
 * address that a browser was started with to everybody on the machine. `now` is in ms.
 */
export function newOnce(now: () => number): {
  secret: string;
  take(given: string | null): boolean;
} {
  const secret = newToken();
  const until = now() + WAITS_MS;
  let used = false;
  return {
    secret,
    take(given) {
      if (used || now() > until || !sameToken(given, secret)) return false;
      used = true;
      return true;
    },
  };
}
