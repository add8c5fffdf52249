import type { Quote } from '../prices/market.ts';
import { candleRow, candlesOf, intervalMs } from '../rows/candles.ts';
import { bookRow, tickerFields } from '../rows/market.ts';
import type { World } from '../world.ts';
import type { Line } from './connection.ts';
import type { Courier } from './courier.ts';

interface Ticker {
  version: number;
  fields: Record<string, string>;
  cs: number;
}

/** Public topics: only symbols somebody listens to, only what changed. */
export class PublicFeed {
  private readonly world: World;
  private readonly courier: Courier;
  private readonly listeners = new Map<string, Set<Line>>();
  private readonly tickers = new Map<string, Ticker>();
  private readonly sent = new Map<string, number>();
  /** Start of the candle last told, by topic. */
  private readonly candles = new Map<string, number>();
  private ticks = 0;

  constructor(world: World, courier: Courier) {
    this.world = world;
    this.courier = courier;
  }

  knows(topic: string): boolean {
    const { name, part, symbol } = parse(topic);
    if (this.world.venue.market.quote(symbol)?.contract.status !== 'Trading') return false;
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
      const quote = this.world.venue.market.quote(symbol);
      if (quote === undefined) continue;
      if (name === 'tickers') {
        const ticker = this.tickerOf(quote);
        this.courier.bring(
          line,
          topic,
          this.tickerText(topic, 'snapshot', ticker.fields, ticker.cs),
        );
      } else if (name !== 'publicTrade')
        this.courier.bring(line, topic, this.snapshot(topic, quote));
    }
  }

  leave(line: Line, topics?: string[]): void {
    for (const topic of topics ?? line.topics) {
      const lines = this.listeners.get(topic);
      lines?.delete(line);
      if (lines?.size === 0) {
        this.listeners.delete(topic);
        this.sent.delete(topic);
        this.candles.delete(topic);
        const { name, symbol } = parse(topic);
        if (name === 'tickers') this.tickers.delete(symbol);
      }
    }
  }

  tick(): void {
    this.ticks += 1;
    for (const [topic, lines] of this.listeners) {
      if (lines.size === 0) continue;
      const texts = this.news(topic);
      if (texts.length === 0) continue;
      if (this.world.faults.strike('dropTopic', this.world.real(), { topic }) !== null) continue;
      for (const text of texts) for (const line of lines) this.courier.bring(line, topic, text);
    }
  }

  /** What to tell the listeners of a topic now: nothing when nothing changed. */
  private news(topic: string): string[] {
    const { name, symbol } = parse(topic);
    const quote = this.world.venue.market.quote(symbol);
    if (quote === undefined) return [];
    if (name === 'tickers') return this.tickerNews(topic, symbol, quote);
    if (name === 'kline' && this.ticks % 10 !== 0) return [];
    if (this.sent.get(topic) === quote.version) return [];
    if (name === 'kline') return this.candleNews(topic, quote);
    return [name === 'publicTrade' ? this.trade(topic, quote) : this.snapshot(topic, quote)];
  }

  private tickerNews(topic: string, symbol: string, quote: Quote): string[] {
    const before = this.tickers.get(symbol);
    if (before === undefined || before.version === quote.version) return [];
    const fields = tickerFields(this.world.venue, quote);
    const changed: Record<string, string> = { symbol };
    for (const [name, value] of Object.entries(fields)) {
      if (before.fields[name] !== value) changed[name] = value;
    }
    const ticker = { version: quote.version, fields, cs: before.cs + 1 + (quote.version % 900) };
    this.tickers.set(symbol, ticker);
    return [this.tickerText(topic, 'delta', changed, ticker.cs)];
  }

  private tickerOf(quote: Quote): Ticker {
    const { symbol } = quote.contract;
    const known = this.tickers.get(symbol);
    if (known !== undefined) return known;
    const ticker = {
      version: quote.version,
      fields: tickerFields(this.world.venue, quote),
      cs: 340_051_000_000 + quote.version * 100,
    };
    this.tickers.set(symbol, ticker);
    return ticker;
  }

  private tickerText(topic: string, type: string, data: object, cs: number): string {
    return JSON.stringify({ topic, type, data, cs, ts: this.world.real() });
  }

  /** The book or the running candle as it stands. */
  private snapshot(topic: string, quote: Quote): string {
    const { name, part, symbol } = parse(topic);
    this.sent.set(topic, quote.version);
    if (name !== 'orderbook') return this.candle(topic, quote, 0);
    const ts = this.world.real();
    const data = bookRow(this.world.venue, symbol, Math.min(50, Number(part)));
    return JSON.stringify({ topic, type: 'snapshot', ts, data, cts: ts });
  }

  /** The running candle, preceded by the one before, confirmed, when that has just ended. */
  private candleNews(topic: string, quote: Quote): string[] {
    const { part } = parse(topic);
    const length = intervalMs(part) ?? 60_000;
    const now = this.world.venue.time.market();
    const before = this.candles.get(topic);
    this.candles.set(topic, now - (now % length));
    const ended = before !== undefined && before < now - (now % length);
    const running = this.snapshot(topic, quote);
    return ended ? [this.candle(topic, quote, 1), running] : [running];
  }

  /** `back` 0 is the running candle, 1 the one before it, which is closed. */
  private candle(topic: string, quote: Quote, back: number): string {
    const { part } = parse(topic);
    const ts = this.world.real();
    const length = intervalMs(part) ?? 60_000;
    const row = candlesOf(quote, part, this.world.venue.time.market(), back + 1)
      .slice(back)
      .map((candle) => {
        const [, open, high, low, close, volume, turnover] = candleRow(quote, candle);
        return {
          start: candle.at,
          end: candle.at + length - 1,
          interval: part,
          open,
          close,
          high,
          low,
          volume,
          turnover,
          confirm: back > 0,
          timestamp: ts,
        };
      });
    return JSON.stringify({ topic, data: row, ts, type: 'snapshot' });
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
