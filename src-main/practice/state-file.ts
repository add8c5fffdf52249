import { existsSync, readFileSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Log } from '../domain/log.ts';
import type {
  Account,
  ClosedPnl,
  CoinBalance,
  Execution,
  LogRow,
  MarginMode,
  Order,
  Position,
} from './engine/state/state.ts';
import { book, type Venue } from './engine/state/venue.ts';
import type { World } from './world.ts';

const version = 1;
/** Rows of the past that are kept over a restart, newest of each kind. */
const keptRows = 1500;
/** Least ms between two saves, and how much longer than its own cost the next one waits. */
const pauseMs = 250;
const pausePerCost = 50;

interface SavedAccount {
  /** Its name. */
  role: string;
  uid: number;
  apiKey: string;
  apiSecret: string;
  marginMode: MarginMode;
  modeUpdatedTime: number;
  coins: Record<string, CoinBalance>;
  hedgeCoins: string[];
  hedgeSymbols: [string, boolean][];
  positions: Position[];
  open: Order[];
  ended: Order[];
  linkIds: [string, string][];
  executions: Execution[];
  closedPnl: ClosedPnl[];
  log: LogRow[];
}

/** last, mark, index, 24 h open, high and low, anchor (all ticks), state of the walk */
type SavedQuote = [number, number, number, number, number, number, number, number];

interface Saved {
  version: number;
  seq: number;
  random: number;
  quotes: Record<string, SavedQuote>;
  accounts: SavedAccount[];
}

function saved(venue: Venue): Saved {
  const quotes: Record<string, SavedQuote> = {};
  for (const [symbol, quote] of venue.market.quotes) {
    const { last, mark, index, open24, high24, low24, anchor, random } = quote;
    quotes[symbol] = [last, mark, index, open24, high24, low24, anchor, random.state];
  }
  return {
    version,
    seq: venue.seq,
    random: venue.random.state,
    quotes,
    accounts: venue.accounts.map((account) => ({
      role: account.name,
      uid: account.uid,
      apiKey: account.apiKey,
      apiSecret: account.apiSecret,
      marginMode: account.marginMode,
      modeUpdatedTime: account.modeUpdatedTime,
      coins: account.coins,
      hedgeCoins: [...account.hedgeCoins],
      hedgeSymbols: [...account.hedgeSymbols],
      positions: [...account.positions.values()],
      open: [...account.open.values()],
      ended: account.ended.slice(-keptRows),
      linkIds: [...account.linkIds],
      executions: account.executions.slice(-keptRows),
      closedPnl: account.closedPnl.slice(-keptRows),
      log: account.log.slice(-keptRows),
    })),
  };
}

function restore(venue: Venue, state: Saved): void {
  venue.seq = state.seq;
  venue.random.state = state.random;
  for (const [symbol, row] of Object.entries(state.quotes)) {
    const quote = venue.market.quote(symbol);
    if (quote === undefined) continue;
    const [last, mark, index, open24, high24, low24, anchor, random] = row;
    Object.assign(quote, { last, mark, index, open24, high24, low24, anchor });
    quote.random.state = random;
  }
  for (const row of state.accounts) {
    const account = venue.accounts.find((one) => one.name === row.role);
    if (account !== undefined) restoreAccount(account, row);
  }
}

/** A restart of the venue: `/v5/order/realtime` forgets what had ended. */
function restoreAccount(account: Account, row: SavedAccount): void {
  const {
    role: _name,
    hedgeCoins,
    hedgeSymbols,
    positions,
    open: openOrders,
    ended,
    linkIds,
    ...plain
  } = row;
  Object.assign(account, plain);
  account.hedgeCoins = new Set(hedgeCoins);
  account.hedgeSymbols = new Map(hedgeSymbols);
  account.positions = new Map(positions.map((one) => [`${one.symbol}|${one.idx}`, one]));
  for (const order of openOrders) book(account, order);
  account.ended = ended;
  account.endedById = new Map(ended.map((order) => [order.orderId, order]));
  account.forgotten = ended.length;
  account.linkIds = new Map(linkIds);
}

/** Keeps a world in one JSON file, replaced whole each time, so that a kill never leaves half of it. */
export class StateFile {
  private readonly path: string;
  private dirty = false;
  private writing: Promise<void> | null = null;
  private nextAt = 0;
  /** ms the last save kept the program from anything else. */
  private cost = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Fills the world from the file; false when there is none that can be used. */
  load(world: World, log: Log | undefined): boolean {
    if (!existsSync(this.path)) return false;
    try {
      const state = JSON.parse(readFileSync(this.path, 'utf8')) as Saved;
      if (state.version !== version) throw new Error(`version ${state.version} is not known`);
      restore(world.venue, state);
      world.begin();
      return true;
    } catch (thrown) {
      renameSync(this.path, `${this.path}.damaged`);
      log?.warn(
        `The practice exchange's state could not be read, so it starts over; the file is kept as ${basename(this.path)}.damaged.`,
        { thrown },
      );
      return false;
    }
  }

  touch(): void {
    this.dirty = true;
  }

  /** Saves when something changed and the last save is a moment ago. */
  tick(world: World, now: number): void {
    if (!this.dirty || this.writing !== null || now < this.nextAt) return;
    this.writing = this.write(world).finally(() => {
      this.writing = null;
      this.nextAt = now + Math.max(pauseMs, this.cost * pausePerCost);
    });
    this.writing.catch(() => {
      this.dirty = true;
    });
  }

  /** Saves what there is, now. */
  async close(world: World): Promise<void> {
    await this.writing?.catch(() => undefined);
    await this.write(world);
  }

  private async write(world: World): Promise<void> {
    this.dirty = false;
    const begun = performance.now();
    const text = JSON.stringify(saved(world.venue));
    this.cost = performance.now() - begun;
    const draft = `${this.path}.new`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.path);
  }
}
