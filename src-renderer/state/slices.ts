import type {
  ListSlices,
  ObjectSlices,
  Push,
  SliceName,
  SliceValue,
} from '../../src-preload/contract/slices.ts';
import { isListSlice, rowKeys } from '../../src-preload/contract/slices.ts';

/** What is held of one slice. `version` is the newest push seen, taken in or not. */
export interface Held<Value> {
  epoch: string;
  version: number;
  /** True from noticing a gap until the whole has come; the rows stay as they were meanwhile. */
  asking: boolean;
  value: Value;
}

export type Rows<Row> = ReadonlyMap<string, Row>;

/** Every slice as last known; a slice that never came is absent, which is not the same as empty. */
export type Slices = HeldLists & HeldObjects;

type HeldLists = { readonly [Name in keyof ListSlices]?: Held<Rows<ListSlices[Name]>> };
type HeldObjects = { readonly [Name in keyof ObjectSlices]?: Held<ObjectSlices[Name]> };

/** The rows of a list slice; `null` until it has come. */
export const rowsOf = <Name extends keyof ListSlices>(
  slices: HeldLists,
  name: Name,
): Rows<ListSlices[Name]> | null => slices[name]?.value ?? null;

/** An object slice; `null` until it has come. */
export const valueOf = <Name extends keyof ObjectSlices>(
  slices: HeldObjects,
  name: Name,
): ObjectSlices[Name] | null => slices[name]?.value ?? null;

const keyed = <Name extends keyof ListSlices>(
  slice: Name,
  rows: readonly ListSlices[Name][],
): Map<string, ListSlices[Name]> => {
  const keyOf: (row: ListSlices[Name]) => string = rowKeys[slice];
  return new Map(rows.map((row) => [keyOf(row), row]));
};

const withHeld = (slices: Slices, slice: SliceName, held: Held<unknown>): Slices => ({
  ...slices,
  [slice]: held,
});

/**
 * Takes one push in. `ask` is true when a change does not follow what is held (a gap, another epoch,
 * nothing held yet): the slice's whole must be asked for once.
 */
export function takePush(slices: Slices, push: Push): { slices: Slices; ask: boolean } {
  const { slice, epoch, version } = push;
  const held = slices[slice] as Held<unknown> | undefined;
  const take = (value: unknown) => ({
    slices: withHeld(slices, slice, { epoch, version, asking: false, value }),
    ask: false,
  });
  if ('value' in push) return take(push.value);
  if ('whole' in push) return take(keyed(push.slice, push.whole));

  if (held && !held.asking && held.epoch === epoch) {
    if (version <= held.version) return { slices, ask: false };
    if (version === held.version + 1) {
      const rows = new Map(held.value as Rows<unknown>);
      for (const key of push.removed) rows.delete(key);
      for (const [key, row] of keyed(push.slice, push.changed)) rows.set(key, row);
      return take(rows);
    }
  }
  const value = held?.value ?? new Map();
  return {
    slices: withHeld(slices, slice, { epoch, version, asking: true, value }),
    ask: !held?.asking,
  };
}

/**
 * Takes in the answer to asking for a whole. Pushes that came while asking are older than the answer,
 * so the newest of their versions is the one to go on from. `null` is a failed asking: the next
 * change asks again.
 */
export function takeAnswer(
  slices: Slices,
  slice: SliceName,
  answer: SliceValue<SliceName> | null,
): Slices {
  const held = slices[slice] as Held<unknown> | undefined;
  if (!held?.asking) return slices;
  if (answer === null) return withHeld(slices, slice, { ...held, version: -1, asking: false });
  const value = isListSlice(slice) && 'rows' in answer ? keyed(slice, answer.rows) : answer;
  return withHeld(slices, slice, { ...held, asking: false, value });
}
