import type { Venue } from '../engine/venue.ts';
import { populateDesk } from './desk.ts';
import type { ScenarioName } from './names.ts';

/** What the venue holds at the start, and what happens by itself later. */
export interface Scenario {
  /** Width of the price walk; 1 is an ordinary day. */
  liveliness: number;
  populate: (venue: Venue) => void;
  events: { afterMs: number; happen: (venue: Venue, at: number) => void }[];
}

const still: Pick<Scenario, 'events' | 'liveliness'> = { liveliness: 1, events: [] };

const desk: Scenario = { ...still, populate: populateDesk };

export const scenarios: Record<ScenarioName, Scenario> = {
  desk,
  quiet: { ...desk, liveliness: 0.15 },
  crash: desk,
  building: desk,
  'mirror-drift': desk,
  hedge: desk,
  crowd: desk,
  empty: {
    ...still,
    populate: (venue) => {
      for (const account of venue.accounts) {
        const balance = account.role === 'main' ? '52000' : '17000';
        account.coins.USDT = { walletBalance: balance, cumRealised: '0' };
      }
    },
  },
};
