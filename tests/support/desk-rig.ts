import type { Alert } from '../../src-main/alerts/alerts.ts';
import type { Cache } from '../../src-main/cache/cache.ts';
import type { Place } from '../../src-main/cache/change.ts';
import { createCache } from '../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../src-main/cache/kinds.ts';
import type { AccountId, Mode } from '../../src-main/domain/account.ts';
import { systemClock } from '../../src-main/domain/clock.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import type { Playbook } from '../../src-main/domain/playbook.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import { createMarket } from '../../src-main/exchange/create-market.ts';
import type { Gateway } from '../../src-main/exchange/gateway.ts';
import type { Timings } from '../../src-main/exchange/timings.ts';
import { createLoop } from '../../src-main/monitor/loop/create-loop.ts';
import type { Cycle, Loop } from '../../src-main/monitor/loop/loop.ts';
import { createProposals, type Proposals } from '../../src-main/monitor/propose/proposals.ts';
import { defaultPlaybook } from '../../src-main/monitor/rules/playbook-goals.ts';
import type { IntentRecord, TimelineRecord } from '../../src-main/persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../src-main/persistence/store.ts';
import { untold } from './untold.ts';
import type { VirtualTime } from './virtual-time.ts';
import { seeded } from './wire-model.ts';

/** Where a practice exchange listens and how to sign for its accounts. */
export interface PracticePlace {
  rest: string;
  wsPublic: string;
  wsPrivate: string;
  accounts: { role: string; apiKey: string; apiSecret: string }[];
}

export interface DeskRig {
  cache: Cache;
  loop: Loop;
  gateways: ReadonlyMap<AccountId, Gateway>;
  cycles: Cycle[];
  alerts: Alert[];
  saves: { reason: SaveReason; change: Change; at: number }[];
  timeline(): TimelineRecord[];
  intents(): IntentRecord[];
  modes: Map<AccountId, Mode>;
  /** What accounts that propose would do. */
  proposals: Proposals;
  /** Resolves once both streams are ready and their snapshots are watched. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Gateways, cache and loop on a practice exchange, wired as the desk wires them; saves are kept. */
export function deskOn(
  place: PracticePlace,
  options: {
    mode?: Mode;
    monitors?: Monitor[];
    intents?: IntentRecord[];
    timings?: Partial<Timings>;
    /** The newest execution of each account that an earlier run has taken in. */
    lastExecution?: Record<AccountId, { executedAt: number }>;
    /** False: no stream is opened and the loop does not run by itself; everything is read when asked. */
    live?: boolean;
    /** The clock of all of it, and what is waited with; the machine's own unless given. */
    time?: Pick<VirtualTime, 'clock' | 'until'>;
    /** What the rules do; the usual unless said. */
    playbook?: Partial<Playbook>;
    /** Refuses to keep anything on the disk. */
    save?: (reason: SaveReason, change: Change) => SaveOutcome;
  } = {},
): DeskRig {
  const clock = options.time?.clock ?? systemClock;
  const comesTrue = options.time?.until ?? until;
  // On a clock of its own a run is to be the same each time.
  const random = options.time ? seeded(1) : Math.random;
  const saves: DeskRig['saves'] = [];
  const cycles: Cycle[] = [];
  const alerts: Alert[] = [];
  const modes = new Map(place.accounts.map(({ role }) => [role, options.mode ?? 'watch']));
  const lineOf = ({ role, apiKey, apiSecret }: PracticePlace['accounts'][number]) => ({
    account: role,
    restUrl: place.rest,
    wsPrivateUrl: place.wsPrivate,
    wsPublicUrl: place.wsPublic,
    apiKey,
    apiSecret,
  });
  const { timings = {} } = options;
  const gateways = new Map(
    place.accounts.map((account) => [
      account.role,
      createGateway({
        line: lineOf(account),
        clock,
        log: silentLog,
        timings,
        random,
        lastExecution: options.lastExecution?.[account.role] ?? null,
        listener: (event) => cache.take(account.role, event),
      }),
    ]),
  );
  const market = createMarket({
    line: { restUrl: place.rest, wsPublicUrl: place.wsPublic },
    clock,
    log: silentLog,
    timings,
    random,
    listener: (event) => cache.takeMarket(event),
  });
  const cache = createCache({
    accounts: [...gateways].map(([account, gateway]) => ({ account, gateway })),
    market,
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  const proposals = createProposals({
    clock,
    plan: (leg) => loop.plan(leg),
    dismissed: {},
    saveDismissed() {},
    tell() {},
    onChange() {},
  });
  const loop = createLoop({
    begin: untold,
    proposals,
    cache,
    gateways,
    clock,
    log: silentLog,
    monitors: options.monitors ?? [],
    intents: options.intents ?? [],
    save(reason, change) {
      saves.push({ reason, change, at: clock.now() });
      return options.save?.(reason, change) ?? 'durable';
    },
    modeOf: (account) => modes.get(account) ?? 'watch',
    playbookOf: () => ({ ...defaultPlaybook, ...options.playbook }),
    onCycle: (cycle) => cycles.push(cycle),
    onChange() {},
    onAlert: (alert) => alerts.push(alert),
  });
  if (options.live !== false) {
    market.start();
    for (const gateway of gateways.values()) gateway.start();
    cache.start();
    loop.start();
  }
  return {
    cache,
    loop,
    gateways,
    cycles,
    alerts,
    saves,
    modes,
    proposals,
    timeline: () => saves.flatMap((save) => save.change.timeline ?? []),
    intents: () => saves.flatMap((save) => save.change.intents ?? []),
    async ready() {
      await comesTrue(() =>
        place.accounts.every(({ role }) => cache.link(role).stream === 'ready'),
      );
      await comesTrue(() => {
        const watched = new Set(loop.monitors().map((one) => positionKey(one)));
        // What a closed position has left behind has no monitor.
        const isWatched = (at: Place): boolean =>
          cache.positionAt(at) !== null || cache.ordersAt(at).some((row) => !row.reduceOnly);
        return cache.places().every((at) => !isWatched(at) || watched.has(positionKey(at)));
      });
      await comesTrue(() => cache.places().every((at) => cache.instrument(at.symbol) !== null));
      await comesTrue(() => place.accounts.every(({ role }) => cache.held(role, 'feeRates').fresh));
    },
    async stop() {
      await loop.stop();
      cache.stop();
      for (const gateway of gateways.values()) await gateway.stop();
      await market.stop();
    },
  };
}

/** Waits until it holds; throws after 10 s. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never came true: ${holds.toString()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

/** One of the practice exchange's own calls. */
export async function practice<T = unknown>(
  place: PracticePlace,
  call: string,
  body?: object,
): Promise<T> {
  const response = await fetch(
    `${place.rest}/practice/${call}`,
    body && { method: 'POST', body: JSON.stringify(body) },
  );
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `${call} failed`);
  return answer;
}
