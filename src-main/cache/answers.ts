import { answered, type Read, unknown } from '../domain/read.ts';
import type { Held } from './cache.ts';
import type { Slot } from './slot.ts';

/** An answer that is fresh enough, read if need be. */
export async function answerOf<T>(slot: Slot, rows: () => T[]): Promise<Read<T>> {
  const failure = await slot.ask();
  if (failure !== null || slot.asOf === null)
    return unknown(failure ?? 'It has not been read yet.');
  return answered(rows(), slot.asOf, slot.confirmed ? 'stream' : (slot.source ?? 'rest'));
}

/** What is held now, with its freshness; the rows are laid out when they are looked at. */
export function heldOf<T>(slot: Slot, rows: () => T[], now: number): Held<T> {
  return {
    get rows() {
      return rows();
    },
    asOf: slot.asOf,
    ageMs: slot.asOf === null ? null : Math.max(0, now - slot.asOf),
    source: slot.confirmed ? 'stream' : slot.source,
    confirmed: slot.confirmed,
    fresh: slot.usable,
    reason: slot.failure,
  };
}
