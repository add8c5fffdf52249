import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret for one run of the desk: 256 bits, url-safe. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Compares two secrets in a time that says nothing about where they differ. */
export function sameToken(given: string | null | undefined, expected: string): boolean {
  if (!given) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
