import type { Venue } from '../engine/state/venue.ts';
import { fund } from './build.ts';
import { populateDesk } from './desk.ts';
import type { ScenarioName } from './names.ts';
import {
  driftOn,
  gapDown,
  meetEntry,
  populateBuilding,
  populateCrowd,
  populateDrift,
  populateHedge,
} from './others.ts';

/** What the venue holds at the start, and what happens by itself later. */
export interface Scenario {
  /** Width of the price walk; 1 is an ordinary day. */
  liveliness: number;
  /** `symbols` are the contracts to hold. */
  populate: (venue: Venue, symbols: readonly string[]) => void;
  /** Market time after the start, ms. */
  events: { afterMs: number; happen: (venue: Venue, at: number) => void }[];
}

const desk: Scenario = { liveliness: 1, populate: populateDesk, events: [] };

const repeated = (
  times: number,
  everyMs: number,
  happen: (venue: Venue, turn: number, at: number) => void,
): Scenario['events'] =>
  Array.from({ length: times }, (_, turn) => ({
    afterMs: (turn + 1) * everyMs,
    happen: (venue, at) => happen(venue, turn, at),
  }));

function populateEmpty(venue: Venue): void {
  for (const account of venue.accounts) fund(account, account.role === 'main' ? '52000' : '17000');
}

export const scenarios: Record<ScenarioName, Scenario> = {
  desk,
  quiet: { ...desk, liveliness: 0.15 },
  crash: { ...desk, events: [{ afterMs: 20_000, happen: gapDown }] },
  building: { ...desk, populate: populateBuilding, events: repeated(60, 2500, meetEntry) },
  'mirror-drift': { ...desk, populate: populateDrift, events: repeated(6, 15_000, driftOn) },
  hedge: { ...desk, populate: populateHedge },
  crowd: { ...desk, populate: populateCrowd },
  empty: { ...desk, populate: populateEmpty },
};
