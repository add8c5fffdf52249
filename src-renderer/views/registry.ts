import type { ComponentType, LazyExoticComponent } from 'react';
import type { IconName } from '../parts/figures/icon.tsx';
import { late } from '../parts/late.ts';

/** A view as everything around it knows it: rail, number keys, palette, help and preferences. */
export interface View {
  id: string;
  title: string;
  icon: IconName;
  /** The key that goes to it. */
  key: string;
  /** What else an operator may call it, for the palette. */
  words: string;
  Component: LazyExoticComponent<ComponentType>;
}

/** Every view, once, in the order of the rail. */
export const views: readonly [View, ...View[]] = [
  {
    id: 'positions',
    title: 'Positions',
    icon: 'positions',
    key: '1',
    words: 'stops protection ladder orders',
    Component: late(async () => (await import('./positions/positions-view.tsx')).PositionsView),
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
