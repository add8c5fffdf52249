import type { Clock } from '../../domain/clock.ts';
import type { Execution } from '../../domain/execution.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { GatewayEvent } from '../gateway.ts';
import type { Reads } from '../rest/reads.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { backOff, type Timings } from '../timings.ts';
import type { Book } from './book.ts';
import { missingFrom, type SetAsideNow, settleDoubts } from './doubts.ts';

/** An odd execution is read again from this long before it was first met, and a little ahead of now (ms). */
const OVERLAP = 60_000;

/** Reads an account again, ever more seldom, until what is set aside of it is understood. */
export interface Mending {
  /** Something new was set aside. */
  wanted(): void;
  /** A list that was odd for a symbol was read, and is not any more. */
  promising(): void;
  stop(): void;
}

export function createMending(options: {
  book: Book;
  reads: Reads;
  rest: RestClient;
  clock: Clock;
  log: Log;
  timings: Timings;
  random: () => number;
  setAside: SetAsideNow;
  tell(event: GatewayEvent): void;
}): Mending {
  const { book, reads, rest, clock, log, timings, random, tell } = options;
  let tried = 0;
  let waiting: (() => void) | null = null;
  let reading = false;
  let stopped = false;

  function again(): void {
    if (stopped || waiting !== null || reading || book.allSetAside().length === 0) return;
    const wait = backOff(tried++, timings.mendFirst, timings.mendCeiling, random);
    waiting = clock.after(wait, () => {
      waiting = null;
      reading = true;
      void mend()
        .catch((thrown: unknown) =>
          log.error(`Reading again what was set aside failed: ${sentenceOf(thrown)}`),
        )
        .finally(() => {
          reading = false;
          again();
        });
    });
  }

  function soon(): void {
    waiting?.();
    waiting = null;
    again();
  }

  async function mend(): Promise<void> {
    const mark = book.setAsides.mark();
    const asked = book.now();
    const venueNow = clock.now() + rest.clockOffset();
    const oddExecutions = book
      .allSetAside()
      .flatMap(({ symbol, executionsFrom: from }) => (from === null ? [] : [{ symbol, from }]));
    const [positions, orders, ...executions] = await Promise.all([
      reads.positions(),
      reads.openOrders(),
      ...oddExecutions.map(({ symbol, from }) =>
        reads.executions(from - OVERLAP, venueNow + OVERLAP, symbol),
      ),
    ]);
    if (stopped || !positions.ok || !orders.ok) return;
    const odd = [...positions.odd, ...orders.odd];
    for (const [n, walk] of executions.entries()) {
      const symbol = oddExecutions[n]?.symbol ?? '';
      if (walk.ok) {
        take(walk);
        odd.push(...walk.odd);
      } else odd.push({ symbol, kind: 'execution', field: '', raw: '', sentence: '' });
    }
    const read = { mark, asOf: Math.min(positions.time, orders.time), odd };
    const clean = new Set(book.setAsides.endedBy(read));
    if (clean.size === 0) return;
    const concerns = (row: { symbol: string }): boolean => clean.has(row.symbol);
    book.takePositions(positions.rows.filter(concerns), { asked, whole: false });
    book.takeOrders(orders.rows.filter(concerns), { asked, whole: false });
    // What was known of them and is in no list is asked about by name before anything is concluded.
    const missing = missingFrom(book, positions.rows, orders.rows, (symbol) => clean.has(symbol));
    if ((await settleDoubts(missing, options, tell)) !== null) return;
    for (const symbol of book.setAsides.endedBy(read)) understand(symbol);
  }

  /** Those of a symbol that is set aside wait in the book; any other is told at once. */
  function take({ rows, time }: { rows: readonly Execution[]; time: number }): void {
    const fresh = book.takeExecutions(rows);
    if (fresh.length > 0) tell({ kind: 'executions', rows: fresh, asOf: time });
  }

  function understand(symbol: string): void {
    const asOf = clock.now();
    const rows = book.understand(symbol);
    log.info(`What the exchange says of ${symbol} is understood again.`);
    tried = 0;
    if (rows.length > 0) tell({ kind: 'executions', rows, asOf });
    tell({ kind: 'set-aside', asOf });
  }

  return {
    wanted() {
      tried = 0;
      if (!reading) soon();
    },
    promising() {
      if (reading) return; // by the very read that finds out
      tried = 0;
      soon();
    },
    stop() {
      stopped = true;
      waiting?.();
    },
  };
}
