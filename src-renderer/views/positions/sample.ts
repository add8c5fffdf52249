import { startTransition, useEffect, useState } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { Rows } from '../../state/slices.ts';
import type { DeskStore } from '../../state/store.ts';
import { useDeskStore } from '../../state/use-desk.tsx';

/** How often order, verdict and totals are worked out anew; each row's own figures follow every push. */
const SAMPLE_MS = 500;

type Sample = Rows<PositionRow> | null;

const read = (store: DeskStore): Sample => store.getState().slices.positions?.value ?? null;

/** Same rows by key, and protected alike: nothing that may not wait for the next sample. */
export function mayWait(before: Sample, now: Sample): boolean {
  if (!before || !now || before.size !== now.size) return false;
  for (const [key, row] of now) {
    const was = before.get(key);
    if (
      !was ||
      was.protectedSize !== row.protectedSize ||
      was.protection.state !== row.protection.state
    ) {
      return false;
    }
  }
  return true;
}

/**
 * All positions, for what is worked out over the whole list. Marks move many times a second; sorting
 * and summing that often would cost frames and make rows dance, so mere moves are sampled. A position
 * that comes, goes or loses its stop is seen at once.
 */
export function useSampledPositions(): Sample {
  const store = useDeskStore();
  const [sample, setSample] = useState<Sample>(() => read(store));
  useEffect(() => {
    let shown = read(store);
    let timer: ReturnType<typeof setTimeout> | null = null;
    const show = (): void => {
      if (timer) clearTimeout(timer);
      timer = null;
      shown = read(store);
      setSample(shown);
    };
    show();
    const stop = store.subscribe(() => {
      const now = read(store);
      if (now === shown) return;
      if (!mayWait(shown, now)) show();
      else timer ??= setTimeout(() => startTransition(show), SAMPLE_MS);
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [store]);
  return sample;
}
