import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import type { Log } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { tables } from '../../src-main/persistence/rows/tables.ts';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { type Aim, atMost, type Report } from '../support/report.ts';
import { seeded } from '../support/wire-model.ts';
import { keepBooks } from './books.ts';
import { type Events, startEvents } from './events.ts';
import { openStage, type Stage } from './stage.ts';
import { differences, watchExposure } from './watching.ts';

export interface SoakOptions {
  hours: number;
  seed: number;
  accounts: number;
  tape?: string | undefined;
  progress: (text: string) => void;
  /** Once aborted, the hour under way is the last. */
  signal?: AbortSignal;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After the last fault all of this has come: late lists, back-offs, a second look at executions. */
const SETTLES_MS = 30_000;
/** How long the accounts' lines may take to be ready again after the last fault. */
const READY_WITHIN = 15 * MINUTE;
/** How long a position may lack a stop before that is said: 10 s, and a calm one's look in 60 s, ms. */
const TOLD_WITHIN = 2 * MINUTE;
/** How long a stop may take that is not there because of something else than the venue, ms. */
const PROTECTED_WITHIN = 2_000;

/**
 * Days of a busy desk in minutes: the whole desk, armed, on the practice exchange, with faults at
 * random. At the end of every hour, and now and then between, what it shows is held against what is.
 */
export async function soak(options: SoakOptions): Promise<Report> {
  const { hours, seed, accounts, tape, progress, signal } = options;
  const random = seeded(seed);
  const alerts = new Map<string, number>();
  const errors: string[] = [];
  const onFrames: ((frame: Frame) => void)[] = [];
  const onAlerts: ((facts: Record<string, unknown>) => void)[] = [];
  const stage = await openStage({
    seed,
    accounts,
    tape,
    log: logInto(errors, (rule, facts) => {
      alerts.set(rule, (alerts.get(rule) ?? 0) + 1);
      for (const listener of onAlerts) listener(facts);
    }),
    onWarning: progress,
    onFrame: (frame) => {
      for (const listener of onFrames) listener(frame);
    },
  });
  const { time, world, dataDir, notes } = stage;
  writeFileSync(notes, '{}');
  await stage.do('backups.protect', { path: notes });
  const exposure = watchExposure(stage);
  onFrames.push(exposure.happened);
  onAlerts.push(({ rule, account, symbol }) => {
    if (rule === 'unprotected') exposure.told(String(account), String(symbol));
  });
  const books = keepBooks(world);
  const events = startEvents({ time, world, random, taped: tape !== undefined, file: notes });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  const tell = (what: string, counts: Iterable<[string, number]>): void => {
    for (const [name, count] of [...counts].sort(([, a], [, b]) => b - a))
      progress(`${what}: ${name} ${count}`);
  };
  const found: string[] = [];
  let checks = 0;
  const look = (): void => exposure.look(!events.unreachable());
  const pass = (ms: number): Promise<void> => stage.pass(ms, look);
  const check = async (): Promise<void> => {
    checks += 1;
    for (const sentence of await settledDifferences(stage, events, pass)) {
      found.push(`${new Date(time.now()).toISOString()} ${sentence}`);
      progress(`DIFFERENCE ${found.at(-1)}`);
    }
  };

  const rssMB: number[] = [];
  const heapMB: number[] = [];
  const grown: { database: number; backups: number }[] = [];
  const startedAt = time.now();
  const callsBefore = world.requests.all().total;
  for (let hour = 1; hour < hours + 1; hour += 1) {
    const end = startedAt + Math.round(Math.min(hour, hours) * HOUR);
    await pass(Math.round(random() * (end - time.now()) * 0.8));
    await check();
    if (time.now() < end) await pass(end - time.now());
    await check();
    books.collect();
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    rssMB.push(rss / 1e6);
    heapMB.push(heapUsed / 1e6);
    grown.push(sizesOf(dataDir));
    progress(hourText({ hour, rssMB, heapMB, alerts, found, events, stage, startedAt }));
    if (signal?.aborted) break;
  }
  delay.disable();
  const calls = world.requests.all().total - callsBefore;
  const simulated = time.now() - startedAt;
  await stage.stop();
  const booked = books.compare(databasePath(dataDir));
  for (const sentence of booked.told.slice(0, 20)) progress(`BOOKS ${sentence}`);
  for (const error of new Set(errors)) progress(`ERROR ${error}`);
  for (const [kind, { ms, which }] of Object.entries(exposure.longest))
    progress(`longest without a stop, ${kind}: ${Math.round(ms / 1_000)} s, ${which}`);
  tell('alerts', alerts);
  tell('calls', Object.entries(world.requests.all().byPath));
  tell('happened', Object.entries(events.counts));
  tell('KB in the database', tableSizes(databasePath(dataDir)));
  stage.clear();

  const days = simulated / (24 * HOUR);
  const total = [...alerts.values()].reduce((sum, count) => sum + count, 0);
  const last = rssMB.at(-1) ?? Number.NaN;
  const afterDay1 = rssMB[23] ?? last;
  const figures = {
    days,
    checks,
    differences: found.length,
    unprotectedMsMax: exposure.longest.lost.ms,
    neverProtectedMsMax: exposure.longest.never.ms,
    partlyProtectedMsMax: exposure.longest.part.ms,
    untoldMsMax: exposure.longest.untold.ms,
    rssMBDay1: afterDay1,
    rssMBLast: last,
    rssGrowth: last / afterDay1 - 1,
    heapMBDay1: heapMB[23] ?? heapMB.at(-1) ?? Number.NaN,
    heapMBLast: heapMB.at(-1) ?? Number.NaN,
    callsPerMinute: calls / (simulated / MINUTE),
    alerts: total,
    alertsPerDay: total / days,
    alertsOfOneRule: Math.max(0, ...alerts.values()) / days,
    errors: errors.length,
    loopDelayMaxMs: delay.max / 1e6,
    pnlDifference: booked.difference,
    tradesCompared: booked.trades,
    tradesUnknown: booked.unknown,
    tradesAdopted: booked.adopted,
    databaseMBPerDay: perDay(grown.map(({ database }) => database)),
    backupsMBPerDay: perDay(grown.map(({ backups }) => backups)),
  };
  return { name: 'soak', figures, aims: aimsOf(figures, accounts) };
}

/** Calls a minute: each account's regular check reads five pages of orders here. */
function aimsOf(figures: Record<string, number>, accounts: number): Aim[] {
  return [
    atMost(figures, 'differences', 0),
    atMost(figures, 'unprotectedMsMax', PROTECTED_WITHIN),
    atMost(figures, 'untoldMsMax', TOLD_WITHIN),
    atMost(figures, 'rssGrowth', 0.1),
    atMost(figures, 'callsPerMinute', 10 * accounts),
    atMost(figures, 'errors', 0),
    atMost(figures, 'pnlDifference', 0),
    atMost(figures, 'tradesUnknown', 0),
  ];
}

/** What differs once the lines are ready and everything that was on its way has come. */
async function settledDifferences(
  stage: Stage,
  events: Events,
  pass: (ms: number) => Promise<void>,
): Promise<string[]> {
  const { time, world } = stage;
  // Prices and hands rest, so that nothing is on its way: the lines have to do without faults too.
  events.rest(true);
  await world.catchUp();
  world.venue.time.setSpeed(0);
  await pass(Math.max(0, events.faultsUntil - time.now()));
  world.clearFaults();
  const until = time.now() + READY_WITHIN;
  while (time.now() < until && !(await isReady(stage))) await pass(1_000);
  await pass(SETTLES_MS);
  const told = (await isReady(stage))
    ? await differences(stage)
    : ['a line was not ready again in time'];
  world.venue.time.taken();
  world.venue.time.setSpeed(1);
  events.rest(false);
  return told;
}

async function isReady(stage: Stage): Promise<boolean> {
  const { stream } = await stage.slice('health');
  return stream.every(({ state }) => state === 'ready');
}

/** Growth of sizes (bytes) noted each hour, MB a day. */
function perDay(sizes: number[]): number {
  const [first = 0] = sizes;
  const hours = sizes.length - 1;
  return hours < 1 ? Number.NaN : (((sizes.at(-1) ?? 0) - first) / 1e6 / hours) * 24;
}

function sizesOf(dataDir: string): { database: number; backups: number } {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const bytes = (which: (path: string) => boolean): number =>
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(which)
      .reduce((sum, path) => sum + statSync(path).size, 0);
  // The log beside it is folded into it and used again.
  return {
    database: bytes((path) => path === databasePath(dataDir)),
    backups: bytes((path) => path.includes('backups')),
  };
}

/** What the rows of each table hold, KB. */
function tableSizes(path: string): [string, number][] {
  const db = new Database(path, { readonly: true });
  try {
    return Object.values(tables).map(({ name }) => {
      const bytes = db.prepare(`SELECT sum(length(data)) FROM ${name}`).pluck().get() as number;
      return [name, Math.round(bytes / 1e3)];
    });
  } finally {
    db.close();
  }
}

/** Alerts are warnings with a rule. */
const logInto = (
  errors: string[],
  onAlert: (rule: string, facts: Record<string, unknown>) => void,
): Log => ({
  info() {},
  warn(_text, facts) {
    const rule = facts?.['rule'];
    if (typeof rule === 'string') onAlert(rule, { ...facts });
  },
  error(text, facts) {
    // A ban is the venue's doing, and wanted here.
    if (!text.includes('HTTP 403')) errors.push(`${text} ${JSON.stringify(facts ?? {})}`);
  },
});

function hourText(of: {
  hour: number;
  rssMB: number[];
  heapMB: number[];
  alerts: ReadonlyMap<string, number>;
  found: string[];
  events: Events;
  stage: Stage;
  startedAt: number;
}): string {
  const { hour, stage, startedAt } = of;
  const minutes = (stage.time.now() - startedAt) / MINUTE;
  const parts = [
    `hour ${hour}`,
    `rss ${of.rssMB.at(-1)?.toFixed(0)} MB`,
    `heap ${of.heapMB.at(-1)?.toFixed(0)} MB`,
    `${(stage.world.requests.all().total / minutes).toFixed(1)} calls a minute`,
    `${[...of.alerts.values()].reduce((sum, count) => sum + count, 0)} alerts`,
    `${of.found.length} differences`,
    `${Object.values(of.events.counts).reduce((sum, count) => sum + count, 0)} events`,
    `${process.uptime().toFixed(0)} s`,
  ];
  return parts.join(', ');
}
