import { payFunding } from './engine/account/funding.ts';
import { liquidate } from './engine/account/liquidation.ts';
import { onMove } from './engine/orders/match.ts';
import { Past } from './engine/state/past.ts';
import { type Account, newAccount, type Role } from './engine/state/state.ts';
import type { Frame, Venue } from './engine/state/venue.ts';
import { readContracts } from './prices/contracts.ts';
import { Market, type Quote } from './prices/market.ts';
import { followTape, type Tape } from './prices/tape.ts';
import { hashOf, Random } from './random.ts';
import { streamSpelling } from './rows/spelling.ts';
import { symbolsFor } from './scenario/desk.ts';
import type { ScenarioName } from './scenario/names.ts';
import { type Scenario, scenarios } from './scenario/scenario.ts';
import { type ClockKind, PracticeTime, type Timers } from './time.ts';
import { type Fault, Faults } from './traffic/faults.ts';
import { Lag, type Lagging } from './traffic/lag.ts';
import { Limits } from './traffic/limits.ts';
import { Network } from './traffic/network.ts';
import { Requests } from './traffic/requests.ts';

export interface WorldOptions {
  seed: number;
  /** How many accounts: main and mirror in turns. */
  accounts: number;
  scenario: ScenarioName;
  clock: ClockKind;
  speed: number;
  /** Market time is taken in steps of so many ms. */
  beatMs: number;
  startAt: number;
  timers: Timers;
  latencyMs: number;
  jitterMs: number;
  lagMs: number;
  historyLagMs: number;
  tape: Tape | null;
  send: (frame: Frame) => void;
  changed: () => void;
  /** A private frame has reached a client. */
  told: (frame: Frame) => void;
  /** A fault that concerns the stream was armed. */
  onFault: (fault: Fault) => void;
}

/** Everything the practice exchange is at one moment, and how it moves on. */
export class World {
  venue: Venue;
  readonly faults = new Faults();
  readonly limits = new Limits();
  readonly requests = new Requests();
  readonly timers: Timers;
  readonly network: Network;
  private readonly lag: Lag;
  private readonly options: WorldOptions;
  private scenario: Scenario;
  private startedAt: number;
  private busy: Promise<void> = Promise.resolve();
  private whole = false;
  private checkedAt = 0;
  /** What the scenario still has in store; nothing when its state was brought back from a file. */
  private events: Scenario['events'] = [];

  constructor(options: WorldOptions) {
    this.options = options;
    this.timers = options.timers;
    this.network = new Network(options.seed, options.jitterMs);
    this.lag = new Lag(options.seed, options.lagMs);
    this.scenario = scenarios[options.scenario];
    this.startedAt = options.startAt;
    this.venue = this.fresh(options.startAt);
  }

  /** A new venue with nobody holding anything. */
  private fresh(startAt: number): Venue {
    const { options } = this;
    const contracts = readContracts();
    const random = new Random(options.seed);
    const time = new PracticeTime(options.clock, {
      real: options.timers.now,
      startAt,
      marketAt: startAt,
      speed: options.speed,
    });
    const market = new Market(contracts, options.seed, startAt, (quote, before) =>
      onMove(this.venue, quote, before, this.whole),
    );
    market.liveliness = this.scenario.liveliness;
    if (options.tape !== null) followTape(market, options.tape.firstPrices);
    return {
      contracts,
      market,
      time,
      random,
      accounts: accountNames(options.accounts).map(({ name, role }, at) =>
        newAccount({ name, role }, 104_000_000 + at, keysOf(name, options.seed), startAt),
      ),
      seq: 140_000_000_000,
      guards: new Map(),
      quiet: false,
      spelling: streamSpelling,
      past: new Past(),
      send: options.send,
      changed: options.changed,
    };
  }

  /** Fills an empty venue with what the scenario says. */
  populate(): void {
    this.venue.quiet = true;
    this.scenario.populate(this.venue, symbolsFor(this.venue, this.options.tape?.symbols ?? []));
    this.venue.time.lookBack(0);
    this.venue.quiet = false;
    this.begin();
    this.events = this.scenario.events;
  }

  /** From here on what accounts held is remembered, so that their lists can lag behind. */
  begin(): void {
    for (const account of this.venue.accounts) this.venue.past.begin(account);
  }

  /** The machine's clock, ms: stamps of requests are held against it. */
  real(): number {
    return this.timers.now();
  }

  /** Takes the market as far as the clock has gone. */
  async catchUp(): Promise<void> {
    await this.inTurn(async () => {
      const due = Math.floor(this.venue.time.due());
      if (due < 50) return;
      this.venue.time.taken();
      await this.advance(due, () => undefined);
    });
  }

  /** Pushes the market ahead; a stepped clock goes with it. */
  async push(ms: number): Promise<void> {
    await this.inTurn(async () => {
      const { time } = this.venue;
      await this.advance(ms, (step) => {
        time.step(step);
        time.taken();
      });
    });
  }

  /** Sets a price by hand and holds it still for `holdMs` of market time. */
  setPrice(
    quote: Quote,
    price: number,
    own: { mark?: number; index?: number },
    holdMs: number,
  ): void {
    const at = this.venue.time.market();
    quote.heldUntil = at + holdMs;
    quote.anchor = price;
    this.whole = true;
    try {
      this.venue.market.move(quote, price, at, own);
    } finally {
      this.whole = false;
    }
    liquidate(this.venue);
  }

  /** Takes the mark away from the index, of one symbol or of all, for so much market time. */
  divergeMark(symbol: string | null, share: number, forMs: number): void {
    const { market, time } = this.venue;
    const at = time.market();
    for (const quote of market.quotes.values()) {
      if (symbol !== null && quote.contract.symbol !== symbol) continue;
      if (quote.markShare === 1 && share === 1) continue;
      Object.assign(quote, { markShare: share, markShareUntil: at + forMs });
      market.move(quote, quote.last, at, { index: quote.index });
    }
    liquidate(this.venue);
  }

  clearFaults(): void {
    this.faults.clear();
    this.divergeMark(null, 1, 0);
  }

  onFault(fault: Fault): void {
    this.options.onFault(fault);
  }

  /** When nothing is under way any more. */
  async settled(): Promise<void> {
    await this.busy;
  }

  told(frame: Frame): void {
    this.options.told(frame);
  }

  /** An account as one of its lists shows it now. */
  shown(account: Account, list: Lagging, path: string): Account {
    const { name } = account;
    const struck = this.faults.strike('lag', this.real(), { path, account: name });
    const own = list === 'history' ? this.options.historyLagMs : 0;
    const now = this.venue.time.now();
    const at = this.lag.asOf(name, list, now, Math.max(own, struck?.ms ?? 0));
    return at < now ? this.venue.past.asOf(account, at) : account;
  }

  /** Waits while a request is on its way here: the standing latency, an armed one, and its own. */
  async arrival(where: { path: string; account?: string }): Promise<void> {
    const struck: Fault | null = this.faults.strike('latency', this.real(), where);
    const { latencyMs } = this.options;
    await this.wait(latencyMs + (struck?.ms ?? 0) + this.network.delay(`to ${where.path}`));
  }

  /** Waits while an answer is on its way back. */
  async departure(path: string): Promise<void> {
    await this.wait(this.network.delay(`from ${path}`));
  }

  private async wait(ms: number): Promise<void> {
    if (ms > 0) await new Promise<void>((resolve) => this.timers.after(ms, resolve));
  }

  /** One thing at a time: prices never move in the middle of another move. */
  private async inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.busy.then(work);
    this.busy = turn.catch(() => undefined);
    await turn;
  }

  /** In steps of a beat, or 300 steps when that would be more. */
  private async advance(ms: number, before: (step: number) => void): Promise<void> {
    const { venue } = this;
    const { tape } = this.options;
    const chunk = Math.max(this.options.beatMs, Math.ceil(ms / 300));
    for (let left = ms; left > 0; left -= chunk) {
      const step = Math.min(chunk, left);
      before(step);
      const from = venue.time.market();
      const to = from + step;
      venue.time.advanceMarket(step);
      if (tape !== null) await tape.play(venue.market, to);
      venue.market.walk(to);
      for (const event of this.events) {
        const at = this.startedAt + event.afterMs;
        if (at > from && at <= to) event.happen(venue, to);
      }
      payFunding(venue, from, to);
      if (to - this.checkedAt >= 1000) {
        this.checkedAt = to;
        liquidate(venue);
      }
    }
  }
}

/** Main and mirror in turns: main, mirror, main-2, mirror-2 ... */
const accountNames = (count: number): { name: string; role: Role }[] =>
  Array.from({ length: count }, (_, at) => {
    const role = at % 2 === 0 ? 'main' : 'mirror';
    return { name: at < 2 ? role : `${role}-${Math.floor(at / 2) + 1}`, role };
  });

/** Keys of a practice account: the same for the same seed, so that a saved desk still fits. */
function keysOf(name: string, seed: number): { apiKey: string; apiSecret: string } {
  const own = name === 'main' ? 0x51ed : name === 'mirror' ? 0xa73b : hashOf(name);
  const random = new Random(seed ^ own);
  return { apiKey: `practice-${name}-${random.hex(8)}`, apiSecret: random.hex(36) };
}
