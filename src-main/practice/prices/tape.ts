import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../../domain/failure.ts';
import { isDecimal } from '../../domain/numbers.ts';
import { hashOf } from '../random.ts';
import type { Market, Quote } from './market.ts';

/** One bar of the tape. Prices are decimal text in the quote currency. */
export interface Bar {
  at: number;
  symbol: string;
  open: string;
  high: string;
  low: string;
  close: string;
}

const header = 'time_ms,symbol,open,high,low,close,volume';

/** Reads a tape line by line, gzip or plain, and checks every line. Throws BAD_TAPE. */
async function* barsOf(path: string): AsyncGenerator<Bar> {
  const name = basename(path);
  let line = 0;
  let before = 0;
  try {
    for await (const text of linesOf(path)) {
      line += 1;
      if (line === 1) {
        if (text.trim() !== header) throw badLine(name, line, `it should read "${header}"`);
      } else if (text.trim() !== '') {
        const bar = barOf(text, name, line);
        if (bar.at < before) throw badLine(name, line, 'its time is before the line above');
        before = bar.at;
        yield bar;
      }
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw unreadable(name, line + 1, thrown);
  }
  if (line === 0) throw badLine(name, 1, 'the file is empty');
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const plain = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  let failure: Error | null = null;
  plain.on('error', (error: Error) => {
    failure = error;
  });
  const lines = createInterface({ input: plain as NodeJS.ReadableStream, crlfDelay: Infinity });
  try {
    for await (const text of lines) yield text;
  } finally {
    lines.close();
    file.destroy();
  }
  if (failure !== null) throw failure;
}

function barOf(text: string, name: string, line: number): Bar {
  const fields = text.split(',');
  const [time = '', symbol = '', open = '', high = '', low = '', close = ''] = fields;
  if (fields.length !== 7) throw badLine(name, line, `it has ${fields.length} fields, not 7`);
  if (!/^\d{12,14}$/.test(time)) throw badLine(name, line, `"${time}" is not a time in ms`);
  for (const price of [open, high, low, close]) {
    if (!isDecimal(price) || !(Number(price) > 0)) {
      throw badLine(name, line, `"${price}" is not a price`);
    }
  }
  return { at: Number(time), symbol, open, high, low, close };
}

const badLine = (name: string, line: number, what: string): Failure =>
  new Failure('BAD_TAPE', `The tape ${name} cannot be used: line ${line} is wrong, ${what}.`);

function unreadable(name: string, line: number, thrown: unknown): Failure {
  const code = (thrown as { code?: string }).code;
  if (code === 'ENOENT') {
    return new Failure('BAD_TAPE', `The tape ${name} does not exist. Check the path.`);
  }
  if (code === 'EACCES' || code === 'EISDIR') {
    return new Failure(
      'BAD_TAPE',
      `The tape ${name} cannot be opened. Check the path and its permissions.`,
    );
  }
  return new Failure(
    'BAD_TAPE',
    `The tape ${name} cannot be used: it is damaged at line ${line}.`,
    { cause: thrown },
  );
}

/** A point a price passes through: tape time and price. */
interface Point {
  at: number;
  price: string;
}

interface Track {
  points: Point[];
}

const barMs = 60_000;
/** How far ahead of the market bars are read, tape ms. */
const ahead = 5 * barMs;

/**
 * Replays recorded bars. Inside a bar the price steps through open, low, high, close (a falling bar:
 * high first), a quarter of the bar each: only prices that are on the tape are ever shown.
 */
export class Tape {
  /** Where each symbol of the tape begins, in the tape's order. */
  readonly firstPrices: ReadonlyMap<string, string>;
  private readonly path: string;
  private readonly first: number;
  private bars: AsyncGenerator<Bar>;
  private readUntil = 0;
  private ended = false;
  private offset = 0;
  private tracks = new Map<string, Track>();

  private constructor(path: string, first: number, firstPrices: ReadonlyMap<string, string>) {
    this.path = path;
    this.first = first;
    this.firstPrices = firstPrices;
    this.bars = barsOf(path);
  }

  /** Reads the whole tape once to be sure of every line. Throws BAD_TAPE naming file and line. */
  static async open(path: string): Promise<Tape> {
    const firstPrices = new Map<string, string>();
    let first: number | null = null;
    for await (const bar of barsOf(path)) {
      first ??= bar.at;
      if (!firstPrices.has(bar.symbol)) firstPrices.set(bar.symbol, bar.open);
    }
    if (first === null) throw badLine(basename(path), 2, 'there is no bar');
    return new Tape(path, first, firstPrices);
  }

  get symbols(): string[] {
    return [...this.firstPrices.keys()];
  }

  /** Starts over, the first bar at market time `at` (to the minute). */
  async rewind(at: number): Promise<void> {
    await this.bars.return(undefined);
    this.bars = barsOf(this.path);
    this.readUntil = 0;
    this.ended = false;
    this.tracks = new Map();
    this.offset = at - this.first;
  }

  /** Takes the taped symbols from wherever they are to market time `to`. */
  async play(market: Market, to: number): Promise<void> {
    const until = to - this.offset;
    if (this.readUntil < until + barMs) await this.readTo(until + ahead);
    for (const [symbol, track] of this.tracks) {
      const quote = market.quote(symbol);
      if (quote === undefined) continue;
      if (track.points.length === 0) {
        if (this.ended) quote.taped = false;
        continue;
      }
      quote.taped = true;
      this.follow(market, quote, track, until, to);
    }
    ride(market, to);
  }

  private follow(market: Market, quote: Quote, track: Track, until: number, to: number): void {
    const { grid } = quote.contract;
    const held = quote.heldUntil > to;
    for (let next = track.points[0]; next !== undefined && next.at <= until; ) {
      const ticks = grid.ticks(next.price);
      if (!held && ticks !== quote.last) market.move(quote, ticks, to);
      quote.anchor = ticks;
      track.points.shift();
      next = track.points[0];
    }
  }

  private async readTo(until: number): Promise<void> {
    while (!this.ended && this.readUntil < until) {
      const bar = await this.nextBar();
      if (bar === null) return;
      this.readUntil = bar.at;
      const track = this.tracks.get(bar.symbol) ?? { points: [] };
      this.tracks.set(bar.symbol, track);
      track.points.push(...pointsOf(bar));
    }
  }

  private async nextBar(): Promise<Bar | null> {
    const next = await this.bars.next();
    if (next.done !== true) return next.value;
    this.ended = true;
    return null;
  }
}

function pointsOf(bar: Bar): Point[] {
  const falls = Number(bar.close) < Number(bar.open);
  const path = falls
    ? [bar.open, bar.high, bar.low, bar.close]
    : [bar.open, bar.low, bar.high, bar.close];
  const quarter = barMs / 4;
  return path.map((price, at) => ({ at: bar.at + at * quarter, price }));
}

/**
 * Puts a market on a tape: its symbols begin at the tape's first prices, and every other contract
 * rides along with one of them, so that a crash of the tape is a crash of the whole market.
 */
export function followTape(market: Market, firstPrices: ReadonlyMap<string, string>): void {
  const leaders: Quote[] = [];
  for (const [symbol, price] of firstPrices) {
    const quote = market.quote(symbol);
    if (quote === undefined) continue;
    market.begin(quote, Math.max(1, quote.contract.grid.ticks(price)));
    leaders.push(quote);
  }
  if (leaders.length === 0) return;
  for (const quote of market.quotes.values()) {
    const leader = leaders[hashOf(quote.contract.symbol) % leaders.length];
    if (leader === undefined || leaders.includes(quote)) continue;
    quote.rides = { leader, from: leader.last, own: quote.last };
  }
}

/** Moves what rides along by as much, in shares, as what leads it has moved. */
function ride(market: Market, at: number): void {
  for (const quote of market.quotes.values()) {
    if (quote.rides === null) continue;
    const { leader, from, own } = quote.rides;
    quote.taped = leader.taped;
    const ticks = Math.max(1, Math.round((own * leader.last) / from));
    quote.anchor = ticks;
    if (leader.taped && quote.heldUntil <= at && ticks !== quote.last)
      market.move(quote, ticks, at);
  }
}
