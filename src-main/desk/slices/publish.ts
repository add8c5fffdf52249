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
import { sameContent } from '../../domain/same-content.ts';

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

/** A row as it was sent. */
interface Kept {
  key: string;
  row: object;
}

type Sent = { version: number; rows: readonly Kept[]; text: string };

/**
 * What differs between the rows sent and those there are now. Of most rows nothing does: the very same
 * object in the same place costs a look, and only what is new or moved is looked at closely.
 */
function compare(
  before: readonly Kept[],
  rows: readonly object[],
  keyOf: (row: object) => string,
): { rows: readonly Kept[]; changed: object[]; removed: string[] } {
  let byKey: Map<string, Kept> | null = null;
  const known = (key: string): Kept | undefined => {
    byKey ??= new Map(before.map((kept) => [kept.key, kept]));
    return byKey.get(key);
  };
  const changed: object[] = [];
  const now = rows.map((row, at): Kept => {
    const there = before[at];
    if (there && there.row === row) return there;
    const key = keyOf(row);
    const was = there?.key === key ? there : known(key);
    if (was && was.row === row) return was;
    if (!was || !sameContent(was.row, row)) changed.push(row);
    return { key, row };
  });
  // As many rows, each in its place: none can be missing.
  if (byKey === null && now.length === before.length) return { rows: now, changed, removed: [] };
  const left = new Set(now.map(({ key }) => key));
  const removed = before.flatMap(({ key }) => (left.has(key) ? [] : [key]));
  return { rows: now, changed, removed };
}

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
      state = { version: 0, rows: [], text: '' };
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
    const { rows } = value as { rows: object[] };
    const told = compare(state.rows, rows, rowKeys[slice] as (row: object) => string);
    state.rows = told.rows;
    if (told.changed.length === 0 && told.removed.length === 0) return null;
    state.version += 1;
    const { changed, removed } = told;
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
      ? ({ ...stamp, whole: state.rows.map((kept) => kept.row) } as ListPush)
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
