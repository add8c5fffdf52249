/** The clock this exchange lives by: the machine's own, or one that a test moves. */
export interface Timers {
  /** ms since 1970 UTC. */
  now(): number;
  /** Calls back once after `ms`; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void;
}

export const machineTimers: Timers = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export type ClockKind = 'real' | 'stepped';

/**
 * Two times: `now` stamps what happens to accounts, `market` drives prices, candles and funding.
 * They part only when the market runs faster or is pushed ahead; signatures are always checked
 * against the real clock, so that a client needs no clock of its own for a replay.
 */
export class PracticeTime {
  readonly kind: ClockKind;
  speed: number;
  private stepped: number;
  private marketAt: number;
  private realAt: number;
  private readonly real: () => number;
  private back = 0;

  constructor(
    kind: ClockKind,
    options: { real: () => number; startAt: number; marketAt: number; speed: number },
  ) {
    this.kind = kind;
    this.real = options.real;
    this.speed = options.speed;
    this.stepped = options.startAt;
    this.marketAt = options.marketAt;
    this.realAt = this.now();
  }

  /** ms since 1970 UTC, for stamps. */
  now(): number {
    return (this.kind === 'stepped' ? this.stepped : this.real()) - this.back;
  }

  /** Market time in ms, as far as it has been taken. */
  market(): number {
    return this.marketAt;
  }

  /** Moves a stepped clock on; a real one is not ours to move. */
  step(ms: number): void {
    if (this.kind === 'stepped') this.stepped += ms;
  }

  /** ms of market time that have become due since it was last taken. */
  due(): number {
    return Math.max(0, (this.now() - this.realAt) * this.speed);
  }

  /** Stamps from now on lie so far in the past: for laying out what happened before the start. */
  lookBack(ms: number): void {
    this.back = ms;
  }

  /** Marks the due time as used up. */
  taken(): void {
    this.realAt = this.now();
  }

  advanceMarket(ms: number): void {
    this.marketAt += ms;
  }

  setSpeed(speed: number): void {
    this.speed = speed;
  }
}
