import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { RestClientV5 } from 'bybit-api';
import { sign } from '../bybit/sign.ts';

/** How long the venue takes a stamp after it was made (ms); wide, because the offset is measured. */
export const RECEIVE_WINDOW = 10_000;

/**
 * Bybit-api's REST client, used for its endpoints, parameters, headers and signing. Three things it has
 * are done here instead: it measures the venue's clock by one sample and takes 0 when that fails, so it
 * is told the offset measured here (through the hook by which it asks for the time before it signs); it
 * waits 5 minutes for an answer; and axios under it would follow HTTP_PROXY even to loopback.
 */
export class VenueClient extends RestClientV5 {
  readonly #venueNow: () => number;
  readonly #agents: readonly [HttpAgent, HttpsAgent];

  constructor(options: {
    restUrl: string;
    credentials: { key: string; secret: string } | null;
    /** ms. */
    answerWithin: number;
    /** The venue's time as far as it is known, ms. */
    venueNow: () => number;
  }) {
    const agents = [
      new HttpAgent({ keepAlive: true }),
      new HttpsAgent({ keepAlive: true }),
    ] as const;
    super(
      {
        ...options.credentials,
        baseUrl: options.restUrl,
        recv_window: RECEIVE_WINDOW,
        parseAPIRateLimits: true,
        customSignMessageFn: sign,
        syncTimeBeforePrivateRequests: true,
      },
      {
        timeout: options.answerWithin,
        proxy: false,
        httpAgent: agents[0],
        httpsAgent: agents[1],
        maxRedirects: 0,
      },
    );
    this.#venueNow = options.venueNow;
    this.#agents = agents;
  }

  /** What bybit-api stamps a private request with: the venue's time, in seconds. */
  override async fetchServerTime(): Promise<number> {
    return this.#venueNow() / 1_000;
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }
}
