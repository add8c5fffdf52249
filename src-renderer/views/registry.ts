import type { ComponentType } from 'react';
import type { ListSlices } from '../../src-preload/contract/slices.ts';
import type { IconName } from '../parts/figures/icon.tsx';
import { late } from '../parts/late.ts';
import { plural } from '../parts/number-text.ts';
import { PositionsView } from './positions/positions-view.tsx';

/** A view as everything around it knows it: rail, number keys, palette, help and preferences. */
export interface View {
  id: string;
  title: string;
  icon: IconName;
  /** The key that goes to it. */
  key: string;
  /** What else an operator may call it, for the palette. */
  words: string;
  Component: ComponentType;
  /** The rows that wait there for the operator, counted on the rail, and what to call that many. */
  waiting?: { slice: keyof ListSlices; text: (count: number) => string };
}

/** Every view, once, in the order of the rail. */
export const views: readonly [View, ...View[]] = [
  {
    id: 'positions',
    title: 'Positions',
    icon: 'positions',
    key: '1',
    words: 'stops protection ladder orders',
    // Comes with the page: one that is waited for is shown 0.3 s late, as React spaces such changes.
    Component: PositionsView,
  },
  {
    id: 'approvals',
    title: 'Approvals',
    icon: 'approvals',
    key: 'A',
    words: 'proposals propose approve dismiss',
    Component: late(async () => (await import('./approvals/approvals-view.tsx')).ApprovalsView),
    waiting: {
      slice: 'approvals',
      text: (count) => plural(count, 'proposal waits', 'proposals wait'),
    },
  },
  {
    id: 'cache',
    title: 'Cache',
    icon: 'cache',
    key: '2',
    words: 'calls hit rate ttl cycles saves health',
    Component: late(async () => (await import('./cache/cache-view.tsx')).CacheView),
  },
  {
    id: 'backups',
    title: 'Backups',
    icon: 'backups',
    key: '3',
    words: 'vault versions',
    Component: late(async () => (await import('./backups/backups-view.tsx')).BackupsView),
  },
];

/** The view of that id; the first where this version has none of that id. */
export const viewOf = (id: string): View => views.find((view) => view.id === id) ?? views[0];
