import { randomUUID } from 'node:crypto';
import type {
  ListPush,
  ObjectPush,
  Push,
  SliceName,
  SliceValue,
} from '../../../src-preload/contract/slices.ts';
import { isListSlice, rowKeys, sliceNames } from '../../../src-preload/contract/slices.ts';
import type { Clock } from '../../domain/clock.ts';

/** How each slice is read when it is asked for or pushed. */
export type SliceReaders = { [Name in SliceName]: () => SliceValue<Name> };

export interface Publisher {
  get<Name extends SliceName>(slice: Name): SliceValue<Name>;
  /** Says that a slice may have changed; it is compared and pushed within 250 ms. */
  touch(...slices: SliceName[]): void;
  /** Sends every slice whole to the listener, then its changes. Returns the way to stop. */
  subscribe(listener: (push: Push) => void): () => void;
  /** Everything known before is void (a restore): all slices are sent whole under a new epoch. */
  newEpoch(): void;
  stop(): void;
}

/** At most four pushes a second per slice: what a person can follow, and no more. */
const INTERVAL_MS = 250;

type Sent = { version: number; rows: Map<string, { row: unknown; text: string }>; text: string };

/** Turns slices into row-level pushes: a row that did not change is not sent again. */
export function createPublisher(readers: SliceReaders, clock: Clock): Publisher {
  const listeners = new Set<(push: Push) => void>();
  const sent = new Map<SliceName, Sent>();
  const touched = new Set<SliceName>();
  let epoch = randomUUID();
  let cancelTimer: (() => void) | null = null;

  const emit = (push: Push): void => {
    for (const listener of listeners) listener(push);
  };

  const sentOf = (slice: SliceName): Sent => {
    let state = sent.get(slice);
    if (!state) {
      state = { version: 0, rows: new Map(), text: '' };
      sent.set(slice, state);
    }
    return state;
  };

  /** Compares a slice with what was sent last; the push of the difference, or null when none. */
  const difference = (slice: SliceName): Push | null => {
    const state = sentOf(slice);
    const value: unknown = readers[slice]();
    if (!isListSlice(slice)) {
      const text = JSON.stringify(value);
      if (text === state.text) return null;
      state.text = text;
      state.version += 1;
      return { slice, epoch, version: state.version, value } as ObjectPush;
    }
    const keyOf = rowKeys[slice] as (row: unknown) => string;
    const rows = new Map<string, { row: unknown; text: string }>();
    const changed: unknown[] = [];
    for (const row of (value as { rows: unknown[] }).rows) {
      const key = keyOf(row);
      const before = state.rows.get(key);
      if (before && before.row === row) {
        rows.set(key, before);
        continue;
      }
      const text = JSON.stringify(row);
      rows.set(key, { row, text });
      if (before?.text !== text) changed.push(row);
    }
    const removed = [...state.rows.keys()].filter((key) => !rows.has(key));
    state.rows = rows;
    if (changed.length === 0 && removed.length === 0) return null;
    state.version += 1;
    return { slice, epoch, version: state.version, changed, removed } as ListPush;
  };

  const pushTouched = (): void => {
    const slices = [...touched];
    touched.clear();
    for (const slice of slices) {
      const push = difference(slice);
      if (push) emit(push);
    }
  };

  const schedule = (): void => {
    if (cancelTimer || listeners.size === 0) return;
    cancelTimer = clock.after(INTERVAL_MS, () => {
      cancelTimer = null;
      pushTouched();
    });
  };

  const whole = (slice: SliceName): Push => {
    const state = sentOf(slice);
    const stamp = { slice, epoch, version: state.version };
    return isListSlice(slice)
      ? ({ ...stamp, whole: [...state.rows.values()].map((kept) => kept.row) } as ListPush)
      : ({ ...stamp, value: JSON.parse(state.text) } as ObjectPush);
  };

  const bringUpToDate = (): void => {
    for (const slice of sliceNames) touched.add(slice);
    pushTouched();
  };

  return {
    get: (slice) => readers[slice](),
    touch(...slices) {
      for (const slice of slices) touched.add(slice);
      schedule();
    },
    subscribe(listener) {
      bringUpToDate();
      for (const slice of sliceNames) listener(whole(slice));
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    newEpoch() {
      epoch = randomUUID();
      bringUpToDate();
      for (const slice of sliceNames) emit(whole(slice));
    },
    stop() {
      cancelTimer?.();
      listeners.clear();
    },
  };
}
