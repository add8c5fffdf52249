import type { Execution } from '../../domain/execution.ts';
import type { Difference } from '../goals/difference.ts';

/** What lies between a position and what is wanted of it, as it was last worked out. */
export interface Planned extends Omit<Difference, 'ended'> {
  /** ms since 1970 UTC. */
  at: number;
  /** What it rests on, as of when. `held` is what was known without asking: good for looking only. */
  facts: { stampedBy: 'stream' | 'read' | 'held'; asOf: number };
}

/** What was sent for one wish, as long as it is wanted. */
export interface Tries {
  sent: number;
  /** Not again before this, ticks. */
  notBefore: number;
}

/** What lasts and is told once: since when, in ticks, and whether it has been told. */
export interface Stretch {
  since: number;
  told: boolean;
}

/** The newest execution that a watch was given. */
export interface Traded extends Pick<Execution, 'seq' | 'executedAt' | 'price' | 'markPrice'> {
  /** When we heard of it: time and ticks. */
  at: number;
  ticks: number;
  /** The position was asked for, because no frame told what the execution has made of it. */
  asked: boolean;
}

/** The executor's own part of a watch: nothing else changes it. */
export interface Doing {
  /** To be worked out again from then on, ticks, though nothing changes; infinite where nothing is open. */
  againAt: number;
  /** Not carried out before this, ticks: what it waits for was not to be had a moment ago. */
  notBefore: number;
  /** How often in a row it came to nothing. */
  fruitless: number;
  tries: Map<string, Tries>;
  /** Wishes whose order the venue has had and has ended. */
  spent: Set<string>;
  /** Orders that the venue does not amend. */
  unamendable: Set<string>;
  /** Refused for good, by wish: why, and the version of what was known when it was. */
  refused: Map<string, { reason: string; version: number }>;
  /** Since when the position is flat, and how many whole reads that were begun since say so; `null` while it is open. */
  flat: { since: number; reads: number; wholeAsOf: number } | null;
  /** What was put to the operator, and when, ticks; `null` when nothing is. */
  offered: { wishes: string; at: number } | null;
  /** The stop that was moved to breakeven by us; `null` where none was. */
  movedTo: string | null;
  /** Wishes that were told as what would be done. */
  told: Set<string>;
  stretches: Map<string, Stretch>;
}

export const notDoing = (): Doing => ({
  againAt: Number.POSITIVE_INFINITY,
  notBefore: 0,
  fruitless: 0,
  tries: new Map(),
  spent: new Set(),
  unamendable: new Set(),
  refused: new Map(),
  flat: null,
  offered: null,
  movedTo: null,
  told: new Set(),
  stretches: new Map(),
});
