import type { World } from '../../src-main/practice/world.ts';
import type { Mode } from '../../src-preload/contract/words.ts';

/** A write that set out before the mode changed arrives within this time, ms. */
const ON_ITS_WAY = 5_000;

export interface WritesWatch {
  /** The account could write until now: it was armed, or something of it was approved. */
  allowed(account: string): void;
  /** At every rest: writes of accounts that may not write, one sentence each. */
  look(modes: ReadonlyMap<string, Mode>): string[];
}

/** Holds against the modes what the exchange was sent: only what is armed or was approved writes. */
export function watchWrites(world: World): WritesWatch {
  const mayUntil = new Map<string, number>();
  let seenUntil = world.real();
  return {
    allowed(account) {
      mayUntil.set(account, world.real() + ON_ITS_WAY);
    },
    look(modes) {
      const now = world.real();
      for (const [name, mode] of modes) if (mode === 'armed') mayUntil.set(name, now + ON_ITS_WAY);
      const { requests } = world.requests.all();
      const first = requests.findLastIndex((one) => one.at < seenUntil) + 1;
      seenUntil = now;
      return requests
        .slice(first)
        .filter(
          ({ method, account, at }) =>
            method === 'POST' && account !== null && at > (mayUntil.get(account) ?? 0),
        )
        .map(({ account, path, body }) => `${account} wrote unasked: ${path} ${body}`);
    },
  };
}
