import type { Decimal } from '../../domain/numbers.ts';
import { hashOf, Random } from '../random.ts';
import type { Contract } from './contracts.ts';
import { startPrice } from './start-prices.ts';

/** What one contract trades at. Prices in ticks. */
export interface Quote {
  contract: Contract;
  last: number;
  mark: number;
  index: number;
  /** How far (a share) the mark strays from where the index puts it just now. */
  markNoise: number;
  /** The mark stands at this share of its place until that market time: 1 on an ordinary day. */
  markShare: number;
  markShareUntil: number;
  /** Counts every change, so that readers can tell. */
  version: number;
  open24: number;
  high24: number;
  low24: number;
  open1: number;
  /** Base coin. */
  volume24: number;
  fundingRate: Decimal;
  /** Price the walk is drawn back to, ticks. */
  anchor: number;
  /** With a tape: what it follows, and where both were (ticks) when it began. */
  rides: { leader: Quote; from: number; own: number } | null;
  /** A tape sets the price; the walk leaves it alone. */
  taped: boolean;
  /** Held still after a price was set by hand, until this market time. */
  heldUntil: number;
  nextMoveAt: number;
  /** ms between moves. */
  pace: number;
  random: Random;
  minute: Candle | null;
  candles: Candle[];
}

/** One minute, prices in ticks. */
export interface Candle {
  at: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Prices of every contract: a seeded walk, unless a tape or a hand sets them. */
export class Market {
  readonly quotes = new Map<string, Quote>();
  /** Multiplies the walk's width; 1 is an ordinary day. */
  liveliness = 1;
  private readonly onMove: (quote: Quote, before: number) => void;

  constructor(
    contracts: Map<string, Contract>,
    seed: number,
    at: number,
    onMove: (quote: Quote, before: number) => void,
  ) {
    this.onMove = onMove;
    for (const contract of contracts.values())
      this.quotes.set(contract.symbol, newQuote(contract, seed, at));
  }

  quote(symbol: string): Quote | undefined {
    return this.quotes.get(symbol);
  }

  /** Where a contract stands before anything has happened. */
  begin(quote: Quote, last: number): void {
    const share = last / quote.last;
    for (const name of ['open24', 'high24', 'low24', 'open1'] as const)
      quote[name] = Math.max(1, Math.round(quote[name] * share));
    Object.assign(quote, { last, mark: last, index: indexOf(quote, last), anchor: last });
  }

  /** Lets every walk that is due by `at` (market time, ms) take its step. */
  walk(at: number): void {
    for (const quote of this.quotes.values()) {
      if (quote.nextMoveAt > at) continue;
      const seconds = (at - quote.nextMoveAt + quote.pace) / 1000;
      quote.nextMoveAt = at + Math.round(quote.pace * (0.5 + quote.random.next()));
      const still = quote.taped || quote.heldUntil > at || quote.contract.status === 'Closed';
      if (still) continue;
      const last = nextOf(quote, seconds, this.liveliness);
      quote.markNoise = 0.7 * quote.markNoise + 7e-5 * quote.random.normal();
      this.move(quote, last, at, { index: indexOf(quote, last) });
    }
  }

  /**
   * Sets the last price (ticks). Without an index or a mark of its own both go to where they belong:
   * a price set by hand, or one of a tape, is a price of all three.
   */
  move(quote: Quote, last: number, at: number, own?: { mark?: number; index?: number }): void {
    const before = quote.last;
    quote.last = Math.max(1, last);
    const strays = own?.index === undefined ? 0 : quote.markNoise;
    quote.index = own?.index ?? indexOf(quote, quote.last);
    const share = quote.markShareUntil > at ? quote.markShare : 1;
    const place = own?.index === undefined ? quote.last : quote.index / (1 - basisOf(quote));
    quote.mark = own?.mark ?? Math.max(1, Math.round(place * (1 + strays) * share));
    quote.high24 = Math.max(quote.high24, quote.last);
    quote.low24 = Math.min(quote.low24, quote.last);
    quote.version += 1;
    this.record(quote, at);
    this.onMove(quote, before);
  }

  private record(quote: Quote, at: number): void {
    const start = at - (at % 60_000);
    const traded = 1 + (quote.version % 7);
    const candle = quote.minute;
    if (candle?.at === start) {
      candle.high = Math.max(candle.high, quote.last);
      candle.low = Math.min(candle.low, quote.last);
      candle.close = quote.last;
      candle.volume += traded;
      return;
    }
    if (candle !== null) {
      quote.candles.push(candle);
      if (quote.candles.length > 240) quote.candles.splice(0, 60);
    }
    const open = candle?.close ?? quote.last;
    quote.minute = {
      at: start,
      open,
      high: Math.max(open, quote.last),
      low: Math.min(open, quote.last),
      close: quote.last,
      volume: traded,
    };
  }
}

function newQuote(contract: Contract, seed: number, at: number): Quote {
  const random = new Random(hashOf(contract.symbol) ^ Math.imul(seed, 0x9e3779b1));
  const last = contract.grid.ticks(startPrice(contract));
  const drift = 1 + random.normal() * 0.02;
  const open24 = Math.max(1, Math.round(last * drift));
  const pace = paceOf(contract.symbol, random);
  const index = Math.max(1, Math.round(last * (1 - basisFor(contract.symbol))));
  return {
    contract,
    last,
    mark: last,
    index,
    markNoise: 0,
    markShare: 1,
    markShareUntil: 0,
    version: 1,
    open24,
    high24: Math.max(last, open24, Math.round(last * 1.012)),
    low24: Math.min(last, open24, Math.round(last * 0.985)),
    open1: Math.max(1, Math.round(last * (1 + random.normal() * 0.002))),
    volume24: Math.round(
      (2e7 * (1 + random.next() * 5)) / Math.max(1e-9, Number(contract.grid.price(last))),
    ),
    fundingRate: fundingRateOf(random),
    anchor: last,
    rides: null,
    taped: false,
    heldUntil: 0,
    nextMoveAt: at + Math.round(pace * random.next()),
    pace,
    random,
    minute: null,
    candles: [],
  };
}

const lively = new Set(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT', 'BNBUSDT']);

const paceOf = (symbol: string, random: Random): number =>
  lively.has(symbol) ? 300 : random.between(1000, 4000);

/** Distance of the index below the mark, a fixed small share per contract. */
const basisFor = (symbol: string): number => ((hashOf(symbol) % 61) - 30) / 100_000;
const basisOf = (quote: Quote): number => basisFor(quote.contract.symbol);

/** Where the index stands at a last price. */
const indexOf = (quote: Quote, last: number): number =>
  Math.max(1, Math.round(last * (1 - basisOf(quote))));

/** Ordinary funding rates: mostly 0.01 %, some around it, a few negative. */
function fundingRateOf(random: Random): Decimal {
  if (random.next() < 0.5) return '0.0001';
  const millionths = random.between(-150, 250);
  const text = (Math.abs(millionths) / 1e6).toFixed(6).replace(/0+$/, '').replace(/\.$/, '');
  return millionths < 0 && text !== '0' ? `-${text}` : text;
}

/**
 * One step of the walk: about 60 % a year, drawn gently back to the anchor so that a long session
 * stays near real levels. Floats are fine here: the outcome is a whole number of ticks.
 */
function nextOf(quote: Quote, seconds: number, liveliness: number): number {
  const width = 1.1e-4 * liveliness * Math.sqrt(seconds);
  const pull = Math.min(0.5, seconds / 10_800) * Math.log(quote.anchor / quote.last);
  const moved = quote.last * Math.exp(quote.random.normal() * width + pull);
  return Math.max(1, Math.round(moved + (quote.random.next() - 0.5)));
}
