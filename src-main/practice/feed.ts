import type { Quote } from './market.ts';
import { candleRow, candlesOf, intervalMs } from './rows/candles.ts';
import { bookRow, tickerFields } from './rows/market.ts';
import type { Line } from './stream.ts';
import type { World } from './world.ts';

interface Ticker {
  version: number;
  fields: Record<string, string>;
  cs: number;
}

/** Public topics: only symbols somebody listens to, only what changed. */
export class PublicFeed {
  private readonly world: World;
  private readonly listeners = new Map<string, Set<Line>>();
  private readonly tickers = new Map<string, Ticker>();
  private readonly sent = new Map<string, number>();
  private ticks = 0;

  constructor(world: World) {
    this.world = world;
  }

  knows(topic: string): boolean {
    const { name, part, symbol } = parse(topic);
    if (this.world.venue.market.quote(symbol) === undefined) return false;
    if (name === 'tickers' || name === 'publicTrade') return true;
    if (name === 'kline') return intervalMs(part) !== undefined;
    return name === 'orderbook' && ['1', '50', '200', '1000'].includes(part);
  }

  /** The listener gets a snapshot first, then what changes. */
  join(line: Line, topics: string[]): void {
    for (const topic of topics) {
      const lines = this.listeners.get(topic) ?? new Set();
      lines.add(line);
      this.listeners.set(topic, lines);
      const { name, symbol } = parse(topic);
      if (name === 'tickers') {
        const ticker = this.tickerOf(symbol);
        push(line, this.tickerText(topic, 'snapshot', ticker.fields, ticker.cs));
      } else if (name !== 'publicTrade') {
        const text = this.snapshot(topic);
        if (text !== null) push(line, text);
      }
    }
  }

  leave(line: Line, topics?: string[]): void {
    for (const topic of topics ?? line.topics) {
      const lines = this.listeners.get(topic);
      lines?.delete(line);
      if (lines?.size === 0) {
        this.listeners.delete(topic);
        this.sent.delete(topic);
        const { name, symbol } = parse(topic);
        if (name === 'tickers') this.tickers.delete(symbol);
      }
    }
  }

  tick(): void {
    this.ticks += 1;
    for (const [topic, lines] of this.listeners) {
      const text = this.news(topic);
      if (text !== null) for (const line of lines) push(line, text);
    }
  }

  /** What to tell the listeners of a topic now; `null` when nothing changed. */
  private news(topic: string): string | null {
    const { name, symbol } = parse(topic);
    const quote = this.world.venue.market.quote(symbol);
    if (quote === undefined) return null;
    if (name === 'tickers') return this.tickerNews(topic, symbol, quote);
    if (name === 'kline' && this.ticks % 10 !== 0) return null;
    if (this.sent.get(topic) === quote.version) return null;
    return name === 'publicTrade' ? this.trade(topic, quote) : this.snapshot(topic);
  }

  private tickerNews(topic: string, symbol: string, quote: Quote): string | null {
    const before = this.tickers.get(symbol);
    if (before === undefined || before.version === quote.version) return null;
    const fields = tickerFields(this.world.venue, quote);
    const changed: Record<string, string> = { symbol };
    for (const [name, value] of Object.entries(fields)) {
      if (before.fields[name] !== value) changed[name] = value;
    }
    const ticker = { version: quote.version, fields, cs: before.cs + 1 + (quote.version % 900) };
    this.tickers.set(symbol, ticker);
    return this.tickerText(topic, 'delta', changed, ticker.cs);
  }

  private tickerOf(symbol: string): Ticker {
    const known = this.tickers.get(symbol);
    if (known !== undefined) return known;
    const { venue } = this.world;
    const quote = venue.market.quote(symbol);
    const ticker = {
      version: quote?.version ?? 0,
      fields: quote === undefined ? {} : tickerFields(venue, quote),
      cs: 340_051_000_000 + (quote?.version ?? 0) * 100,
    };
    this.tickers.set(symbol, ticker);
    return ticker;
  }

  private tickerText(topic: string, type: string, data: object, cs: number): string {
    return JSON.stringify({ topic, type, data, cs, ts: this.world.real() });
  }

  private snapshot(topic: string): string | null {
    const { name, part, symbol } = parse(topic);
    const { venue } = this.world;
    const quote = venue.market.quote(symbol);
    if (quote === undefined) return null;
    this.sent.set(topic, quote.version);
    const ts = this.world.real();
    if (name === 'orderbook') {
      const data = bookRow(venue, symbol, Math.min(50, Number(part)));
      return JSON.stringify({ topic, type: 'snapshot', ts, data, cts: ts });
    }
    const length = intervalMs(part) ?? 60_000;
    const candle = candlesOf(quote, part, venue.time.market(), 1)[0];
    if (candle === undefined) return null;
    const [, open, high, low, close, volume, turnover] = candleRow(quote, candle);
    const data = [
      {
        start: candle.at,
        end: candle.at + length - 1,
        interval: part,
        open,
        close,
        high,
        low,
        volume,
        turnover,
        confirm: false,
        timestamp: ts,
      },
    ];
    return JSON.stringify({ topic, data, ts, type: 'snapshot' });
  }

  private trade(topic: string, quote: Quote): string {
    this.sent.set(topic, quote.version);
    const ts = this.world.real();
    const { contract } = quote;
    const data = [
      {
        T: ts,
        s: contract.symbol,
        S: quote.version % 2 === 0 ? 'Buy' : 'Sell',
        v: contract.minQty,
        p: contract.grid.price(quote.last),
        L: quote.version % 2 === 0 ? 'PlusTick' : 'MinusTick',
        i: `${contract.symbol}-${quote.version}`,
        BT: false,
        RPI: false,
        seq: quote.version,
      },
    ];
    return JSON.stringify({ topic, type: 'snapshot', ts, data });
  }
}

function parse(topic: string): { name: string; part: string; symbol: string } {
  const parts = topic.split('.');
  return {
    name: parts[0] ?? '',
    part: parts.length > 2 ? (parts[1] ?? '') : '',
    symbol: parts.at(-1) ?? '',
  };
}

function push(line: Line, text: string): void {
  if (line.socket.readyState === line.socket.OPEN) line.socket.send(text);
}
