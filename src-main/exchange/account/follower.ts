import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Execution } from '../../domain/execution.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Wallet } from '../../domain/wallet.ts';
import type { Moment } from '../account-book.ts';
import type { Sorted } from '../bybit/sort-error.ts';
import type { GatewayEvent, StreamState } from '../gateway.ts';
import type { Walk } from '../rest/page-walk.ts';
import type { Reads } from '../rest/reads.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { createEcho, topicsOf } from '../stream/echo.ts';
import { PRIVATE_TOPICS, readFrame, type StreamMessage } from '../stream/read-frame.ts';
import type { Frame } from '../stream/socket.ts';
import { createStream } from '../stream/stream.ts';
import { backOff, type Timings } from '../timings.ts';
import type { Book } from './book.ts';
import {
  anyDoubt,
  type Doubts,
  joinDoubts,
  missingFrom,
  noDoubts,
  type SetAsideNow,
  settleDoubts,
} from './doubts.ts';
import { UNDER_WAY } from './lag.ts';
import type { Owner } from './owner.ts';
import { takeMessage, warnOfOverfills } from './take-message.ts';

/** Executions are read again from this long before the newest one known (ms). */
const OVERLAP = 60_000;
/** Messages that may wait for a snapshot; beyond it the connection is made anew. */
const MOST_BUFFERED = 50_000;
/** Failed snapshots on one connection before it is made anew. */
const SNAPSHOT_TRIES = 6;

export interface Follower {
  start(): void;
  stop(): void;
  /** Called when a write to `path` is sent; call what it returns when the write was accepted. */
  writing(path: string): () => void;
  /** The stream is not to be relied on: it is made anew and the account read with it. */
  resync(reason: string): void;
  /** The venue does not take this account’s key any more: it is stopped, and says why. */
  refused(reason: string): void;
  /** An answer read for another reason, told to the book as well. */
  settle(rows: readonly Position[], asked: Moment, asOf: number): void;
}

/**
 * Follows one account: connect, authenticate, subscribe, buffer, read the snapshot and the
 * executions since the last one less 60 s, replay the buffer, ready (P60). Whatever raises a doubt
 * is asked about; what cannot be answered starts the sequence again. It has more than 300 lines because
 * every step shares one turn, one buffer and one way out; apart they would have to be told of each other.
 */
export function createFollower(options: {
  account: AccountId;
  url: string;
  credentials: { key: string; secret: string };
  clock: Clock;
  log: Log;
  timings: Timings;
  random: () => number;
  rest: RestClient;
  reads: Reads;
  book: Book;
  owner: Owner;
  setAside: SetAsideNow;
  emit(event: GatewayEvent): void;
  state(state: StreamState, reason: string | null): void;
}): Follower {
  const { account, clock, log, timings, random, rest, reads, book, emit, state } = options;
  /** Counts connections and snapshots; work of an earlier one is dropped when it comes back. */
  let turn = 0;
  /** Messages held back while a snapshot is being read; `null` when they are handled at once. */
  let held: StreamMessage[] | null = null;
  let ready = false;
  let running = false;
  let completeUntil: number | null = null;
  /** Why the last connection ended: still the answer while the next one is being made. */
  let lost: string | null = null;
  /** Learned on the way to a snapshot, taken in and told with it; survives a try that fails. */
  const unsaid: { executions: Execution[]; ended: Order[] } = { executions: [], ended: [] };
  let retryOff = (): void => {};
  let lateOff = (): void => {};
  let lateWalletOff = (): void => {};

  const echo = createEcho(clock, timings.echoWithin, () =>
    stream.rebuild('The stream stayed silent after an order was accepted.'),
  );

  const stream = createStream({
    url: options.url,
    credentials: options.credentials,
    topics: () => PRIVATE_TOPICS,
    // The socket's stamps are made with Date.now().
    timeOffset: () => clock.now() + rest.clockOffset() - Date.now(),
    clock,
    timings,
    random,
    handlers: {
      async mayConnect() {
        const unsigned = await rest.trustClock();
        const barred = unsigned === null ? await options.owner.check() : null;
        if (unsigned === null && barred === null) return true;
        lost = unsigned?.trouble.sentence ?? barred?.why ?? null;
        if (running) state(barred?.refused ? 'refused' : 'down', lost);
        return false;
      },
      connecting: () => state('connecting', lost),
      authenticating: () => state('authenticating', lost),
      subscribed: () => guard(synchronise(++turn, 0, null)),
      frame: takeFrame,
      down(reason, refused) {
        leave();
        log.warn(`The private stream is down: ${reason}`);
        // A stamp that is too old is refused in the same words as a wrong key.
        if (refused) rest.distrustClock();
        lost = reason;
        state(refused ? 'refused' : 'down', reason);
      },
    },
  });

  function leave(): void {
    turn++;
    ready = false;
    // What was heard stays known, although the snapshot it waited for did not come about.
    takeHeld();
    held = null;
    book.streamTells(null);
    book.release();
    echo.stop();
    retryOff();
    lateOff();
    lateWalletOff();
  }

  function takeFrame(frame: Frame): void {
    echo.heard(frame.topic.split('.')[0] ?? '');
    let message: StreamMessage;
    try {
      message = readFrame(account, frame);
    } catch (thrown) {
      // bybit-api swallows what its listeners throw; a message lost in silence is the worst of all.
      restart(sentenceOf(thrown));
      return;
    }
    if (message.odd.length > 0) options.setAside(message.odd, 'stream');
    if (held !== null) {
      held.push(message);
      if (held.length > MOST_BUFFERED)
        stream.rebuild('Too many messages arrived before the snapshot.');
    } else if (ready) {
      const doubts = takeMessage(book, message, tell);
      if (anyDoubt(doubts)) guard(resolve(doubts, turn));
    }
  }

  /** Takes in what was held back; answers what it leaves in doubt. */
  function takeHeld(): Doubts {
    let doubts = noDoubts();
    for (const message of held?.splice(0) ?? []) {
      unsaid.executions.push(...message.executions);
      doubts = joinDoubts(doubts, takeMessage(book, { ...message, executions: [] }, note));
    }
    return doubts;
  }

  /** A message that could not be read may have been any: only a new snapshot restores certainty. */
  function restart(reason: string): void {
    if (!ready && held === null) return;
    log.warn(`${reason} The account is being read again.`);
    ready = false;
    book.streamTells(null);
    book.release();
    lateOff();
    lateWalletOff();
    retryOff();
    guard(synchronise(++turn, 0, reason));
  }

  /** What a snapshot being read has learned but does not itself contain. */
  function note(event: GatewayEvent): void {
    if (event.kind === 'orders') unsaid.ended.push(...event.rows.filter(hasEnded));
  }

  function tell(event: GatewayEvent): void {
    if (event.kind === 'orders') warnOfOverfills(event.rows, log);
    emit(event);
  }

  /** Work nobody waits for: if it fails in a way not foreseen, the connection is made anew. */
  function guard(work: Promise<void>): void {
    work.catch((thrown) => {
      log.error(`Following the account failed: ${sentenceOf(thrown)}`);
      stream.rebuild('Following the account failed; it is being started again.');
    });
  }

  async function synchronise(mine: number, tried: number, why: string | null): Promise<void> {
    held ??= [];
    state('syncing', why);
    const startedAt = clock.now() + rest.clockOffset();
    const since = Math.max(book.lastExecutedAt() ?? 0, completeUntil ?? 0) || startedAt;
    const asked = book.now();
    const [positions, orders, wallet, executions] = await Promise.all([
      reads.positions(),
      reads.openOrders(),
      reads.wallet(),
      reads.executions(Math.min(since, startedAt) - OVERLAP, startedAt + OVERLAP),
    ]);
    if (mine !== turn) return;
    for (const walk of [positions, orders, executions, orNothing(wallet)]) {
      if (!walk.ok) return failed(walk.trouble, mine, tried);
    }
    if (!positions.ok || !orders.ok || !executions.ok) return;

    let doubts = missingFrom(book, positions.rows, orders.rows);
    book.hold();
    unsaid.executions.push(...executions.rows);
    book.takePositions(positions.rows, { asked, whole: true });
    book.takeOrders(orders.rows, { asked, whole: true });
    const [balance = 'lags'] = wallet.ok
      ? wallet.rows.map((row) => book.wallet.answer(row, asked))
      : [];
    const asOf = Math.min(positions.time, orders.time);
    book.completeAsOf(asOf);

    doubts = joinDoubts(doubts, takeHeld());
    while (anyDoubt(doubts)) {
      const trouble = await settleDoubts(doubts, options, note);
      if (mine !== turn) return;
      if (trouble !== null) return failed(trouble, mine, tried);
      doubts = takeHeld();
    }

    held = null;
    ready = true;
    book.streamTells(asked);
    book.release();
    completeUntil = startedAt;
    emit({
      kind: 'snapshot',
      positions: book.openPositions(),
      orders: book.openOrders(),
      wallet: balance === 'lags' ? null : book.wallet.wallet(),
      walletIsCertain: balance === 'agrees',
      executions: book.takeExecutions(unsaid.executions.splice(0)),
      asOf,
    });
    const ended = unsaid.ended.splice(0);
    if (ended.length > 0) tell({ kind: 'orders', rows: ended, asOf });
    lost = null;
    state('ready', null);
    // What was pushed before the answer has come by then.
    if (balance === 'taken') lateWalletOff = clock.after(UNDER_WAY, tellWallet);
    lookLater(mine, startedAt, timings.lateLook, 0);
  }

  function tellWallet(): void {
    const asOf = clock.now() + rest.clockOffset();
    tell({ kind: 'wallet', wallet: book.wallet.wallet(), isCertain: true, asOf });
  }

  function lookLater(mine: number, startedAt: number, wait: number, tried: number): void {
    lateOff = clock.after(wait, () => guard(lookAgain(mine, startedAt, tried)));
  }

  /** How long reads that failed are let rest (ms): a ban to its end. */
  function restFrom(tried: number): number {
    const { stoppedUntil } = rest.status();
    const wait = backOff(tried, timings.reconnectFirst, timings.reconnectCeiling, random);
    return Math.max(wait, stoppedUntil === null ? 0 : stoppedUntil - clock.now());
  }

  function failed(trouble: Sorted, mine: number, tried: number): void {
    book.release();
    log.warn(`The account could not be read: ${trouble.sentence}`);
    if (trouble.verdict === 'stop') {
      stream.rebuild(trouble.sentence, true);
      return;
    }
    const { stoppedUntil } = rest.status();
    if (stoppedUntil === null && tried + 1 >= SNAPSHOT_TRIES) {
      stream.rebuild(trouble.sentence);
      return;
    }
    state('syncing', trouble.sentence);
    const again = stoppedUntil === null ? tried + 1 : 0;
    retryOff = clock.after(restFrom(tried), () => {
      if (mine === turn) guard(synchronise(mine, again, trouble.sentence));
    });
  }

  async function resolve(doubts: Doubts, mine: number): Promise<void> {
    const trouble = await settleDoubts(doubts, options, tell);
    if (trouble !== null && mine === turn) restart(trouble.sentence);
  }

  /** The venue's lists can lag behind its stream: one more look at all of them after a reconnect. */
  async function lookAgain(mine: number, startedAt: number, tried: number): Promise<void> {
    const asked = book.now();
    const [positions, orders, wallet, executions] = await Promise.all([
      reads.positions(),
      reads.openOrders(),
      reads.wallet(),
      reads.executions(startedAt - OVERLAP, clock.now() + rest.clockOffset() + OVERLAP),
    ]);
    if (mine !== turn) return;
    const balance = orNothing(wallet);
    if (!positions.ok || !orders.ok || !balance.ok || !executions.ok)
      return lookLater(mine, startedAt, restFrom(tried), tried + 1);
    const fresh = book.takeExecutions(executions.rows);
    if (fresh.length > 0) tell({ kind: 'executions', rows: fresh, asOf: executions.time });
    const missing = missingFrom(book, positions.rows, orders.rows);
    const moved = book.takePositions(positions.rows, { asked, whole: true }).changed;
    if (moved.length > 0) tell({ kind: 'positions', rows: moved, asOf: positions.time });
    const changed = book.takeOrders(orders.rows, { asked, whole: true }).changed;
    if (changed.length > 0) tell({ kind: 'orders', rows: changed, asOf: orders.time });
    const answers = balance.rows.map((row) => book.wallet.answer(row, asked));
    const isOpen = answers.some((answer) => answer === 'waits' || answer === 'lags');
    if (!isOpen && answers.length > 0) tellWallet();
    if (anyDoubt(missing)) await resolve(missing, mine);
    if (mine === turn && isOpen) lookLater(mine, startedAt, UNDER_WAY, 0);
  }

  return {
    start() {
      if (running) return;
      running = true;
      reads.warmUp();
      stream.start();
    },
    stop() {
      running = false;
      leave();
      stream.stop();
      state('off', null);
    },
    resync: (reason) => stream.rebuild(reason),
    refused: (reason) => stream.rebuild(reason, true),
    writing(path) {
      const accepted = echo.writing(topicsOf(path));
      return () => {
        if (ready) accepted();
      };
    },
    settle(rows, asked, asOf) {
      const { changed } = book.takePositions(rows, { asked, whole: false });
      if (ready && changed.length > 0) tell({ kind: 'positions', rows: changed, asOf });
    },
  };
}

/** A wallet that is not understood says nothing; positions and orders do not wait for it. */
const orNothing = (walk: Walk<Wallet>): Walk<Wallet> =>
  !walk.ok && walk.trouble.cause === 'odd' ? { ok: true, rows: [], odd: [], time: 0 } : walk;
