import { expect, test } from 'vitest';
import { dividedBy, fromNumber, largest, times, toStep } from '../../src-main/domain/numbers.ts';
import { mapExecution } from '../../src-main/exchange/bybit/map-execution.ts';
import { placeOrder } from '../../src-main/practice/engine/orders/place.ts';
import {
  type Account,
  opposite,
  type Position,
} from '../../src-main/practice/engine/state/state.ts';
import {
  contractOf,
  isOpen,
  lastPrice,
  quoteOf,
  type Venue,
} from '../../src-main/practice/engine/state/venue.ts';
import { openExchange } from '../../src-main/practice/open.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import { restExecution } from '../../src-main/practice/rows/execution.ts';
import type { ScenarioName } from '../../src-main/practice/scenario/names.ts';
import { sharedPath } from '../support/shared.ts';
import { keptLog } from './kept-log.ts';
import { differencesOf } from './venue-trades.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2025, 5, 1);

/** What was closed is opened anew, the other way round: entry, stop, two targets, an entry further away. */
function openAnew(venue: Venue, account: Account, { symbol, idx }: Position, turn: number): void {
  const contract = contractOf(venue, symbol);
  const side = idx === 0 ? (turn % 2 === 0 ? 'Buy' : 'Sell') : idx === 1 ? 'Buy' : 'Sell';
  const sign = side === 'Buy' ? 1 : -1;
  const last = lastPrice(quoteOf(venue, symbol));
  const at = (away: number) =>
    toStep(times(last, fromNumber(1 + away * sign)), contract.tick, 'nearest');
  const sized = (value: string) =>
    toStep(largest(contract.minQty, dividedBy(value, last)), contract.step, 'up');
  const about = { category: 'linear', symbol, positionIdx: idx };
  const limit = { ...about, orderType: 'Limit' };
  const reduce = { ...limit, side: opposite(side), reduceOnly: true };
  try {
    const entry = { ...about, side, orderType: 'Market', qty: sized('900') };
    placeOrder(venue, account, { ...entry, stopLoss: at(-0.02) });
    placeOrder(venue, account, { ...reduce, qty: sized('700'), price: at(0.006) });
    placeOrder(venue, account, { ...reduce, qty: sized('200'), price: at(0.012) });
    placeOrder(venue, account, { ...limit, side, qty: sized('450'), price: at(-0.008) });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
}

/** Days of a tape over real ladders and stops, booked hour by hour, with a new start each night. */
async function booksOver(tape: string, days: number, scenario: ScenarioName) {
  const clock = { clock: 'stepped', startAt: START, beatMs: 300_000 } as const;
  const { world } = await openExchange({ tape, scenario, ...clock });
  const { venue } = world;
  const books = venue.accounts.map((account) => ({
    account,
    log: keptLog(() => venue.time.now()),
    told: 0,
  }));
  for (let hour = 0; hour <= days * 24; hour += 1) {
    for (const book of books) {
      const news = book.account.executions.slice(book.told);
      book.told = book.account.executions.length;
      // A list overlaps with what the stream told.
      const rows = [...news, ...news.slice(-5)].map(restExecution);
      book.log.take({ executions: rows.map((row) => mapExecution(book.account.name, row)) });
      if (hour % 24 === 23) book.log.restart();
      for (const position of book.account.positions.values())
        if (!isOpen(position) && hour < days * 24) openAnew(venue, book.account, position, hour);
    }
    if (hour < days * 24) await world.push(HOUR);
  }
  return books.map(({ account, log }) => ({ account, trades: log.trades() }));
}

for (const [name, days, scenario, ...path] of [
  [
    'the crash of April 2025',
    6,
    'hedge',
    'price-1m-okx-swap-2025-04-crash',
    'okx-swap-1m-9sym-20250402-20250411.csv.gz',
  ],
  [
    'a coin that lost two thirds',
    5,
    'desk',
    'price-1m-binance-usdm-2025-05',
    'binance-usdm-1m-15sym-layer-crash-20250504-20250509.csv.gz',
  ],
] as const) {
  const tape = sharedPath('data', ...path);
  test.skipIf(tape === null)(
    `H2 H5 H7 over ${name} (${scenario}) every trade agrees with the exchange’s own log to the last digit${tape ? '' : ' (skipped: the shared tapes are not beside the checkout)'}`,
    async () => {
      for (const { account, trades } of await booksOver(tape as string, days, scenario)) {
        expect(differencesOf(trades, account)).toEqual([]);
        expect(trades.filter(({ closedAt }) => closedAt !== null).length).toBeGreaterThan(100);
      }
    },
    120_000,
  );
}
