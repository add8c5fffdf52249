import { times } from '../../domain/numbers.ts';
import { plain } from '../engine/money/arithmetic.ts';
import type { Candle, Quote } from '../prices/market.ts';
import { hashOf, Random } from '../random.ts';

const minutes: Record<string, number> = {
  '1': 1,
  '3': 3,
  '5': 5,
  '15': 15,
  '30': 30,
  '60': 60,
  '120': 120,
  '240': 240,
  '360': 360,
  '720': 720,
  D: 1440,
  W: 10_080,
  M: 43_200,
};

/** Length of a candle interval in ms; `undefined` for an interval the venue does not know. */
export const intervalMs = (interval: string): number | undefined => {
  const length = minutes[interval];
  return length === undefined ? undefined : length * 60_000;
};

/**
 * The last candles up to `at`, newest first. Minutes that were seen are real; older ones are a
 * walk back from the oldest known price, the same on every call.
 */
export function candlesOf(quote: Quote, interval: string, at: number, count: number): Candle[] {
  const length = intervalMs(interval) ?? 60_000;
  const known = [...quote.candles, ...(quote.minute === null ? [] : [quote.minute])];
  const merged = new Map<number, Candle>();
  for (const candle of known) merge(merged, candle, candle.at - (candle.at % length));
  const rows: Candle[] = [];
  let start = at - (at % length);
  let ahead = quote.last;
  const random = new Random(hashOf(`${quote.contract.symbol}${interval}`));
  for (; rows.length < count; start -= length) {
    const candle = merged.get(start) ?? walkBack(start, ahead, length, random);
    rows.push(candle);
    ahead = candle.open;
  }
  return rows;
}

function merge(merged: Map<number, Candle>, candle: Candle, at: number): void {
  const row = merged.get(at);
  if (row === undefined) {
    merged.set(at, { ...candle, at });
    return;
  }
  row.high = Math.max(row.high, candle.high);
  row.low = Math.min(row.low, candle.low);
  row.close = candle.close;
  row.volume += candle.volume;
}

/** A candle that ends where the next one begins. */
function walkBack(at: number, close: number, length: number, random: Random): Candle {
  const width = 1.1e-4 * Math.sqrt(length / 1000);
  const open = Math.max(1, Math.round(close * Math.exp(random.normal() * width)));
  const spread = Math.abs(random.normal()) * width * 0.6;
  return {
    at,
    open,
    close,
    high: Math.max(open, close, Math.round(Math.max(open, close) * (1 + spread))),
    low: Math.max(1, Math.min(open, close, Math.round(Math.min(open, close) * (1 - spread)))),
    volume: random.between(20, 900),
  };
}

/** `[start, open, high, low, close, volume, turnover]`, strings. */
export function candleRow(quote: Quote, candle: Candle): string[] {
  const { grid } = quote.contract;
  const volume = String(candle.volume);
  return [
    String(candle.at),
    plain(grid.price(candle.open)),
    plain(grid.price(candle.high)),
    plain(grid.price(candle.low)),
    plain(grid.price(candle.close)),
    volume,
    plain(times(volume, grid.price(candle.close))),
  ];
}
