import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

/** One ticking clock for every age on the screen, so that they all move together. */
function createTicker() {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = (): void => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (!timer) {
        now = Date.now();
        timer = setInterval(tick, TICK_MS);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || !timer) return;
        clearInterval(timer);
        timer = null;
      };
    },
    read: () => now,
  };
}

const ticker = createTicker();

/** The time, ms since 1970 UTC, ticking once a second. */
export const useNow = (): number => useSyncExternalStore(ticker.subscribe, ticker.read);
