import { systemClock } from '../../src-main/domain/clock.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import type { Gateway, GatewayEvent, Line } from '../../src-main/exchange/gateway.ts';

export interface WatchedGateway {
  gateway: Gateway;
  events: GatewayEvent[];
  /** Everything that was logged, as text. */
  logged: string[];
  /** Resolves with the first event, past or to come, that fits. */
  event<Kind extends GatewayEvent['kind']>(
    kind: Kind,
    fits?: (event: Extract<GatewayEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<GatewayEvent, { kind: Kind }>>;
  ready(): Promise<void>;
}

/** A gateway on short waits whose events and log lines are kept. */
export function watchGateway(
  line: Line,
  options: Partial<Parameters<typeof createGateway>[0]> = {},
): WatchedGateway {
  const events: GatewayEvent[] = [];
  const logged: string[] = [];
  const waiting = new Set<() => void>();
  const write = (text: string, facts?: Record<string, unknown>): void =>
    void logged.push(`${text} ${JSON.stringify(facts)}`);
  const gateway = createGateway({
    line,
    clock: systemClock,
    log: { info: write, warn: write, error: write },
    listener(event) {
      events.push(event);
      for (const look of waiting) look();
    },
    ...options,
    timings: {
      streamStepWithin: 1_000,
      reconnectFirst: 10,
      reconnectCeiling: 100,
      refusedRetry: 100,
      retryFirst: 5,
      breakerRest: 50,
      ban: 200,
      lateLook: 50,
      mendFirst: 20,
      mendCeiling: 50,
      ...options.timings,
    },
  });
  const event: WatchedGateway['event'] = (kind, fits) =>
    new Promise((found) => {
      const look = (): void => {
        for (const candidate of events) {
          if (candidate.kind !== kind) continue;
          const typed = candidate as Extract<GatewayEvent, { kind: typeof kind }>;
          if (fits !== undefined && !fits(typed)) continue;
          waiting.delete(look);
          found(typed);
          return;
        }
      };
      waiting.add(look);
      look();
    });
  return {
    gateway,
    events,
    logged,
    event,
    ready: async () => void (await event('stream', ({ state }) => state === 'ready')),
  };
}
