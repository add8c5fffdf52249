import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executionKey } from '../../../src-main/domain/keys.ts';
import { plus } from '../../../src-main/domain/numbers.ts';
import { type Book, createBook } from '../../../src-main/exchange/account/book.ts';
import { mapExecution } from '../../../src-main/exchange/bybit/map-execution.ts';
import { mapOrder } from '../../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../../src-main/exchange/bybit/map-position.ts';
import { mapWallet } from '../../../src-main/exchange/bybit/map-wallet.ts';
import { readFrame, type StreamMessage } from '../../../src-main/exchange/stream/read-frame.ts';
import { executionRow, orderRow, positionRow, walletRow } from '../../support/loopback-venue.ts';

const START = 1_700_000_000_000;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

interface Step {
  symbol: number;
  order: number;
  what: 'fill' | 'cancel' | 'amend' | 'stop' | 'coin' | 'legs';
  wait: number;
}

/**
 * What a venue would push for a run of events on three symbols with four orders each: fills until
 * the order is full, cancellations, amendments, stops moved, coins changed, both legs of a hedge.
 */
function messagesOf(steps: readonly Step[]): StreamMessage[] {
  const messages: StreamMessage[] = [];
  let at = START;
  let seq = 1;
  const orders = new Map<string, Record<string, unknown>>();
  const positions = new Map<string, Record<string, unknown>>();
  const send = (topic: string, rows: Record<string, unknown>[]): void => {
    messages.push(readFrame('main', { topic, type: null, at: at + 3, data: rows }));
  };
  for (const step of steps) {
    at += step.wait + 1;
    seq++;
    const symbol = SYMBOLS[step.symbol % SYMBOLS.length] as string;
    const orderId = `${symbol}-${step.order}`;
    const time = String(at);
    const order = orders.get(orderId) ?? orderRow({ orderId, symbol, qty: '4', createdTime: time });
    const position =
      positions.get(symbol) ??
      positionRow({ symbol, size: '100', positionIdx: 1, createdTime: time });
    const ended = order['orderStatus'] === 'Filled' || order['orderStatus'] === 'Cancelled';
    if (step.what === 'fill' && !ended) {
      const filled = plus(order['cumExecQty'] as string, '1');
      const status = filled === '4' ? 'Filled' : 'PartiallyFilled';
      orders.set(orderId, { ...order, cumExecQty: filled, orderStatus: status, updatedTime: time });
      positions.set(symbol, {
        ...position,
        size: plus(position['size'] as string, '-1'),
        seq,
        updatedTime: time,
      });
      send('execution', [
        executionRow({ execId: `${orderId}-${filled}`, orderId, symbol, execTime: time, seq }),
      ]);
      send('order', [orders.get(orderId) as Record<string, unknown>]);
      send('position', [positions.get(symbol) as Record<string, unknown>]);
    } else if (step.what === 'cancel' && !ended) {
      orders.set(orderId, { ...order, orderStatus: 'Cancelled', updatedTime: time });
      send('order', [orders.get(orderId) as Record<string, unknown>]);
      // The venue pushes the position at every order change, changed or not.
      send('position', [position]);
    } else if (step.what === 'amend' && !ended) {
      orders.set(orderId, { ...order, price: String(50_000 + seq), updatedTime: time });
      send('order', [orders.get(orderId) as Record<string, unknown>]);
    } else if (step.what === 'stop') {
      positions.set(symbol, { ...position, stopLoss: String(40_000 + seq), updatedTime: time });
      send('position', [positions.get(symbol) as Record<string, unknown>]);
    } else if (step.what === 'legs') {
      positions.set(symbol, {
        ...position,
        markPrice: String(50_000 + seq),
        seq,
        updatedTime: time,
      });
      const other = { symbol, positionIdx: 2, side: 'Sell', seq, updatedTime: time };
      send('position', [positions.get(symbol) as Record<string, unknown>, positionRow(other)]);
    } else if (step.what === 'coin') {
      const row = walletRow(String(1_000 + seq));
      const [coin] = row['coin'] as Record<string, unknown>[];
      send('wallet', [
        { ...row, coin: [{ ...coin, coin: ['USDT', 'BTC', 'ETH'][step.symbol % 3] }] },
      ]);
    }
  }
  return messages;
}

function take(book: Book, news: StreamMessage): string[] {
  const told = book.takeExecutions(news.executions).map((row) => row.execId);
  book.takeOrders(news.orders, { pushedAt: news.at });
  book.takePositions(news.positions, { pushedAt: news.at });
  for (const wallet of news.wallets) book.wallet.push(wallet, news.at);
  return told;
}

function beliefAfter(messages: readonly StreamMessage[]): { belief: unknown; told: string[] } {
  const book = createBook('main', () => 0);
  const told = messages.flatMap((news) => take(book, news)).sort();
  const ids = SYMBOLS.flatMap((symbol) => [0, 1, 2, 3].map((n) => `${symbol}-${n}`));
  return {
    belief: {
      positions: book
        .openPositions()
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      open: book
        .openOrders()
        .map((row) => row.orderId)
        .sort(),
      orders: ids.map((orderId) => book.order({ orderId })),
      wallet: book.wallet.wallet(),
      lastExecutedAt: book.lastExecutedAt(),
    },
    told,
  };
}

const step = fc.record<Step>({
  symbol: fc.nat(2),
  order: fc.nat(3),
  what: fc.constantFrom('fill', 'cancel', 'amend', 'stop', 'coin', 'legs'),
  wait: fc.nat(200),
});

describe('what is believed', () => {
  test('X8 a push, which never says when a position was opened, neither loses that nor raises a doubt', () => {
    const book = createBook('main', () => 0);
    const told = { symbol: 'BTCUSDT', size: '1', seq: 5, updatedTime: String(START) };
    const listed = mapPosition('main', { ...positionRow(told), openTime: START - 60_000 });
    book.takePositions([listed], { asked: book.now(), whole: false });
    const { openTime: _, ...pushed } = positionRow(told);
    // As after every order that is placed: the same position once more.
    const same = book.takePositions([mapPosition('main', pushed)], { pushedAt: START + 1 });
    expect(same).toEqual({ changed: [], doubts: [] });
    const less = mapPosition('main', { ...pushed, size: '0.5', seq: 6 });
    book.takePositions([less], { pushedAt: START + 2 });
    expect(book.openPositions()).toMatchObject([{ size: '0.5', openedAt: START - 60_000 }]);
    const flat = mapPosition('main', { ...pushed, side: '', size: '0', seq: 7 });
    book.takePositions([flat], { pushedAt: START + 3 });
    const again = mapPosition('main', { ...pushed, seq: 8 });
    book.takePositions([again], { pushedAt: START + 4 });
    expect(book.openPositions()).toMatchObject([{ size: '1', openedAt: null }]);
  });

  test('any order and any repetition of the stream’s messages ends in the same belief', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        (steps, random) => {
          const messages = messagesOf(steps);
          const straight = beliefAfter(messages);
          const picks = random[Symbol.iterator]();
          const shuffled = [...messages, ...messages.filter(() => picks.next().value % 2 === 0)]
            .map((news) => ({ news, key: picks.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ news }) => news);
          const mixed = beliefAfter(shuffled);
          expect(mixed).toEqual(straight);
          // Every execution exactly once, however often it was sent.
          const executions = messages.flatMap((news) => news.executions.map((row) => row.execId));
          expect(mixed.told).toEqual([...new Set(executions)].sort());
        },
      ),
      { numRuns: 150, seed: 20_261_120 },
    );
  });

  const order = (over: Record<string, unknown>) => mapOrder('main', orderRow(over));

  test('an ended order stays ended, whatever is told later', () => {
    const book = createBook('main', () => 0);
    const filled = order({ orderStatus: 'Filled', cumExecQty: '0.01', updatedTime: START });
    book.takeOrders([filled], { pushedAt: START });
    const { changed } = book.takeOrders([order({ updatedTime: START + 9_000 })], {
      asked: book.now(),
      whole: false,
    });
    expect(changed).toEqual([]);
    expect(book.openOrders()).toEqual([]);
    // An ending counts even if a message about the open order bears a later stamp.
    const open = order({ orderId: 'order-2', updatedTime: START + 9_000 });
    const gone = order({ orderId: 'order-2', orderStatus: 'Cancelled', updatedTime: START });
    for (const row of [open, gone]) book.takeOrders([row], { pushedAt: START });
    expect(book.openOrders()).toEqual([]);
  });

  test('of two endings sent in a race the full fill wins', () => {
    const book = createBook('main', () => 0);
    const cancelled = order({
      orderStatus: 'Cancelled',
      cumExecQty: '0.01',
      updatedTime: START + 5,
    });
    const filled = order({ orderStatus: 'Filled', cumExecQty: '0.01', updatedTime: START });
    for (const row of [cancelled, filled, cancelled]) book.takeOrders([row], { pushedAt: START });
    expect(book.order({ orderId: 'order-1' })?.status).toBe('Filled');
  });

  test('P12 the filled quantity is the venue’s total, so a repeated message adds nothing', () => {
    const book = createBook('main', () => 0);
    const half = order({ orderStatus: 'PartiallyFilled', cumExecQty: '0.005', updatedTime: START });
    expect(book.takeOrders([half, half], { pushedAt: START }).changed.length).toBe(1);
    expect(book.order({ orderId: 'order-1' })?.filledQuantity).toBe('0.005');
  });

  test('a whole wallet answer removes coins it does not name, a push removes none', () => {
    let ticks = 0;
    const book = createBook('main', () => ticks);
    const coins = (names: string[]) =>
      mapWallet('main', {
        ...walletRow('1'),
        coin: names.map((coin) => ({ ...(walletRow('1')['coin'] as object[])[0], coin })),
      });
    const held = () => book.wallet.wallet().coins.map(({ coin }) => coin);
    book.wallet.answer(coins(['BTC', 'USDT']), book.now());
    book.wallet.push(coins(['USDT']), START);
    expect(held()).toEqual(['BTC', 'USDT']);
    const asked = book.now();
    book.wallet.push(coins(['ETH']), START + 1);
    book.wallet.answer(coins(['USDT']), asked);
    // ETH was pushed after the question was asked: the answer may be older.
    expect(held()).toEqual(['ETH', 'USDT']);
    ticks += 6_000;
    book.wallet.answer(coins(['USDT']), book.now());
    expect(held()).toEqual(['USDT']);
    book.wallet.push(coins(['ETH']), START);
    expect(held()).toEqual(['USDT']);
  });

  test('executions are told apart by symbol and id, and those known from before are not told', () => {
    const known = { account: 'main', symbol: 'BTCUSDT', execId: 'known' };
    const book = createBook('main', () => 0, { seenExecutions: [executionKey(known)] });
    const rows = [
      { execId: 'known' },
      { execId: 'twice', execTime: START + 2 },
      { execId: 'twice', execTime: START + 2 },
      { execId: 'twice', symbol: 'ETHUSDT', execTime: START + 1 },
    ].map((over) => mapExecution('main', executionRow(over)));
    expect(book.takeExecutions(rows).map((row) => row.symbol)).toEqual(['ETHUSDT', 'BTCUSDT']);
  });
});
