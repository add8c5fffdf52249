import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { practice } from '../support/desk-rig.ts';
import { type PracticeProcess, practiceProcess } from '../support/practice-process.ts';
import { atLeast, atMost, type Run } from '../support/report.ts';
import type { Said, Target } from './acting-child.ts';
import { seeded } from './backup-killing.ts';

const LATENCY_MS = 40;
/** First take-profits filled in each life. */
const FILLS = 2;
/** A kill falls up to so long after the fills, ms: hit, commit, sending, confirmation. */
const LONGEST_ACT_MS = 250;
/** Every fifth life ends while it starts, up to so long after its beginning, ms. */
const LONGEST_START_MS = 2_500;
/** What was under way is put right within this of the next start being ready, ms. */
const PROTECTED_WITHIN_MS = 2_000;
const ENDED_WITHIN_MS = 15_000;

interface Order {
  orderId: string;
  symbol: string;
  orderLinkId: string;
  stopOrderType: string;
  triggerPrice: string;
  orderStatus: string;
}
interface Truth {
  accounts: {
    account: string;
    positions: { symbol: string; size: string; stopLoss: string }[];
    orders: Order[];
  }[];
}
interface Request {
  path: string;
  body: string;
  account: string | null;
  retCode: number | null;
}

/**
 * An armed desk is killed while it moves stops to breakeven, puts missing ones back and closes an account, 40 ms from the exchange.
 * Each start takes up where the one before was killed. On the exchange's own word no wish was taken twice,
 * no position is without a stop two seconds after a start is ready, and in the end everything wanted is so;
 * on the disk no fill is missing.
 */
export const run: Run = async ({ kills, progress }) => {
  const figures = {
    kills: 0,
    acted: 0,
    twice: 0,
    unprotected: 0,
    latestMs: PROTECTED_WITHIN_MS,
    unfinished: 0,
    lostEvents: 0,
  };
  const random = seeded(20_251_121);
  while (figures.kills < kills) {
    const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-crash-acting-'));
    const exchange = await practiceProcess({ scenario: 'desk', latencyMs: LATENCY_MS, speed: 0 });
    try {
      await lives({ dataDir, exchange, random, figures, kills, progress });
    } finally {
      exchange.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
  return {
    name: 'acting',
    figures,
    aims: [
      atLeast(figures, 'acted', Math.floor(kills / 2)),
      atMost(figures, 'twice', 0),
      atMost(figures, 'unprotected', 0),
      atMost(figures, 'latestMs', PROTECTED_WITHIN_MS),
      atMost(figures, 'unfinished', 0),
      atMost(figures, 'lostEvents', 0),
    ],
  };
};

/** One desk on one exchange, killed again and again until no take-profit is left to fill. */
async function lives(of: {
  dataDir: string;
  exchange: PracticeProcess;
  random: () => number;
  figures: Record<
    'kills' | 'acted' | 'twice' | 'unprotected' | 'latestMs' | 'unfinished' | 'lostEvents',
    number
  >;
  kills: number;
  progress: (text: string) => void;
}): Promise<void> {
  const { dataDir, exchange, random, figures, progress } = of;
  /** What was filled, and where the stop was before. */
  const filled: { target: Target; stop: string }[] = [];
  for (;;) {
    const child = start(dataDir, exchange);
    const diesEarly = figures.kills % 5 === 4;
    if (diesEarly) {
      await sleep(random() * LONGEST_START_MS);
      await kill(child);
      figures.kills += 1;
      if (figures.kills >= of.kills) return;
      continue;
    }
    const targets = await said(child, 'ready');
    const from = performance.now();
    await sleep(PROTECTED_WITHIN_MS);
    for (let bare = await unprotected(exchange); bare.length > 0; ) {
      const late = Math.round(performance.now() - from);
      figures.latestMs = Math.max(figures.latestMs, late);
      if (late > ENDED_WITHIN_MS) {
        figures.unprotected += bare.length;
        progress(`after kill ${figures.kills}: no stop on ${bare.join(', ')}`);
        break;
      }
      await sleep(50);
      bare = await unprotected(exchange);
    }
    const late = await until(exchange, (truth) => filled.every((one) => isMoved(truth, one)));
    if (!late) {
      figures.unfinished += 1;
      const truth = await truthOf(exchange);
      const open = filled.filter((one) => !isMoved(truth, one)).map(({ target }) => target);
      progress(`after kill ${figures.kills}: not at breakeven: ${JSON.stringify(open)}`);
    }
    const { executions } = await ask(child);
    const known = new Set(executions);
    const lost = filled.filter(({ target }) => !known.has(target.orderId));
    figures.lostEvents += lost.length;
    const before = await truthOf(exchange);
    const next = targets.filter((target) => isResting(before, target)).slice(0, FILLS);
    const isLast = next.length < FILLS || figures.kills + 1 >= of.kills;
    if (isLast) child.send({ closeAll: 'mirror' });
    for (const target of isLast ? [] : next) {
      filled.push({ target, stop: stopOf(before, target) });
      void practice(exchange, 'fill', { account: target.account, orderId: target.orderId });
    }
    // Somebody takes a stop away: whoever starts next is to put it back.
    const bared = next.length < FILLS ? undefined : targets.at(-1);
    if (bared && !next.includes(bared)) {
      const { account, symbol } = bared;
      void practice(exchange, 'stop', { account, symbol, price: null });
    }
    await sleep(random() * LONGEST_ACT_MS);
    await kill(child);
    figures.kills += 1;
    figures.acted += 1;
    if (figures.kills % 10 === 0) progress(`${figures.kills} kills`);
    if (isLast) break;
  }
  const { requests } = await practice<{ requests: Request[] }>(exchange, 'requests');
  figures.twice += takenTwice(requests);
}

function start(dataDir: string, exchange: PracticeProcess): ChildProcess {
  const { rest, wsPublic, wsPrivate, accounts } = exchange;
  const place = JSON.stringify({ rest, wsPublic, wsPrivate, accounts });
  const file = join(import.meta.dirname, './acting-child.ts');
  return fork(file, [dataDir, place], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGKILL');
  });

type Words = { ready: Target[]; saved: { executions: string[]; pending: number } };

function said<K extends keyof Words>(child: ChildProcess, key: K): Promise<Words[K]> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`The acting program ended by itself with code ${code}.`));
    child.once('close', ended);
    const hear = (message: unknown): void => {
      const word = (message as Partial<Words> & Said)[key as keyof Said] as Words[K] | undefined;
      if (word === undefined) return;
      child.off('message', hear);
      child.off('close', ended);
      resolve(word);
    };
    child.on('message', hear);
  });
}

function ask(child: ChildProcess): Promise<Words['saved']> {
  const answer = said(child, 'saved');
  child.send({ saved: true });
  return answer;
}

const truthOf = (exchange: PracticeProcess): Promise<Truth> => practice<Truth>(exchange, 'truth');

async function until(
  exchange: PracticeProcess,
  holds: (truth: Truth) => boolean,
): Promise<boolean> {
  const end = performance.now() + ENDED_WITHIN_MS;
  for (;;) {
    if (holds(await truthOf(exchange))) return true;
    if (performance.now() > end) return false;
    await sleep(100);
  }
}

const stopsOf = (truth: Truth, { account, symbol }: Pick<Target, 'account' | 'symbol'>): Order[] =>
  (truth.accounts.find((one) => one.account === account)?.orders ?? []).filter(
    (order) =>
      order.symbol === symbol &&
      (order.stopOrderType === 'Stop' || order.stopOrderType.endsWith('StopLoss')),
  );

const stopOf = (truth: Truth, target: Target): string =>
  stopsOf(truth, target)
    .map(({ triggerPrice }) => triggerPrice)
    .join(' ');

const isResting = (truth: Truth, { orderId }: Target): boolean =>
  truth.accounts.some(({ orders }) => orders.some((order) => order.orderId === orderId));

const isOpen = (truth: Truth, { account, symbol }: Target): boolean =>
  truth.accounts.some(
    (one) => one.account === account && one.positions.some((row) => row.symbol === symbol),
  );

const isMoved = (truth: Truth, { target, stop }: { target: Target; stop: string }): boolean =>
  !isOpen(truth, target) || stopOf(truth, target) !== stop;

async function unprotected(exchange: PracticeProcess): Promise<string[]> {
  const truth = await truthOf(exchange);
  return truth.accounts.flatMap(({ account, positions }) =>
    positions
      .filter(({ symbol }) => stopsOf(truth, { account, symbol }).length === 0)
      .map(({ symbol }) => `${account}/${symbol}`),
  );
}

/** Orders of one link id that the exchange took beyond the first. */
function takenTwice(requests: readonly Request[]): number {
  const taken = requests.filter(
    ({ path, retCode }) => path === '/v5/order/create' && retCode === 0,
  );
  const ids = taken.map(({ body, account }) => {
    const { orderLinkId } = JSON.parse(body) as { orderLinkId: string };
    return `${account}/${orderLinkId}`;
  });
  return ids.length - new Set(ids).size;
}
