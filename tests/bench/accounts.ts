import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import { createLimiters } from '../../src-main/exchange/limiter/limiter.ts';
import type { PracticePlace } from '../support/desk-rig.ts';
import { practiceProcess } from '../support/practice-process.ts';
import { atMost, type Run } from '../support/report.ts';
import { serveDesk } from '../support/served-desk.ts';

const ACCOUNTS = 20;
const POSITIONS = 30;
/** The venue takes this many requests of one address in the window, ms. */
const HOST_LIMIT = 600;
const WINDOW = 5_000;
const LATENCY_MS = 40;
const LONGEST_MS = 60_000;
/** Protect writes while all accounts start, one every so often, ms. */
const PROTECT = { every: 50, during: 6_000 };

interface Request {
  at: number;
  path: string;
  body: string;
}

/**
 * Twenty accounts of thirty positions that start at once on an exchange 40 ms away. The built desk:
 * until all positions are in what the screens are sent, its memory, and how full it made the address's
 * limit at the fullest. Twenty gateways on one limiter: how long a protect write, sent while they start,
 * takes to reach the exchange, less the way there.
 */
export const run: Run = async ({ progress }) => {
  const desk = await startDesk();
  progress(
    `all positions after ${desk.startMs.toFixed(0)} ms, ${desk.requests.length} requests, ${desk.rssMB.toFixed(0)} MB`,
  );
  const gateways = await startGateways();
  progress(
    `${gateways.waits.length} protect writes, the slowest left after ${gateways.longest} ms`,
  );
  const figures = {
    peakShareOfLimit: Math.max(peakOf(desk.requests), peakOf(gateways.requests)) / HOST_LIMIT,
    protectWaitMs: gateways.longest,
    startMs: desk.startMs,
    rssMB: desk.rssMB,
    protectWrites: gateways.waits.length,
  };
  const aims = [
    atMost(figures, 'peakShareOfLimit', 0.8),
    atMost(figures, 'protectWaitMs', 50),
    atMost(figures, 'startMs', 10_000),
  ];
  return { name: 'accounts', figures, aims };
};

const exchange = () =>
  practiceProcess({ scenario: 'desk', latencyMs: LATENCY_MS, speed: 1, accounts: ACCOUNTS });

const linesOf = (place: PracticePlace) =>
  place.accounts.map(({ apiKey, apiSecret }, index) => ({
    account: `a${index + 1}`,
    restUrl: place.rest,
    wsPrivateUrl: place.wsPrivate,
    wsPublicUrl: place.wsPublic,
    apiKey,
    apiSecret,
  }));

async function requestsOf(place: PracticePlace): Promise<Request[]> {
  const response = await fetch(`${place.rest}/practice/requests`);
  const { requests } = (await response.json()) as { requests: Request[] };
  return requests.filter(({ path }) => path.startsWith('/v5/'));
}

/** The most requests in any window. */
function peakOf(requests: readonly Request[]): number {
  const times = requests.map(({ at }) => at).sort((a, b) => a - b);
  let from = 0;
  let peak = 0;
  for (const [index, at] of times.entries()) {
    while ((times[from] ?? at) <= at - WINDOW) from += 1;
    peak = Math.max(peak, index - from + 1);
  }
  return peak;
}

async function startDesk(): Promise<{ startMs: number; rssMB: number; requests: Request[] }> {
  const place = await exchange();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast accounts '));
  try {
    const accounts = linesOf(place).map(({ account, ...line }, index) => ({
      id: account,
      role: index === 0 ? 'main' : 'mirror',
      mode: 'watch',
      ...line,
    }));
    const file = join(folder, 'accounts.json');
    writeFileSync(file, JSON.stringify({ accounts }), { mode: 0o600 });
    const began = performance.now();
    const desk = await serveDesk([
      '--data',
      join(folder, 'data'),
      '--port',
      '0',
      '--accounts',
      file,
    ]);
    let rows = 0;
    while (rows < ACCOUNTS * POSITIONS && performance.now() - began < LONGEST_MS) {
      await sleep(50);
      rows = (await desk.slice('positions')).rows.length;
    }
    const startMs = rows < ACCOUNTS * POSITIONS ? Number.NaN : performance.now() - began;
    await sleep(WINDOW);
    const { memoryMB } = await desk.slice('health');
    const requests = await requestsOf(place);
    await desk.end('SIGTERM');
    return { startMs, rssMB: memoryMB, requests };
  } finally {
    place.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startGateways(): Promise<{ waits: number[]; longest: number; requests: Request[] }> {
  const place = await exchange();
  const limiters = createLimiters(systemClock);
  const gateways = linesOf(place).map((line) =>
    createGateway({ line, clock: systemClock, log: silentLog, listener: () => {}, limiters }),
  );
  for (const gateway of gateways) gateway.start();
  const asked = new Map<string, number>();
  const answers: Promise<unknown>[] = [];
  for (
    let from = performance.now(), turn = 0;
    performance.now() - from < PROTECT.during;
    turn += 1
  ) {
    await sleep(PROTECT.every);
    // Only an account whose clock is measured acts at all.
    const gateway = gateways[turn % gateways.length];
    if (!gateway?.status().clockTrusted) continue;
    const orderId = `protect-${turn}`;
    asked.set(orderId, Date.now());
    answers.push(gateway.cancel({ symbol: 'BTCUSDT', orderId }, 'protect'));
  }
  await Promise.all(answers);
  const requests = await requestsOf(place);
  for (const gateway of gateways) await gateway.stop();
  place.stop();
  const waits = [...asked].map(([orderId, at]) => {
    const arrived = requests.find(({ body }) => body.includes(`"${orderId}"`));
    return arrived === undefined ? Number.NaN : Math.max(0, arrived.at - at);
  });
  return { waits, longest: waits.length === 0 ? Number.NaN : Math.max(...waits), requests };
}
