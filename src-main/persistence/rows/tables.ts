import type { z } from 'zod';
import type { PositionKey } from '../../domain/keys.ts';
import { executionKey, positionKey } from '../../domain/keys.ts';
import type { Change } from '../store.ts';
import { monitorShape } from './monitor-shape.ts';
import {
  accountShape,
  alertShape,
  cycleShape,
  equityShape,
  executionShape,
  intentShape,
  journalShape,
  operationShape,
  settingShape,
  timelineShape,
  tradeEventShape,
  tradeShape,
} from './shapes.ts';

/** How records of one kind become rows, and what keeps them apart. */
export interface Table<Item> {
  readonly name: string;
  readonly shape: z.ZodType<Item>;
  readonly key: (item: Item) => string;
  readonly at: (item: Item) => number;
  readonly account: (item: Item) => string | null;
  readonly position: (item: Item) => PositionKey | null;
  /** `latest` replaces the row with the same key, `once` leaves the first as it is. */
  readonly keeps: 'latest' | 'once';
  /** State that the desk works on: loaded whole and guarded by the integrity check. */
  readonly live: boolean;
}

/** One row, ready to be written. */
export interface Row {
  readonly table: string;
  readonly key: string;
  readonly account: string | null;
  readonly position: string | null;
  readonly at: number;
  /** JSON, or `null` when the row is to be removed. */
  readonly data: string | null;
}

const none = (): null => null;
const own = (item: { account: string }): string => item.account;
const atOf = (item: { at: number }): number => item.at;
const idOf = (item: { id: string }): string => item.id;

const define = <Item>(
  table: Pick<Table<Item>, 'name' | 'shape' | 'key'> & Partial<Table<Item>>,
): Table<Item> => ({
  at: () => 0,
  account: none,
  position: none,
  keeps: 'latest',
  live: false,
  ...table,
});

export const tables = {
  accounts: define({ name: 'accounts', shape: accountShape, key: idOf, account: idOf, live: true }),
  settings: define({
    name: 'settings',
    shape: settingShape,
    key: (item) => item.name,
    live: true,
  }),
  monitors: define({
    name: 'monitors',
    shape: monitorShape,
    key: positionKey,
    at: (item) => item.updatedAt,
    account: own,
    position: positionKey,
    live: true,
  }),
  intents: define({
    name: 'intents',
    shape: intentShape,
    key: idOf,
    at: atOf,
    account: own,
    position: (item) => item.position,
    live: true,
  }),
  executions: define({
    name: 'executions',
    shape: executionShape,
    key: executionKey,
    at: (item) => item.executedAt,
    account: own,
    keeps: 'once',
  }),
  trades: define({
    name: 'trades',
    shape: tradeShape,
    key: idOf,
    at: (item) => item.closedAt ?? item.openedAt,
    account: own,
    position: positionKey,
    live: true,
  }),
  tradeEvents: define({
    name: 'trade_events',
    shape: tradeEventShape,
    key: idOf,
    at: atOf,
    account: own,
  }),
  journal: define({ name: 'journal', shape: journalShape, key: idOf, at: atOf, keeps: 'once' }),
  operations: define({
    name: 'operations',
    shape: operationShape,
    key: idOf,
    at: (item) => item.beganAt,
  }),
  timeline: define({
    name: 'timeline',
    shape: timelineShape,
    key: idOf,
    at: atOf,
    account: own,
    position: positionKey,
  }),
  alerts: define({
    name: 'alerts',
    shape: alertShape,
    key: idOf,
    at: atOf,
    account: (item) => item.account,
  }),
  equity: define({
    name: 'equity',
    shape: equityShape,
    key: (item) => `${item.account}/${item.at}`,
    at: atOf,
    account: own,
  }),
  cycles: define({
    name: 'cycles',
    shape: cycleShape,
    key: (item) => String(item.startedAt),
    at: (item) => item.startedAt,
  }),
} as const;

/** Every table with hashed rows, the packed sightings included. */
export const hashedTables: readonly string[] = [
  ...Object.values(tables).map((table) => table.name),
  'sightings',
];

/** The setting that says up to when each account was followed. */
export const SYNCED = 'syncedAt';

/** What a desk writes by itself, minute by minute, where nothing happens. */
export const RESTLESS = {
  tables: new Set<string>(['sightings', tables.equity.name, tables.cycles.name]),
  settings: new Set<string>([SYNCED]),
};

/**
 * The row of a record, checked and copied into plain JSON. A record that would not survive being
 * loaded again is a defect of whoever saves it and throws here, before anything is taken.
 */
export function rowOf<Item>(table: Table<Item>, item: Item): Row {
  const checked = table.shape.safeParse(item);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new TypeError(
      `A row for ${table.name} cannot be saved: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    );
  }
  return {
    table: table.name,
    key: table.key(item),
    account: table.account(item),
    position: table.position(item),
    at: table.at(item),
    data: JSON.stringify(checked.data),
  };
}

/**
 * The check of a row is compiled when it is first asked for, some milliseconds each; done beforehand, it is
 * not done while a stop waits for the commit before its move.
 */
export function prepareChecks(): void {
  for (const table of Object.values(tables)) table.shape.safeParse({});
}

/** The rows of a change, sightings aside: those are packed by the writer. */
export function rowsOf(change: Change): Row[] {
  const rows: Row[] = [];
  const add = <Item>(table: Table<Item>, items: readonly Item[] = []): void => {
    for (const item of items) rows.push(rowOf(table, item));
  };
  add(tables.accounts, change.accounts);
  add(tables.monitors, change.monitors);
  const remove = (table: string, keys: readonly string[] = []): void => {
    for (const key of keys)
      rows.push({ table, key, account: null, position: null, at: 0, data: null });
  };
  remove(tables.monitors.name, change.removedMonitors);
  add(tables.intents, change.intents);
  add(tables.executions, change.executions);
  add(tables.trades, change.trades);
  add(tables.tradeEvents, change.tradeEvents);
  remove(tables.trades.name, change.removedTrades);
  remove(tables.tradeEvents.name, change.removedTradeEvents);
  add(tables.operations, change.operations);
  add(tables.timeline, change.timeline);
  add(tables.alerts, change.alerts);
  add(tables.equity, change.equity);
  add(tables.cycles, change.cycles);
  for (const [name, value] of Object.entries(change.settings ?? {})) {
    if (value !== undefined) rows.push(rowOf(tables.settings, { name, value }));
  }
  return rows;
}
