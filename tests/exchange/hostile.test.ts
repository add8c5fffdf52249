import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Execution } from '../../src-main/domain/execution.ts';
import type { Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import { MalformedRow, symbolOf } from '../../src-main/exchange/bybit/fields.ts';
import { mapExecution } from '../../src-main/exchange/bybit/map-execution.ts';
import { mapInstrument } from '../../src-main/exchange/bybit/map-instrument.ts';
import { mapOrder } from '../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../src-main/exchange/bybit/map-position.ts';
import { mapTicker } from '../../src-main/exchange/bybit/map-ticker.ts';
import { mapWallet } from '../../src-main/exchange/bybit/map-wallet.ts';
import { understood } from '../../src-main/exchange/bybit/understood.ts';
import { readFrame } from '../../src-main/exchange/stream/read-frame.ts';
import { type WatchedGateway, watchGateway } from '../support/gateway-watch.ts';
import {
  executionRow,
  type LoopbackVenue,
  listReply as list,
  orderRow,
  positionRow,
  startLoopbackVenue,
} from '../support/loopback-venue.ts';
import { recordedRows } from '../support/recorded-rows.ts';
import { sharedPath } from '../support/shared.ts';
import { seeded } from '../support/wire-model.ts';

type Row = Record<string, unknown>;

/** What a field may turn into; `undefined` leaves it out. */
const turns: readonly ((value: unknown) => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => 'Unheard',
  () => 'NaN',
  () => '1e999',
  () => 1e308,
  () => 7,
  () => -1,
  () => true,
  () => ({}),
  () => [[]],
  () => '\u0000',
  (value) => String(value).toLowerCase(),
  (value) => (typeof value === 'string' ? Number(value) : String(value)),
];

/** Every row with one field turned into each of these. */
function* turned(row: Row): Generator<{ row: Row; what: string }> {
  for (const name of Object.keys(row)) {
    for (const turn of turns) {
      const value = turn(row[name]);
      const { [name]: _, ...rest } = row;
      const odd = value === undefined ? rest : { ...rest, [name]: value };
      // As it comes over the wire: what JSON cannot say is not sent.
      yield {
        row: JSON.parse(JSON.stringify(odd)) as Row,
        what: `${name}: ${JSON.stringify(value)}`,
      };
    }
  }
}

const own = join(import.meta.dirname, 'bybit/payloads');
const recordings = sharedPath('recordings');
if (recordings === null)
  console.log('Only our own payloads are turned: the recordings are not beside this checkout.');
const ownRows = recordedRows(own);
const rows = [...ownRows, ...(recordings === null ? [] : recordedRows(recordings))];
/** Of the many recorded rows each is turned in every fourth way, another one for each row. */
const isTaken = (row: number, turn: number): boolean =>
  row < ownRows.length || (row + turn) % 4 === 0;

type Mapped = Position | Order | Execution;
const lists: Record<
  'position' | 'order' | 'execution',
  { map: (row: unknown) => Mapped; other: Row }
> = {
  position: { map: (row: unknown) => mapPosition('main', row), other: positionRow() },
  order: { map: (row: unknown) => mapOrder('main', row), other: orderRow() },
  execution: { map: (row: unknown) => mapExecution('main', row), other: executionRow() },
};

describe('E1 E5 every field of every recorded row turned into what nobody expects', () => {
  test.each(['position', 'order', 'execution'] as const)('%s', (kind) => {
    const { map, other } = lists[kind];
    const others = ['AAUSDT', 'ZZUSDT'].map((symbol) => ({ ...other, symbol }));
    const alone = others.map((row) => map(row));
    const counts = { read: 0, aside: 0, blind: 0 };
    const broken: string[] = [];
    for (const [n, recorded] of rows.entries()) {
      if (recorded.kind !== kind) continue;
      const was = tried(() => map(recorded.row));
      for (const [turn, { row, what }] of [...turned(recorded.row)].entries()) {
        if (!isTaken(n, turn)) continue;
        const hold = (law: string, holds: boolean): void => {
          if (!holds) broken.push(`${law}: ${recorded.where} ${what}`);
        };
        const data = [others[0], row, others[1]];
        const told = tried(() => understood<Mapped>(kind, data, map));
        const frame = tried(() => readFrame('main', { topic: kind, type: null, at: 1, data }));
        if (told === null || frame === null) {
          hold('only a row without a symbol blinds', told !== null || symbolOf(row) === null);
          counts.blind += 1;
          continue;
        }
        const { symbol } = row;
        const framed: Mapped[] = [...frame.positions, ...frame.orders, ...frame.executions];
        for (const list of [told.rows, framed])
          hold(
            'the others stand',
            isDeepStrictEqual(
              list.filter((one) => one.symbol !== symbol),
              alone,
            ),
          );
        const mine = told.rows.find((one) => one.symbol === symbol);
        if (told.odd.length === 0) {
          counts.read += 1;
          const flat =
            was !== null &&
            'size' in was &&
            was.size !== '0' &&
            mine !== undefined &&
            'size' in mine &&
            mine.size === '0';
          hold('what was open is not flat', !flat);
          continue;
        }
        counts.aside += 1;
        hold(
          'only its symbol is odd',
          told.odd.every((one) => one.symbol === symbol),
        );
        hold('no row of it is given', mine === undefined);
      }
    }
    console.log(
      `${kind}: ${counts.read} turned rows read, ${counts.aside} set their symbol aside, ${counts.blind} named none.`,
    );
    expect(broken).toEqual([]);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
  });

  test('wallet coins: the other coins and figures stand', () => {
    const good = { coin: 'AAA', equity: '1', walletBalance: '1' };
    const broken: string[] = [];
    for (const { row, where } of rows.filter((one) => one.kind === 'wallet')) {
      const before = mapWallet('main', { ...row, coin: [good] });
      for (const coin of row['coin'] as Row[]) {
        for (const { row: odd, what } of turned(coin)) {
          const wallet = tried(() => mapWallet('main', { ...row, coin: [good, odd] }));
          const named = typeof odd['coin'] === 'string' && odd['coin'] !== '';
          const stands = wallet && { ...wallet, coins: wallet.coins.slice(0, 1) };
          if (named ? !isDeepStrictEqual(stands, before) : wallet !== null)
            broken.push(`${where} ${what}`);
        }
      }
      for (const { row: odd, what } of turned(row)) {
        const wallet = tried(() => mapWallet('main', { ...odd, coin: [good] }));
        if (!isDeepStrictEqual(wallet?.coins, before.coins)) broken.push(`${where} ${what}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('tickers and instruments: the other contracts stand', () => {
    const market = JSON.parse(readFileSync(join(own, 'market.json'), 'utf8')) as {
      instrument: Row;
      ticker: Row;
    };
    const cases = [
      ['instrument', mapInstrument, instrumentIn(market)],
      ['ticker', mapTicker, tickerIn(market)],
    ] as const;
    for (const [kind, map, row] of cases) {
      const other = { ...row, symbol: 'AAUSDT' };
      for (const { row: odd, what } of [...turned(row), ...turnedInside(row)]) {
        const told = tried(() => understood<{ symbol: string }>(kind, [other, odd], map));
        if (told === null) expect(symbolOf(odd), what).toBeNull();
        else expect(told.rows[0], `${kind} ${what}`).toEqual(map(other));
      }
    }
  });
});

/** Nothing but a MalformedRow is ever thrown. */
function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof MalformedRow) return null;
    throw thrown;
  }
}

function* turnedInside(row: Row): Generator<{ row: Row; what: string }> {
  for (const [name, inner] of Object.entries(row)) {
    if (typeof inner !== 'object' || inner === null) continue;
    for (const { row: odd, what } of turned(inner as Row))
      yield { row: { ...row, [name]: odd }, what: `${name}.${what}` };
  }
}

const find = (value: unknown, fits: (row: Row) => boolean): Row | null => {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value) && fits(value as Row)) return value as Row;
  for (const inner of Object.values(value)) {
    const found = find(inner, fits);
    if (found) return found;
  }
  return null;
};
const instrumentIn = (market: unknown): Row => find(market, (row) => 'lotSizeFilter' in row) ?? {};
const tickerIn = (market: unknown): Row =>
  find(market, (row) => 'markPrice' in row && 'symbol' in row) ?? {};

describe('E1 the running gateway under rows turned at random', () => {
  let venue: LoopbackVenue;
  let watched: WatchedGateway;
  beforeEach(async () => {
    venue = await startLoopbackVenue();
    watched = watchGateway(venue.line);
    venue.on('/v5/order/create', { result: { orderId: 'new' } });
  });
  afterEach(async () => {
    await watched.gateway.stop();
    await venue.stop();
  });

  const comesTrue = async (holds: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 800 && !holds(); turn++) {
      await new Promise((done) => {
        setTimeout(done, 5);
      });
    }
    expect(holds()).toBe(true);
  };

  test('on the stream and in lists: the line stands, other symbols are exact, nothing is flat, nothing is sent', async () => {
    const random = seeded(11);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const good = {
      position: positionRow({ stopLoss: '45000' }),
      order: orderRow(),
      execution: executionRow(),
    };
    const eth = { symbol: 'ETHUSDT' };
    let odd: { kind: keyof typeof good; row: Row } | null = null;
    const listed = (kind: keyof typeof good, rest: Row[]): Row[] => [
      ...rest,
      odd?.kind === kind ? odd.row : good[kind],
    ];
    let ethSize = 1;
    const ethRow = (): Row => positionRow({ ...eth, size: String(ethSize), seq: 100 + ethSize });
    venue.on('/v5/position/list', ({ query }) => {
      const all = listed('position', [ethRow()]);
      const symbol = query.get('symbol');
      return list(symbol === null ? all : all.filter((row) => row['symbol'] === symbol));
    });
    venue.on('/v5/order/realtime', ({ query }) =>
      list(
        query.get('orderFilter') === 'StopOrder'
          ? []
          : listed('order', [orderRow({ ...eth, orderId: 'eth-1' })]),
      ),
    );
    watched.gateway.start();
    await watched.ready();
    const { book } = watched.gateway;
    const sizeOf = (symbol: string): string | undefined =>
      book.shelf.positions().find((row) => row.symbol === symbol)?.size;
    // What a fault in the symbol itself does is another law: then the account is read anew.
    const turnedRows = (['position', 'order', 'execution'] as const).map(
      (kind) =>
        [
          kind,
          [...turned({ ...good[kind], category: 'linear' })].filter(
            ({ row }) => symbolOf(row) === 'BTCUSDT',
          ),
        ] as const,
    );
    let setAside = 0;
    for (let step = 0; step < 120; step++) {
      const [kind, choices] = pick(turnedRows);
      const { row } = pick(choices);
      const byList = random() < 0.3 && kind !== 'execution';
      ethSize += 1;
      if (byList) {
        odd = { kind, row };
        await (kind === 'position' ? watched.gateway.positions() : watched.gateway.openOrders());
        odd = null;
      } else {
        venue.push(
          kind,
          [
            row,
            lists[kind].other === row
              ? {}
              : { ...good[kind], ...eth, orderId: `eth-${step}`, execId: `eth-${step}` },
          ].slice(0, kind === 'position' ? 1 : 2),
        );
      }
      venue.push('position', [ethRow()]);
      await comesTrue(() => sizeOf('ETHUSDT') === String(ethSize));
      const aside = book.setAsideOf('BTCUSDT');
      // Known, or known not to be known; never gone.
      expect(aside !== null || sizeOf('BTCUSDT') !== undefined, JSON.stringify(row)).toBe(true);
      expect(book.setAsideOf('ETHUSDT')).toBeNull();
      if (aside === null) continue;
      setAside += 1;
      const result = await watched.gateway.place(
        {
          symbol: 'BTCUSDT',
          positionIdx: 0,
          side: 'Sell',
          type: 'Market',
          quantity: '0.01',
          reduceOnly: true,
          orderLinkId: `try-${step}`,
        },
        'protect',
      );
      expect(result.state).toBe('refused');
      if (step % 10 === 0) venue.skew += 6_000;
    }
    expect(setAside).toBeGreaterThan(20);
    expect(venue.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    expect(venue.connections()).toBe(1);
    venue.skew += 6_000;
    await comesTrue(() => book.setAsideOf('BTCUSDT') === null);
    expect(sizeOf('BTCUSDT')).toBe('0.01');
  }, 60_000);
});
