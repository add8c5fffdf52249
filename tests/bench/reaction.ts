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

const LATENCY_MS = 40;
/** Take-profits filled at 400 positions; at 30 every position that has its whole ladder, in each round. */
const FILLS = 120;
const ROUNDS = 4;
/** The venue takes ten stop moves a second: the next fill waits until the last is done. */
const PAUSE_MS = 60;

/**
 * From the exchange writing the execution of a first take-profit to its socket until it receives the
 * resulting move of the stop, both on the exchange's own clock: armed accounts, real saving to SQLite
 * on the way, and 40 ms before the exchange answers anything. `commit` is the part that the one commit
 * before the sending took (hit and intents together, fsync included).
 */
export const run: Run = async ({ progress }) => {
  const few: Reaction[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`30 positions on each account, round ${round} of ${ROUNDS}`);
    few.push(...(await react('desk', Number.POSITIVE_INFINITY)));
  }
  progress(`400 positions on each account, ${FILLS} fills`);
  const many = await react('crowd', FILLS);
  const figures = {
    p50Ms30: median(few.map((one) => one.ms)),
    p99Ms30: quantile(
      few.map((one) => one.ms),
      0.99,
    ),
    p50Ms400: median(many.map((one) => one.ms)),
    p99Ms400: quantile(
      many.map((one) => one.ms),
      0.99,
    ),
    commitP50Ms: median([...few, ...many].map((one) => one.commitMs)),
    commitP99Ms: quantile(
      [...few, ...many].map((one) => one.commitMs),
      0.99,
    ),
    samples30: few.length,
    samples400: many.length,
  };
  return {
    name: 'reaction',
    figures,
    aims: [atMost(figures, 'p99Ms30', 15), atMost(figures, 'p99Ms400', 25)],
  };
};

interface Reaction {
  ms: number;
  commitMs: number;
}

interface Seen {
  requests: { at: number; path: string; body: string; account: string | null }[];
}

/** Fills one first take-profit after the other; answers how long each reaction took. */
async function react(scenario: string, most: number): Promise<Reaction[]> {
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
  const exchange = await practiceProcess({ scenario, latencyMs: LATENCY_MS, speed: 0 });
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
      .filter((monitor) => monitor.takeProfits.length === 4 && monitor.stop?.source === 'position')
      .slice(0, most);
    for (const monitor of chosen) {
      const orderId = monitor.takeProfits[0]?.orderId;
      await practice(exchange, 'fill', { account: monitor.account, orderId });
      const key = positionKey(monitor);
      await until(() => desk.loop.watch(key)?.monitor.breakevenMoved === true);
      await sleep(PAUSE_MS);
    }
    const executedAt = await exchange.executedAt();
    const { requests } = await practice<Seen>(exchange, 'requests');
    return chosen.map((monitor) => ({
      ms: receivedAt(requests, monitor) - executionOf(executedAt, monitor),
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

function receivedAt(requests: Seen['requests'], monitor: Monitor): number {
  const request = requests.find(
    ({ path, body, account }) =>
      path === '/v5/position/trading-stop' &&
      account === monitor.account &&
      (JSON.parse(body) as { symbol: string }).symbol === monitor.symbol,
  );
  if (!request) throw new Error(`The exchange has seen no stop move for ${monitor.symbol}.`);
  return request.at;
}
