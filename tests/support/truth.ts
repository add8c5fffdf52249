import { isDeepStrictEqual } from 'node:util';
import type { Picture } from './told.ts';

/**
 * What may be shown of an account as true now, worked out from what its venue did and told. Nothing
 * shown as certain may be
 * - other than it ever was, or back behind what was shown before: at once, always;
 * - older than the newest push that has reached the client: at once, without any patience;
 * - when the stream has come back, older than the lists could be that were read then: what happened
 *   before the client listened again, less the lag of the lists; and from `settlesWithin` later nothing
 *   that happened before it listened. While the venue does not answer, that time stands still: nobody
 *   can find out.
 * A push that was lost is the one thing that may stay unknown for longer: until the regular check.
 */
export interface Truth {
  /** The venue did something: the things it names, as they stand from now on. */
  happened(frame: object, now: Picture, at: number): void;
  /** The frame has reached the client. */
  reached(frame: object): void;
  /** The client says it is ready, from lists read after `listeningSince` that may lag by `lag`. */
  ready(at: number, listeningSince: number, lag: number): void;
  /** The client's questions are not answered now: what it has to find out takes longer. */
  unread(at: number): void;
  /**
   * The falsehoods in what is believed and shown as certain: things that never were so, things the client
   * was told otherwise, and things that went back. Empty when there are none.
   */
  falsehoods(believed: Picture, certain: Certain, at: number): string[];
  /** Every state of an order, oldest first, ended ones included: for the results of writes. */
  orders(): ReadonlyMap<string, readonly Row[]>;
  /** Every state of a position. */
  positions(): ReadonlyMap<string, readonly Row[]>;
}

type Row = Record<string, unknown>;
export type Part = keyof Picture;
/** Which parts are shown as true now, and of which symbols nothing is: of those the client says so. */
export interface Certain {
  parts: readonly Part[];
  setAside: readonly string[];
}
type Told = Exclude<Part, 'executions'>;
const KINDS: readonly Told[] = ['positions', 'orders', 'balances'];

interface Story {
  part: Told;
  key: string;
  /** Each state with its time; `undefined` while the thing is not there. */
  states: { at: number; value: unknown }[];
  /** The oldest state that may still be believed. */
  floor: number;
  /** The state believed last: belief never goes behind it. */
  believed: number;
}

/**
 * `settlesWithin`: ms after it said it was ready in which the client must have found out what its
 * lists did not show yet when it read them.
 */
export function createTruth(begin: Picture, settlesWithin: number): Truth {
  const stories = new Map<string, Story>();
  const told = new WeakMap<object, Map<Story, number>>();
  const executions = new Map<string, { at: number; reached: boolean; frame: object | null }>();
  const seen = { orders: new Map<string, Row[]>(), positions: new Map<string, Row[]>() };
  let promised: { at: number; since: number } | null = null;

  const storyOf = (part: Told, key: string): Story => {
    const name = `${part} ${key}`;
    let story = stories.get(name);
    if (story === undefined) {
      const nothing = { at: Number.NEGATIVE_INFINITY, value: undefined };
      story = { part, key, states: [nothing], floor: 0, believed: 0 };
      stories.set(name, story);
    }
    return story;
  };

  function happened(frame: object, now: Picture, at: number): void {
    const indices = told.get(frame) ?? new Map<Story, number>();
    told.set(frame, indices);
    for (const part of KINDS) {
      for (const [key, row] of Object.entries(now[part]) as [string, Row][]) {
        const story = storyOf(part, key);
        if (part !== 'balances') {
          const rows = seen[part].get(key) ?? [];
          seen[part].set(key, [...rows, row]);
        }
        const value = isThere(part, row) ? row : undefined;
        if (!isDeepStrictEqual(story.states.at(-1)?.value, value)) story.states.push({ at, value });
        indices.set(story, story.states.length - 1);
      }
    }
    for (const id of now.executions)
      if (!executions.has(id)) executions.set(id, { at, reached: false, frame });
  }

  const raise = (story: Story, floor: number): void => {
    story.floor = Math.max(story.floor, floor);
  };

  /** Everything as it stood at a time may no longer be believed to be older. */
  function raiseTo(at: number): void {
    for (const story of stories.values())
      raise(
        story,
        story.states.findLastIndex((state) => state.at <= at),
      );
    for (const execution of executions.values()) if (execution.at <= at) execution.reached = true;
  }

  happened({}, begin, Number.NEGATIVE_INFINITY);

  return {
    happened,
    reached(frame) {
      for (const [story, index] of told.get(frame) ?? []) raise(story, index);
      for (const execution of executions.values())
        if (execution.frame === frame) execution.reached = true;
    },
    ready(at, listeningSince, lag) {
      for (const story of stories.values())
        raise(
          story,
          story.states.findLastIndex((state) => state.at <= listeningSince - lag),
        );
      promised = { at: at + settlesWithin, since: listeningSince };
    },
    unread(at) {
      if (promised !== null) promised.at = Math.max(promised.at, at + settlesWithin);
    },
    falsehoods(believed, { parts, setAside }, at) {
      if (promised !== null && promised.at <= at) {
        raiseTo(promised.since);
        promised = null;
      }
      for (const part of KINDS) for (const key of Object.keys(believed[part])) storyOf(part, key);
      const found = [...stories.values()]
        .filter((story) => parts.includes(story.part) && !isAbout(setAside, story, believed))
        .flatMap((story) => falsehoodOf(story, believed));
      if (!parts.includes('executions') || setAside.length > 0) return found;
      const heard = new Set(believed.executions);
      for (const [id, { reached }] of executions)
        if (reached && !heard.has(id)) found.push(`execution ${id} was told and is not known`);
      for (const id of heard)
        if (!executions.has(id)) found.push(`execution ${id} is believed and never was`);
      return found;
    },
    orders: () => seen.orders,
    positions: () => seen.positions,
  };
}

/** Ended orders and flat positions are not there. */
const isThere = (part: Told, row: Row): boolean =>
  part === 'orders'
    ? !['Filled', 'Cancelled', 'Rejected', 'Deactivated'].includes(String(row['status']))
    : part === 'positions'
      ? row['side'] !== null
      : true;

/** Whether a story is about one of these symbols; a coin's never is. */
function isAbout(symbols: readonly string[], { part, key, states }: Story, believed: Picture) {
  const row = believed[part][key] ?? states.findLast(({ value }) => value !== undefined)?.value;
  return isRow(row) && symbols.some((symbol) => row['symbol'] === symbol);
}

function falsehoodOf(story: Story, believed: Picture): string[] {
  const { part, key, states } = story;
  const value = believed[part][key];
  const fits = (state: { value: unknown }): boolean => isDeepStrictEqual(state.value, value);
  const firstFrom = (least: number): number =>
    states.findIndex((state, index) => index >= least && fits(state));
  const index = firstFrom(Math.max(story.floor, story.believed));
  if (index >= 0) {
    story.believed = index;
    return [];
  }
  const now = states.at(-1)?.value;
  const is = told(now, value);
  const what = `${part} ${key}: believed ${told(value, now)}`;
  const older = firstFrom(story.believed);
  if (older >= 0) return [`${what}, state ${older}, though told state ${story.floor}; is ${is}`];
  const ever = states.findLastIndex(fits);
  if (ever < 0) return [`${what}, which never was; is ${is}`];
  return [
    `${what}, state ${ever}, after it had believed ${story.believed} of ${states.length - 1}; is ${is}`,
  ];
}

/** A row as text: where there is another to lay beside it, only what differs. */
function told(row: unknown, other: unknown): string {
  if (!isRow(row) || !isRow(other)) return JSON.stringify(row) ?? 'nothing';
  const fields = Object.keys(row).filter((field) => !isDeepStrictEqual(row[field], other[field]));
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, row[field]])));
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;
