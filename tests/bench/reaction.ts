import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src-main/domain/clock.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { deskOn, practice, until } from '../support/desk-rig.ts';
import { practiceProcess } from '../support/practice-process.ts';
import { atMost, median, quantile, type Run } from '../support/report.ts';
import { leastWaits } from './stop-limit.ts';

const LATENCY_MS = 40;
/** Take-profits filled at 400 positions; at 30 every position that has its whole ladder, in each round. */
const FILLS = 120;
const ROUNDS = 4;
/** Take-profits filled within one second. The venue takes ten stop moves a second and account, which counts. */
const BURST_FILLS = 30;
/** The venue takes ten stop moves a second: the next fill waits until the last is done. */
const PAUSE_MS = 60;

/**
 * From the exchange writing the execution of a first take-profit to its socket until it receives the
 * resulting move of the stop, both on the exchange's own clock: armed accounts, real saving to SQLite
 * on the way, and 40 ms before the exchange answers anything. `commit` is the part that the one commit
 * before the sending took (hit and intents together, fsync included). `conditional` is the same for stops
 * that are orders of their own and are amended. `burst` is thirty fills within one second, while prices of
 * every symbol move: the venue takes ten stop moves a second of each account, so the last of a burst wait,
 * `burstVenue` at least, whoever sends them; `burstBeyondVenue` is what comes on top.
 */
export const run: Run = async ({ progress }) => {
  const figures: Record<string, number> = {};
  const tell = (seen: Record<string, number>): void => {
    Object.assign(figures, seen);
    const texts = Object.entries(seen).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    progress(`  ${texts.join(', ')}`);
  };
  const rounds = async (what: string, one: () => Promise<Reaction[]>): Promise<Reaction[]> => {
    const seen: Reaction[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      progress(`${what}, round ${round} of ${ROUNDS}`);
      seen.push(...(await one()));
    }
    return seen;
  };
  const few = await rounds('30 positions on each account', () =>
    react('desk', Number.POSITIVE_INFINITY),
  );
  tell({ p50Ms30: median(msOf(few)), p99Ms30: quantile(msOf(few), 0.99), samples30: few.length });
  progress(`400 positions on each account, ${FILLS} fills`);
  const many = await react('crowd', FILLS);
  const commits = [...few, ...many].map(({ commitMs }) => commitMs);
  tell({
    p50Ms400: median(msOf(many)),
    p99Ms400: quantile(msOf(many), 0.99),
    samples400: many.length,
    commitP50Ms: median(commits),
    commitP99Ms: quantile(commits, 0.99),
  });
  const conditional = await rounds('conditional stops', () =>
    react('desk', Number.POSITIVE_INFINITY, { stop: 'order' }),
  );
  tell({
    conditionalP50Ms: median(msOf(conditional)),
    conditionalMaxMs: Math.max(...msOf(conditional)),
    samplesConditional: conditional.length,
  });
  progress('K5 bursts with the prices of every symbol moving');
  const burst = await rounds(`${BURST_FILLS} fills in a second, prices moving`, () =>
    react('desk', BURST_FILLS, { burst: true }),
  );
  const [floors, own] = [burst.map(({ leastMs }) => leastMs), burst.map(ownMs)];
  tell({
    burstP50Ms: median(msOf(burst)),
    burstP99Ms: quantile(msOf(burst), 0.99),
    burstVenueP99Ms: quantile(floors, 0.99),
    burstBeyondVenueP50Ms: median(own),
    burstBeyondVenueP99Ms: quantile(own, 0.99),
    samplesBurst: burst.length,
  });
  return {
    name: 'reaction',
    figures,
    aims: [
      atMost(figures, 'p99Ms30', 10),
      atMost(figures, 'p99Ms400', 20),
      atMost(figures, 'conditionalMaxMs', 25),
      atMost(figures, 'burstP99Ms', 60),
    ],
  };
};

/** What was not the venue's limit. */
const ownMs = ({ ms, leastMs }: Reaction): number => ms - leastMs;

const msOf = (reactions: readonly Reaction[]): number[] => reactions.map(({ ms }) => ms);

interface Reaction {
  ms: number;
  commitMs: number;
  /** Of it, what the venue's limit of stop moves makes the last of many wait at least. */
  leastMs: number;
}

interface Seen {
  requests: { at: number; path: string; body: string; account: string | null }[];
}

/**
 * Fills one first take-profit after the other, or all within a second; answers how long each reaction
 * took. `stop`: what kind of stop the positions have.
 */
async function react(
  scenario: string,
  most: number,
  { stop = 'position', burst = false }: { stop?: 'position' | 'order'; burst?: boolean } = {},
): Promise<Reaction[]> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast reaction '));
  let ids = 0;
  const store = await openStore({
    dataDir: folder,
    clock: systemClock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: '0.0.0',
    newId: () => `id-${(ids += 1)}`,
    beforeMigration() {},
    onTrouble() {},
  });
  store.load();
  const exchange = await practiceProcess({
    scenario,
    latencyMs: LATENCY_MS,
    speed: burst ? 1 : 0,
  });
  const commits = new Map<string, number>();
  const desk = deskOn(exchange, {
    mode: 'armed',
    save(reason, change) {
      const from = performance.now();
      const outcome = store.save(reason, change);
      for (const { step, position } of change.intents ?? []) {
        if (step === 'sent' && position) commits.set(position, performance.now() - from);
      }
      return outcome;
    },
  });
  try {
    await desk.ready();
    const chosen = desk.loop
      .monitors()
      .filter(
        (monitor) => monitor.takeProfits.length === 4 && (burst || monitor.stop?.source === stop),
      )
      .slice(0, most);
    // What makes the bench's own calls is compiled with the first of them: not beside a reaction.
    await practice(exchange, 'requests');
    const isDone = (monitor: Monitor): boolean =>
      desk.loop.watch(positionKey(monitor))?.monitor.breakevenMoved === true;
    const fill = ({ account, takeProfits }: Monitor): Promise<unknown> =>
      practice(exchange, 'fill', { account, orderId: takeProfits[0]?.orderId });
    const prices = (): (string | null)[] =>
      chosen.map(({ symbol }) => desk.cache.ticker(symbol)?.ticker.markPrice ?? null);
    const pricesBefore = prices();
    const filling: Promise<unknown>[] = [];
    for (const monitor of chosen) {
      if (burst) {
        filling.push(fill(monitor));
        await sleep(1_000 / chosen.length);
        continue;
      }
      await fill(monitor);
      await until(() => isDone(monitor));
      await sleep(PAUSE_MS);
    }
    await Promise.all(filling);
    await until(() => chosen.every(isDone));
    // A market that stood still would have been no burst; a mark may rest for a beat or two.
    if (burst) await until(() => prices().every((price, n) => price !== pricesBefore[n]));
    const executedAt = await exchange.executedAt();
    const { requests } = await practice<Seen>(exchange, 'requests');
    const moves = chosen.map((monitor) => {
      const { at, path } = moveOf(requests, monitor);
      const filledAt = executionOf(executedAt, monitor);
      return { monitor, ms: at - filledAt, asked: { at: filledAt, lane: monitor.account + path } };
    });
    const least = leastWaits(moves.map(({ asked }) => asked));
    return moves.map(({ monitor, ms }, n) => ({
      ms,
      leastMs: least[n] ?? Number.NaN,
      commitMs: commits.get(positionKey(monitor)) ?? Number.NaN,
    }));
  } finally {
    await desk.stop();
    exchange.stop();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function executionOf(executedAt: Record<string, number>, monitor: Monitor): number {
  const at = executedAt[monitor.takeProfits[0]?.orderId ?? ''];
  if (at === undefined)
    throw new Error(`The exchange knows of no execution for ${monitor.symbol}.`);
  return at;
}

function moveOf(requests: Seen['requests'], monitor: Monitor): { at: number; path: string } {
  const request = requests.find(
    ({ path, body, account }) =>
      (path === '/v5/position/trading-stop' || path === '/v5/order/amend') &&
      account === monitor.account &&
      (JSON.parse(body) as { symbol: string }).symbol === monitor.symbol,
  );
  if (!request) throw new Error(`The exchange has seen no stop move for ${monitor.symbol}.`);
  return request;
}
