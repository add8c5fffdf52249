import { equal, greater, less, sum } from '../../src-main/domain/numbers.ts';
import type { Account, Position } from '../../src-main/practice/engine/state/state.ts';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { isOpen } from '../../src-main/practice/engine/state/venue.ts';
import { pictureOfVenue } from '../support/told.ts';
import type { Stage } from './stage.ts';

type Row = Record<string, unknown>;

/** Everything in which what the desk shows differs from what the venue holds, one sentence each. */
export async function differences(stage: Stage): Promise<string[]> {
  const { venue } = stage.world;
  const found: string[] = [];
  const [positions, orders, monitors] = [
    await stage.slice('positions'),
    await stage.slice('orders'),
    await stage.slice('monitors'),
  ];
  for (const account of venue.accounts) {
    const own = (row: { account: string }): boolean => row.account === account.name;
    const is = pictureOfVenue(venue, account);
    const held = (Object.values(is.positions) as Row[]).map(
      (row): Row => ({
        ...pickOf(row, ['symbol', 'side', 'size', 'entryPrice']),
        ...stopOf(account, String(row['symbol'])),
      }),
    );
    const shown = positions.rows.filter(own).map(
      (row): Row => ({
        ...pickOf({ ...row }, ['symbol', 'side', 'size', 'entryPrice']),
        stop: row.stop?.price ?? null,
      }),
    );
    const stopsOf = new Map(held.map((row) => [String(row['symbol']), row['stop']]));
    // Which of several stops is the one is the desk's own choice.
    const comparable = shown.map((row) =>
      stopsOf.get(String(row['symbol'])) === SEVERAL ? { ...row, stop: SEVERAL } : row,
    );
    found.push(...compared(`${account.name} position`, 'symbol', held, comparable));
    const resting = Object.values(is.orders) as Row[];
    found.push(
      ...compared(
        `${account.name} order`,
        'orderId',
        resting.map((row) => pickOf(row, ORDER)),
        orders.rows.filter(own).map((row) => pickOf({ ...row }, ORDER)),
      ),
    );
    const watching = monitors.rows.filter(own);
    found.push(
      ...compared(
        `${account.name} monitor`,
        'symbol',
        held.map((row) => pickOf(row, HELD)),
        watching.filter(isHeld).map((row) => pickOf({ ...row }, HELD)),
      ),
    );
  }
  return found;
}

const ORDER = [
  'orderId',
  'symbol',
  'side',
  'price',
  'quantity',
  'filledQuantity',
  'triggerPrice',
  'status',
  'reduceOnly',
];
const HELD = ['symbol', 'side', 'size'];
const SEVERAL = 'several';

/** A monitor without a size waits for an entry that still rests. */
const isHeld = ({ size }: { size: string }): boolean => Number(size) !== 0;

const pickOf = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]));

const conditional = (account: Account, position: Position) =>
  [...(account.openBySymbol.get(position.symbol) ?? [])].filter(
    (order) =>
      order.status === 'Untriggered' &&
      order.side !== position.side &&
      (order.reduceOnly || order.closeOnTrigger) &&
      ['Stop', 'StopLoss', 'PartialStopLoss', 'TrailingStop'].includes(order.stopOrderType),
  );

function stopOf(account: Account, symbol: string): { stop: string | null } {
  const position = [...account.positions.values()].find(
    (one) => one.symbol === symbol && isOpen(one),
  );
  if (position === undefined) return { stop: null };
  const prices = new Set(conditional(account, position).map((order) => order.triggerPrice));
  if (position.stopLoss !== '') prices.add(position.stopLoss);
  return { stop: prices.size > 1 ? SEVERAL : ([...prices][0] ?? null) };
}

function compared(what: string, key: string, is: Row[], shown: Row[]): string[] {
  const byKey = (rows: Row[]) => new Map(rows.map((row) => [String(row[key]), row]));
  const [truth, belief] = [byKey(is), byKey(shown)];
  return [...new Set([...truth.keys(), ...belief.keys()])].flatMap((name) => {
    const [a, b] = [truth.get(name), belief.get(name)];
    if (!a) return [`${what} ${name} is shown and is not there: ${JSON.stringify(b)}`];
    if (!b) return [`${what} ${name} is there and is not shown: ${JSON.stringify(a)}`];
    const fields = Object.keys(a).filter((field) => !isSame(a[field], b[field]));
    return fields.map(
      (field) => `${what} ${name}: ${field} is ${String(a[field])}, shown ${String(b[field])}`,
    );
  });
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [first, second] = [String(a), String(b)];
  return /^-?\d/.test(first) && /^-?\d/.test(second) && equal(first, second);
}

export interface Exposure {
  /** To be told of every private frame: something of its account has changed. */
  happened(frame: Frame): void;
  /** To be told that the desk said a symbol of an account to be unprotected. */
  told(account: string, symbol: string): void;
  /** To be called whenever all has come to rest. */
  look(reachable: boolean): void;
  /**
   * Longest time that a position had no stop while the venue could be reached: `lost` by one that had
   * had one; `never` by one that came without, as out of an entry left resting (nothing places a first
   * stop yet: M4); `part` where one covered only a part. `untold`: the longest that any of them stood
   * so before the desk said it.
   */
  readonly longest: Readonly<Record<Lack | 'untold', Stretch>>;
}

type Lack = 'lost' | 'never' | 'part';

/** How long, ms, and which position, since when and how it came about. */
interface Stretch {
  ms: number;
  which: string;
}

/** Keeps how long the venue's positions stand without the stop they should have. */
export function watchExposure(stage: Pick<Stage, 'time' | 'world'>): Exposure {
  const { time, world } = stage;
  const since = new Map<string, { kind: Lack; ms: number; which: string; told: boolean }>();
  const nothing: Stretch = { ms: 0, which: 'none' };
  const longest = { lost: nothing, never: nothing, part: nothing, untold: nothing };
  /** Positions that have had a stop, and when each was opened: one opened since is another one. */
  const covered = new Map<string, number>();
  const changed = new Set<Account>(world.venue.accounts);
  let lookedAt = time.now();

  function judge(account: Account): void {
    for (const position of account.positions.values()) {
      const key = `${account.name} ${position.symbol} ${position.idx}`;
      const lack = lackOf(account, position);
      if (!isOpen(position)) covered.delete(key);
      else if (lack !== 'none') covered.set(key, position.openTime);
      const had = covered.get(key) === position.openTime;
      const kind = lack === 'none' ? (had ? 'lost' : 'never') : lack;
      if (kind === null) since.delete(key);
      else if (since.get(key)?.kind !== kind) {
        const which = `${key}, ${kind} from ${new Date(time.now()).toISOString()}: ${originOf(account, position)}`;
        since.set(key, { kind, ms: 0, which, told: false });
      }
    }
  }

  return {
    happened: (frame) => void changed.add(frame.account),
    told(account, symbol) {
      for (const [key, one] of since) if (key.startsWith(`${account} ${symbol} `)) one.told = true;
    },
    look(reachable) {
      const passed = time.now() - lookedAt;
      lookedAt = time.now();
      if (reachable)
        for (const one of since.values()) {
          one.ms += passed;
          for (const kind of one.told ? [one.kind] : [one.kind, 'untold' as const])
            if (one.ms > longest[kind].ms) longest[kind] = { ms: one.ms, which: one.which };
        }
      for (const account of changed) judge(account);
      changed.clear();
    },
    longest,
  };
}

/** What last changed the position. */
function originOf(account: Account, { symbol }: Position): string {
  const last = account.executions.findLast((one) => one.symbol === symbol);
  if (last === undefined) return 'it was there at the start';
  const order = account.open.get(last.orderId) ?? account.endedById.get(last.orderId);
  const stop = order?.stopLoss ? `a stop at ${order.stopLoss}` : 'no stop of its own';
  return `${last.side} ${last.execQty} by a ${last.orderType} order with ${stop}`;
}

function lackOf(account: Account, position: Position): 'none' | 'part' | null {
  if (!isOpen(position) || position.stopLoss !== '') return null;
  const covered = sum(conditional(account, position).map((order) => order.qty));
  if (!less(covered, position.size)) return null;
  return greater(covered, '0') ? 'part' : 'none';
}
