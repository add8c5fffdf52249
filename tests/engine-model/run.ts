import type { Log } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { close } from '../../src-main/practice/control/hands.ts';
import { isOpen } from '../../src-main/practice/engine/state/venue.ts';
import type { Mode } from '../../src-preload/contract/words.ts';
import { openStage } from '../soak/stage.ts';
import { differences } from '../soak/watching.ts';
import { seeded } from '../support/wire-model.ts';
import { bookedOtherwise } from './books.ts';
import { isCovered, watchCover } from './cover.ts';
import { handsOf, SYMBOLS } from './hands.ts';
import { strays } from './strays.ts';
import { unfulfilled } from './targets.ts';
import { watchWrites } from './writes.ts';

export interface ModelOptions {
  steps: number;
  trace?: (line: string) => void;
}

const SECOND = 1_000;
/** A position may be without its stop for so long while its account can be acted on, ms. */
const BARE_MOST = 2 * SECOND;
/** After a fault, a restart or a change of mode the line and its back-offs take so long, ms. */
const RECOVERS = 15 * SECOND;
/** After all of it, everything that was on its way has come and every wait has ended, ms. */
const CALMS = 90 * SECOND;
/** What is told of a position rests on what the lists could lag by, ms. */
const TOLD_LATE = 15 * SECOND;
/** Errors that the faults themselves bring about, and what a desk that has ended still writes. */
const OF_THE_FAULTS = /time could not be measured|part of the vault|connection is not open/;

/**
 * One history of a whole armed desk at the practice exchange, by its seed: fills, hands, faults,
 * restarts, changes of mode. Answers what was wrong first, or `null`.
 */
export async function runHistory(seed: number, options: ModelOptions): Promise<string | null> {
  const random = seeded(seed);
  const wrong: string[] = [];
  let began = Number.NaN;
  const after = (at: number): string => ((at - began) / 1_000).toFixed(3);
  const trace = (line: string): void => options.trace?.(`${after(Date.now())} ${line}`);
  const say = (what: string): void => {
    trace(`WRONG ${what}`);
    wrong.push(`at ${after(Date.now())}: ${what}`);
  };
  const log: Log = {
    info() {},
    warn(text, { rule, account, symbol } = {}) {
      if (typeof rule !== 'string') return;
      trace(`ALERT ${rule}: ${text}`);
      const at = cover?.uncoveredAt(String(account), String(symbol)) ?? 0;
      if (rule === 'unprotected' && Date.now() - at > TOLD_LATE)
        say(`an alert that is not true: ${text}`);
    },
    error(text, facts) {
      if (!OF_THE_FAULTS.test(text)) say(`error: ${text} ${JSON.stringify(facts ?? {})}`);
    },
  };
  let cover: ReturnType<typeof watchCover> | null = null;
  const stage = await openStage({
    seed,
    accounts: 2,
    scenario: 'empty',
    log,
    onWarning() {},
    onFrame() {},
  });
  const { time, world } = stage;
  began = time.now();
  world.venue.time.setSpeed(0);
  const hands = handsOf(world, random);
  const covers = watchCover(world);
  cover = covers;
  const writes = watchWrites(world);
  const modes = new Map<string, Mode>(world.venue.accounts.map(({ name }) => [name, 'armed']));
  let disturbedUntil = 0;
  const disturbed = (ms = 0): void => {
    disturbedUntil = Math.max(disturbedUntil, time.now() + ms + RECOVERS);
  };
  const look = (): void => {
    const calm = time.now() >= disturbedUntil;
    const armed = [...modes].flatMap(([name, mode]) => (mode === 'armed' ? [name] : []));
    covers.look(new Set(calm ? armed : []));
    for (const sentence of writes.look(modes)) say(sentence);
  };
  const pass = (ms: number): Promise<void> => stage.pass(ms, look);

  async function restart(): Promise<void> {
    trace('the desk ends');
    const things = Math.floor(random() * 5);
    hands.unseen(true);
    await stage.restart(async () => {
      for (let at = 0; at < things; at += 1) {
        trace(`meanwhile: ${hands.any()}`);
        disturbed();
        await pass(Math.floor(random() * 3 * SECOND));
      }
    });
    hands.unseen(false);
    disturbed();
    trace('the desk starts');
  }

  async function setMode(account: string, mode: Mode): Promise<void> {
    const confirm = mode === 'armed' ? { confirm: account } : {};
    await stage.do('account.setMode', { account, mode, ...confirm });
    // What was sent while it was armed is still on its way.
    writes.allowed(account);
    modes.set(account, mode);
    disturbed();
    trace(`${account} is put on ${mode}`);
  }

  /** Approves what is proposed first, if anything is. */
  async function approve(): Promise<void> {
    const [first] = (await stage.slice('approvals')).rows;
    if (!first) return;
    writes.allowed(first.account);
    trace(`approved: ${first.what}`);
    const answer = await stage.do('approvals.approve', { id: first.id });
    trace(answer.text);
    writes.allowed(first.account);
  }

  async function step(): Promise<void> {
    const draw = random();
    if (draw < 0.8) trace(hands.any());
    else if (draw < 0.9) {
      const { told, forMs } = hands.fault();
      disturbed(forMs);
      trace(told);
    } else if (draw < 0.93) await restart();
    else if (draw < 0.97)
      await setMode(
        hands.pick(world.venue.accounts).name,
        hands.pick(['watch', 'propose', 'armed'] as const),
      );
    else await approve();
    await pass(Math.floor(random() * (random() < 0.15 ? 40 : 4) * SECOND));
    const { longest } = covers;
    if (longest && longest.ms > BARE_MOST)
      say(`${longest.key} was without a stop for ${longest.ms} ms from ${after(longest.from)}`);
  }

  /** Everything rests; then all that was wanted must be so, by the exchange's own truth. */
  async function calmDown(): Promise<void> {
    trace('all faults end');
    world.clearFaults();
    disturbed(CALMS);
    for (const { id, mode } of (await stage.slice('accounts')).rows)
      if (mode !== 'armed') await setMode(id, 'armed');
    await pass(CALMS);
    for (const sentence of await differences(stage)) say(sentence);
    for (const account of world.venue.accounts)
      for (const leg of account.positions.values())
        if (isOpen(leg) && !isCovered(account, leg) && !covers.isBeyond(account, leg))
          say(`${account.name} ${leg.symbol} has no stop at the end`);
    for (const sentence of strays(world)) say(sentence);
    for (const sentence of unfulfilled(world, hands.built)) say(sentence);
    for (const account of world.venue.accounts)
      for (const { symbol, side } of [...account.positions.values()].filter(isOpen))
        void close(world, { account: account.name, symbol, side });
    await pass(20 * SECOND);
  }

  try {
    await pass(3 * SECOND);
    for (const account of world.venue.accounts)
      for (const symbol of SYMBOLS.slice(0, 2)) trace(hands.open(account, symbol));
    await pass(5 * SECOND);
    for (let at = 0; at < options.steps && wrong.length === 0; at += 1) await step();
    if (wrong.length === 0) await calmDown();
  } catch (thrown) {
    say(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  }
  await stage.stop();
  if (wrong.length === 0)
    for (const sentence of bookedOtherwise(world, databasePath(stage.dataDir))) say(sentence);
  stage.clear();
  return wrong.length === 0 ? null : `seed ${seed}: ${wrong.join('\n  ')}`;
}
