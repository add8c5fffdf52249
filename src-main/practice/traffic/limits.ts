/** What an account has left of one endpoint's second. */
export interface Bucket {
  limit: number;
  left: number;
  /** ms; when the oldest request leaves the window, if the bucket is empty. */
  resetAt: number;
}

/** How long an address that asked too much gets 403, ms. */
const shutOut = 600_000;

/** Requests per account and endpoint in a rolling second, and per IP in five. */
export class Limits {
  private readonly seen = new Map<string, number[]>();
  private recent: number[] = [];
  private shutOutUntil = Number.NEGATIVE_INFINITY;

  /** Takes one; `left` is -1 when there was none. */
  take(key: string, limit: number, now: number): Bucket {
    const times = (this.seen.get(key) ?? []).filter((at) => at > now - 1000);
    this.seen.set(key, times);
    if (times.length >= limit) {
      return { limit, left: -1, resetAt: (times[0] ?? now) + 1000 };
    }
    times.push(now);
    return { limit, left: limit - times.length, resetAt: now };
  }

  /** False while the address is shut out: for ten minutes from the moment 600 in 5 s were passed. */
  allowsIp(now: number): boolean {
    if (now < this.shutOutUntil) return false;
    this.recent.push(now);
    if (this.recent.length > 1200) this.recent = this.recent.filter((at) => at > now - 5000);
    let inWindow = 0;
    for (let at = this.recent.length - 1; at >= 0; at -= 1) {
      if ((this.recent[at] ?? 0) <= now - 5000) break;
      inWindow += 1;
      if (inWindow > 600) {
        this.shutOutUntil = now + shutOut;
        return false;
      }
    }
    return true;
  }
}
