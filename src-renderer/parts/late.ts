import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

const loads: (() => Promise<unknown>)[] = [];

/** A component that the first figures do not wait for: fetched when it is first drawn, or by `fetchTheRest`. */
export function late<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  loads.push(load);
  return lazy(async () => ({ default: await load() }));
}

/**
 * Fetches whatever is still to come. The desk serves its own page: when it has gone away, nothing can be
 * fetched any more, and what was seen last must still be looked at.
 */
export const fetchTheRest = (): Promise<unknown> => Promise.allSettled(loads.map((load) => load()));
