import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountConfig } from '../../src-main/desk/accounts/accounts-file.ts';
import { createDesk } from '../../src-main/desk/create-desk.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { CacheKindRow } from '../../src-preload/contract/cache.ts';
import type { SliceName, SliceValue } from '../../src-preload/contract/slices.ts';
import { practiceProcess } from '../support/practice-process.ts';
import { quickClock } from '../support/quick-clock.ts';
import { median, quantile } from '../support/report.ts';
import { trim } from './open-orders.ts';

/** Until what a start brings, first judgements and reads, is well over: seconds of its own time. */
const SETTLE_S = 62;
/** The machine's ms in which the streams must stand: else it does not bear the pace. */
const READY_WITHIN_MS = 30_000;
/** A run that has not made its cycles after so many times the time they should take is ended as it is. */
const GIVE_UP = 1.5;

export class TooQuick extends Error {
  constructor() {
    super('The streams do not stand: the machine does not bear this pace.');
  }
}

export interface Steady {
  /** Of a cycle, ms of the machine. */
  median: number;
  p99: number;
  max: number;
  /** Of the whole program in a second of its own time: frames, cycle, screen, saves and copies. */
  cpuMsPerCycle: number;
  cycles: number;
  callsPerCycle: number;
  /** Calls by what they asked for; `other` is the venue's clock and the key. */
  callsBy: Record<string, number>;
  hitRate: number;
}

/**
 * The desk as it ships, with persistence, books, copies and a screen that listens, in watch mode, on a
 * venue in a process of its own. Both live `factor` times as fast: the same work, less waiting between.
 * What a cycle took is the machine's time, so a factor the machine cannot bear only makes it look worse.
 */
export async function wholeDesk(options: {
  scenario: 'desk' | 'crowd';
  cycles: number;
  factor: number;
  latencyMs: number;
}): Promise<Steady> {
  const { scenario, factor } = options;
  const epoch = Date.now();
  const clock = quickClock(factor, epoch);
  const exchange = await practiceProcess({
    scenario,
    latencyMs: options.latencyMs,
    speed: 1,
    pace: { factor, epoch },
  });
  if (scenario === 'desk') await trim(exchange);
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast cycle '));
  const desk = await createDesk({
    dataDir,
    accounts: exchange.accounts.map(
      ({ role, apiKey, apiSecret }): AccountConfig => ({
        id: role,
        role: role === 'main' ? 'main' : 'mirror',
        mode: 'watch',
        venue: 'practice',
        restUrl: exchange.rest,
        wsPublicUrl: exchange.wsPublic,
        wsPrivateUrl: exchange.wsPrivate,
        apiKey,
        apiSecret,
      }),
    ),
    recover: false,
    clock,
    log: silentLog,
  });
  const slice = async <Name extends SliceName>(name: Name): Promise<SliceValue<Name>> => {
    const answer = await desk.call('state.get', { slice: name });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value as SliceValue<Name>;
  };
  try {
    let pushes = 0;
    desk.subscribe(() => (pushes += 1));
    const gaveUpAt = performance.now() + READY_WITHIN_MS;
    while ((await slice('accounts')).rows.some(({ streamState }) => streamState !== 'ready')) {
      if (performance.now() > gaveUpAt) throw new TooQuick();
      await sleep(50);
    }
    await sleep((SETTLE_S * 1_000) / factor);
    const before = (await slice('cache')).kinds;
    const worked = { saves: (await slice('saves')).transactions, pushes };
    const from = clock.now();
    const cpuBefore = process.cpuUsage();
    const made = async () => (await slice('cycles')).rows.filter((row) => row.startedAt >= from);
    while ((await made()).length < options.cycles) {
      if (clock.now() - from > GIVE_UP * options.cycles * 1_000) break;
      await sleep(1_000);
    }
    const cpu = process.cpuUsage(cpuBefore);
    const cycles = await made();
    // What is measured has to be at work: a desk that saves nothing and shows nothing is no desk (K4).
    if ((await slice('saves')).transactions === worked.saves) throw new Error('Nothing was saved.');
    if (pushes === worked.pushes) throw new Error('The screen was told nothing.');
    const durations = cycles.map((row) => row.durationMs / factor);
    const calls = cycles.reduce((total, row) => total + row.restCalls, 0);
    const after = (await slice('cache')).kinds;
    return {
      median: median(durations),
      p99: quantile(durations, 0.99),
      max: Math.max(...durations),
      cpuMsPerCycle: (cpu.user + cpu.system) / (clock.now() - from),
      cycles: cycles.length,
      callsPerCycle: calls / cycles.length,
      callsBy: callsBy(before, after, calls),
      hitRate: hitRateOf(before, after),
    };
  } finally {
    await desk.stop();
    exchange.stop();
    // A thread that was ended may still be closing its files.
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function callsBy(
  before: readonly CacheKindRow[],
  after: readonly CacheKindRow[],
  all: number,
): Record<string, number> {
  const by: Record<string, number> = {};
  let named = 0;
  for (const [sign, rows] of [
    [-1, before],
    [1, after],
  ] as const) {
    for (const { kind, restCalls } of rows) {
      by[kind] = (by[kind] ?? 0) + sign * restCalls;
      named += sign * restCalls;
    }
  }
  return { ...by, other: all - named };
}

/** A look at a position and its orders is one question, though the cache counts an answer of each. */
const hitsOf = (row: Pick<CacheKindRow, 'kind' | 'hits'>): number =>
  row.kind === 'orders' ? 0 : row.hits;

const questionsIn = (rows: readonly CacheKindRow[]): { hits: number; all: number } => {
  const hits = rows.reduce((total, row) => total + hitsOf(row), 0);
  return { hits, all: rows.reduce((total, row) => total + row.misses + row.coalesced, hits) };
};

/** Of the questions asked between two readings, the share that was answered from what is held. */
export function hitRateOf(before: readonly CacheKindRow[], after: readonly CacheKindRow[]): number {
  const [first, last] = [questionsIn(before), questionsIn(after)];
  return (last.hits - first.hits) / (last.all - first.all);
}
