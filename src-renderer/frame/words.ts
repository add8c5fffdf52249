import type { AccountRow } from '../../src-preload/contract/accounts.ts';
import type { Mode } from '../../src-preload/contract/words.ts';
import { count } from '../parts/number-text.ts';
import { span } from '../parts/time-text.ts';

/** Every sentence of the frame: rail, account strip, banners, status bar. */
export const words = {
  views: 'Views',
  appearance: 'Appearance',
  theme: 'Theme',
  themes: [
    { value: 'system', label: 'Same as system' },
    { value: 'dark', label: 'Dark' },
    { value: 'light', label: 'Light' },
  ],
  rows: 'Rows',
  densities: [
    { value: 'normal', label: 'Normal' },
    { value: 'compact', label: 'Compact' },
  ],
  widenRail: 'Show names',
  narrowRail: 'Hide names',

  search: 'Search or run',
  searchName: 'Search views and commands',
  found: 'Results',
  nothingFound: 'Nothing matches.',
  closeAll: 'Close all…',

  account: (id: string): string => `Account ${id}`,
  modeHint: (meaning: string): string => `${meaning} Press to change.`,
  modeButton: (id: string, mode: Mode): string => `Mode of ${id}: ${mode}. Change`,
  data: 'Data',
  stream: 'Stream',
  streamHeard: (state: AccountRow['streamState']): string => `Stream ${state}, data age `,
  equity: 'Equity',
  unrealised: 'Unrealised',

  lostTitle: 'The connection to the desk is lost. Trying again…',
  refusedTitle: 'Holdfast was restarted, and this page is no longer allowed in.',
  lostAge: (age: string): string => `What you see was true ${age} ago. `,
  lostMaybeRunning: 'The desk itself may still be running.',
  lostMaybeRestarted: ' If Holdfast was restarted, open the address it printed.',
  openNewAddress: 'Open the new address that Holdfast printed when it started.',

  closedSince: (names: readonly string[]): string =>
    `Closed since that backup, and not brought back: ${names.join('; ')}.`,
  pausedSince: (time: string): string => `Paused since ${time}.`,
  resume: 'Resume',
  resumed: 'Running again. Every account stays in watch until you arm it.',

  newsLost: 'The connection to the desk is lost.',
  newsNoStop: (names: string): string => `No stop on ${names}.`,

  status: {
    cycle: 'Cycle',
    calls: (n: number): string => `, ${count(n)} ${n === 1 ? 'call' : 'calls'}`,
    cache: 'Cache',
    hits: 'hits',
    callsPerMinute: 'Calls',
    perMinute: '/min',
    withoutCache: (n: number): string => ` (without cache ${count(n)})`,
    notSavedSince: (time: string): string => `Not saved since ${time}`,
    saved: 'Saved',
    backup: 'Backup',
    none: 'none yet',
    lastFailed: ' the last one failed',
    next: (time: string): string => `; next ${time}`,
    due: (lateMs: number): string => (lateMs < 60_000 ? '; due now' : `; due ${span(lateMs)} ago`),
    budget: 'Budget',
    free: 'free',
    clock: 'Clock',
    notTrusted: 'not trusted',
  },
};
