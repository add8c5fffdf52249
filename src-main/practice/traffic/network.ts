import { hashOf, Random } from '../random.ts';

/** No message takes longer than this many times the usual. */
const slowest = 20;

/**
 * How long messages are under way: each draws its own from a seeded distribution with a long tail,
 * so that answers and frames overtake each other. Every channel draws from a row of its own, so that
 * what happens on one does not change the others.
 */
export class Network {
  private readonly seed: number;
  /** The usual time of a message, ms; 0 for none at all. */
  private readonly usual: number;
  private readonly channels = new Map<string, Random>();

  constructor(seed: number, usual: number) {
    this.seed = seed;
    this.usual = usual;
  }

  /** ms for the next message of a channel. */
  delay(channel: string): number {
    if (this.usual === 0) return 0;
    let random = this.channels.get(channel);
    if (random === undefined) {
      random = new Random(this.seed ^ hashOf(channel));
      this.channels.set(channel, random);
    }
    return Math.min(slowest, Math.exp(random.normal())) * this.usual;
  }
}
