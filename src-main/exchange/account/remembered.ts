import { LRUCache } from 'lru-cache';

/**
 * The last `most` entries that were told or asked for. It grows as it fills (a `max` would set all its
 * room aside at once): hardly any account fills it.
 */
export const remembered = <Value extends object | number | true>(
  most: number,
  dispose?: LRUCache.Disposer<string, Value>,
): LRUCache<string, Value> =>
  new LRUCache({ maxSize: most, sizeCalculation: () => 1, ...(dispose && { dispose }) });
