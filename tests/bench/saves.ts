import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'better-sqlite3';
import { positionKey } from '../../src-main/domain/keys.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import { connect } from '../../src-main/persistence/file/database.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import type { SightingRecord } from '../../src-main/persistence/records.ts';
import type { Store } from '../../src-main/persistence/store.ts';
import { sampleMonitor } from '../persistence/samples.ts';
import { manualClock } from '../support/manual-clock.ts';
import { atMost, type Run } from '../support/report.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('() => gc({ type: "minor" })');

const HOUR = { ticks: 1_800, everyMs: 2_000, monitors: 30 };
const CRITICAL = { rounds: 1_000, warmUp: 50, monitors: 1_000 };

interface Subject {
  store: Store;
  clock: ReturnType<typeof manualClock>;
  folder: string;
}

/** What saving costs: transactions in an hour of ticks, and a durable save with much waiting. */
export const run: Run = async ({ progress }) => {
  progress(`one hour of ${HOUR.monitors} monitors ticking every 2 s, simulated`);
  const busy = await withStore((subject) => hour(subject, true));
  const idle = await withStore((subject) => hour(subject, false));
  progress(
    'K8 a critical save with packed rows waiting, and with whole ones, beside a bare commit',
  );
  progress(`${CRITICAL.rounds} critical saves with ${CRITICAL.monitors} monitors dirty`);
  const durable = await withStore((subject) => critical(subject, 'sightings'));
  progress('the same with every monitor row rewritten whole');
  const whole = await withStore((subject) => critical(subject, 'rows'));
  const figures = {
    routinePerHour: busy.transactions,
    routinePerHourIdle: idle.transactions,
    criticalP99Ms: durable.p99,
    criticalP99Ratio: durable.p99 / durable.bareP99,
    criticalP50Ms: durable.p50,
    criticalP90Ms: durable.p90,
    bareP50Ms: durable.bareP50,
    bareP99Ms: durable.bareP99,
    wholeRowsP99Ms: whole.p99,
    wholeRowsP99Ratio: whole.p99 / whole.bareP99,
    longestPauseMs: Math.max(busy.longestPauseMs, durable.longestPauseMs),
  };
  return {
    name: 'saves',
    figures,
    aims: [
      atMost(figures, 'routinePerHour', 120),
      atMost(figures, 'routinePerHourIdle', 0),
      atMost(figures, 'criticalP99Ratio', 3),
      atMost(figures, 'wholeRowsP99Ratio', 12),
    ],
  };
};

async function withStore<T>(work: (subject: Subject) => T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-saves-'));
  const clock = manualClock();
  let ids = 0;
  const store = await openStore({
    dataDir: folder,
    clock: { ...clock, ticks: () => performance.now() },
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: 'bench',
    newId: () => `id-${ids++}`,
    beforeMigration: () => {},
    onTrouble: (trouble) => {
      throw new Error(trouble.text);
    },
  });
  try {
    store.load();
    return work({ store, clock, folder });
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const monitorsOf = (count: number): Monitor[] =>
  Array.from({ length: count }, (_, index) => sampleMonitor({ symbol: `COIN${index}USDT` }));

const seen = (monitors: readonly Monitor[], round: number, at: number): SightingRecord[] =>
  monitors.map((monitor) => ({
    position: positionKey(monitor),
    markPrice: `${60_000 + round}.5`,
    distance: 0.01 + round / 1e6,
    checkedAt: at,
  }));

function hour({ store, clock }: Subject, moving: boolean) {
  const monitors = monitorsOf(HOUR.monitors);
  store.save('monitor-created', { monitors, sightings: seen(monitors, 0, 0) });
  const before = store.statistics().transactions;
  for (let tick = 1; tick <= HOUR.ticks; tick++) {
    clock.advance(HOUR.everyMs);
    store.save('mark', { sightings: seen(monitors, moving ? tick : 0, moving ? clock.now() : 0) });
    store.save('checked', { monitors });
  }
  const { transactions, longestPauseMs } = store.statistics();
  return { transactions: transactions - before, longestPauseMs };
}

/**
 * Durable saves of one monitor while all the others have changed, taking turns with bare commits.
 * What the feeding left behind is collected first, so that neither pays for it.
 */
function critical({ store, clock, folder }: Subject, dirty: 'sightings' | 'rows') {
  const monitors = monitorsOf(CRITICAL.monitors);
  store.save('monitor-created', { monitors });
  new Database(join(folder, 'bare.db'))
    .exec('CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT)')
    .close();
  const bare = connect(join(folder, 'bare.db'));
  const insert = bare.prepare('INSERT INTO t (v) VALUES (?)');
  const value = JSON.stringify(monitors[0]);
  const times: number[] = [];
  const bareTimes: number[] = [];
  const rounds = dirty === 'rows' ? CRITICAL.rounds / 5 : CRITICAL.rounds;
  for (let round = 0; round < rounds + CRITICAL.warmUp; round++) {
    if (dirty === 'sightings')
      store.save('mark', { sightings: seen(monitors, round, clock.now()) });
    else {
      store.save('checked', {
        monitors: monitors.map((monitor) => ({ ...monitor, updatedAt: clock.now() })),
      });
    }
    const changed = [sampleMonitor({ symbol: 'COIN7USDT', updatedAt: clock.now() + round })];
    const saved = (): void => {
      const outcome = store.save('phase-change', { monitors: changed });
      if (outcome !== 'durable') throw new Error('a critical save was not durable');
    };
    collectGarbage();
    const turns: [() => unknown, number[]][] = [
      [() => insert.run(value), bareTimes],
      [saved, times],
    ];
    for (const [act, kept] of round % 2 === 0 ? turns : turns.toReversed()) {
      const took = timed(act);
      if (round >= CRITICAL.warmUp) kept.push(took);
    }
    clock.advance(2_000);
  }
  bare.close();
  return {
    p50: quantile(times, 0.5),
    p90: quantile(times, 0.9),
    bareP50: quantile(bareTimes, 0.5),
    p99: quantile(times, 0.99),
    bareP99: quantile(bareTimes, 0.99),
    longestPauseMs: store.statistics().longestPauseMs,
  };
}

function timed(act: () => unknown): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
