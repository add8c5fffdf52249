import { beforeEach, describe, expect, test } from 'vitest';
import { type Book, createBook } from '../../../src-main/exchange/account/book.ts';
import { LIST_LAG } from '../../../src-main/exchange/account/lag.ts';
import { mapOrder } from '../../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../../src-main/exchange/bybit/map-position.ts';
import { mapWallet } from '../../../src-main/exchange/bybit/map-wallet.ts';
import { flatRow, orderRow, positionRow, walletRow } from '../../support/loopback-venue.ts';

const START = 1_700_000_000_000;
let ticks = 0;
let book: Book;

const pass = (ms: number): void => {
  ticks += ms;
};
const order = (over: Record<string, unknown>) =>
  mapOrder('main', orderRow({ updatedTime: START, ...over }));
const position = (over: Record<string, unknown>) => mapPosition('main', positionRow(over));
const wallet = (balance: string) => mapWallet('main', walletRow(balance));
const balance = (): string | null | undefined => book.wallet.wallet().coins[0]?.walletBalance;
const price = (): string | null | undefined => book.openOrders()[0]?.price;
const stop = (): string | null | undefined => book.openPositions()[0]?.stopLoss;
/** The stream has told everything for so long that no list can show what was before. */
const followed = (): void => {
  book.streamTells(book.now());
  pass(LIST_LAG);
};

beforeEach(() => {
  ticks = 0;
  book = createBook('main', () => ticks);
});

describe('a wallet, which bears no mark of time', () => {
  test('X2 an answer that lags behind a push does not take its place; one that cannot lag does', () => {
    book.wallet.answer(wallet('100'), book.now());
    book.wallet.push(wallet('90'), START);
    pass(LIST_LAG - 1);
    expect(book.wallet.answer(wallet('100'), book.now())).toBe('lags');
    expect(balance()).toBe('90');
    pass(1);
    book.wallet.answer(wallet('100'), book.now());
    expect(balance()).toBe('100');
  });

  test('X2 after an outage an answer that may be from before the last push lags, though no push told it: that one may have been lost', () => {
    book.wallet.answer(wallet('100'), book.now());
    book.streamTells(book.now());
    pass(60_000);
    // A push of 95 came before this one, and was lost.
    book.wallet.push(wallet('90'), START);
    book.streamTells(null);
    expect(book.wallet.answer(wallet('95'), book.now())).toBe('lags');
    expect(balance()).toBe('90');
    expect(book.wallet.answer(wallet('90'), book.now())).toBe('agrees');
    pass(LIST_LAG);
    expect(book.wallet.answer(wallet('95'), book.now())).toBe('taken');
    expect(balance()).toBe('95');
  });

  test('X2 what the stream tells again stands against an answer that lags behind it', () => {
    book.wallet.push(wallet('90'), START);
    book.streamTells(null);
    book.streamTells(book.now());
    book.wallet.push(wallet('80'), START + 1);
    expect(book.wallet.answer(wallet('90'), book.now())).toBe('agrees');
    expect(balance()).toBe('80');
  });

  test('X1 of two answers that were under way together the first to come counts: which is the later nobody can tell', () => {
    const [one, other] = [book.now(), book.now()];
    book.wallet.answer(wallet('100'), other);
    expect(book.wallet.answer(wallet('90'), one)).toBe('lags');
    expect(balance()).toBe('100');
  });

  test('X2 while the stream tells everything, news of an answer waits for its push or for a second answer', () => {
    book.wallet.answer(wallet('100'), book.now());
    followed();
    expect(book.wallet.answer(wallet('80'), book.now())).toBe('waits');
    // Two pushes were under way: the first of them is older than the answer.
    book.wallet.push(wallet('90'), START);
    expect(balance()).toBe('90');
    book.wallet.push(wallet('80'), START + 1);
    expect(balance()).toBe('80');
    pass(LIST_LAG);
    expect(book.wallet.answer(wallet('70'), book.now())).toBe('waits');
    pass(1_000);
    // No push came: it was lost, and two answers agree.
    expect(book.wallet.answer(wallet('70'), book.now())).toBe('taken');
    expect(balance()).toBe('70');
  });

  test('X1 an answer that an answer to a later question overtook tells nothing', () => {
    const early = book.now();
    book.wallet.push(wallet('95'), START);
    pass(LIST_LAG);
    book.wallet.answer(wallet('90'), book.now());
    book.wallet.answer(wallet('100'), early);
    expect(balance()).toBe('90');
  });

  test('X1 of two pushes with the same time the one that came last counts', () => {
    book.wallet.push(wallet('1'), START);
    expect(book.wallet.push(wallet('1'), START)).toBe(false);
    expect(book.wallet.push(wallet('2'), START)).toBe(true);
    expect(book.wallet.push(wallet('3'), START - 1)).toBe(false);
    expect(balance()).toBe('2');
  });
});

describe('orders', () => {
  test('X1 of two pushes about one order with the same times the one that came last counts', () => {
    const tell = (over: Record<string, unknown>) =>
      book.takeOrders([order(over)], { pushedAt: START });
    expect(tell({ price: '50000' }).doubts).toEqual([]);
    expect(tell({ price: '50001' })).toMatchObject({ changed: [{ price: '50001' }], doubts: [] });
    expect(price()).toBe('50001');
  });

  test('P13 what was filled never goes back, whatever the update time', () => {
    const half = { cumExecQty: '0.005', orderStatus: 'PartiallyFilled' };
    book.takeOrders([order(half)], { pushedAt: START });
    book.takeOrders([order({ updatedTime: START + 9 })], { pushedAt: START + 9 });
    expect(book.openOrders()[0]?.filledQuantity).toBe('0.005');
  });

  test('X2 while the stream tells everything an answer with the same times that may lag is not taken; one that cannot lag is', () => {
    book.streamTells(book.now());
    book.takeOrders([order({ price: '50001' })], { pushedAt: START });
    const list = [order({ price: '50000' })];
    expect(book.answerOrders(list, book.now())).toEqual([]);
    expect(price()).toBe('50001');
    pass(LIST_LAG);
    expect(book.answerOrders(list, book.now())).toEqual(['order-1']);
    expect(price()).toBe('50000');
  });

  test('E9 a list proves an order gone only when it must have shown it', () => {
    book.takeOrders([order({})], { pushedAt: START });
    pass(LIST_LAG - 1);
    expect(book.answerOrders([], book.now())).toEqual([]);
    pass(1);
    expect(book.answerOrders([], book.now())).toEqual(['order-1']);
    expect(book.openOrders()).toEqual([]);
  });

  test('E9 an order that is older than any lag is gone with the first list without it, however young the last push', () => {
    book.takeOrders([order({})], { pushedAt: START });
    pass(60_000);
    book.takeOrders([order({ updatedTime: START + 60_000 })], { pushedAt: START + 60_000 });
    expect(book.answerOrders([], book.now())).toEqual(['order-1']);
  });

  test('E10 an order no list knows by name does not come back with a list that lags', () => {
    book.answerOrders([order({})], book.now());
    book.answerNamed('order-1', [], book.now());
    book.answerOrders([order({})], book.now());
    expect(book.openOrders()).toEqual([]);
    pass(LIST_LAG);
    book.answerOrders([order({})], book.now());
    expect(book.openOrders()).toHaveLength(1);
  });

  test('X1 an answer asked for before a whole list was taken tells nothing of what that list does not name', () => {
    const early = book.now();
    pass(1);
    const late = book.now();
    book.answerOrders([], late);
    book.answerOrders([order({})], early);
    expect(book.openOrders()).toEqual([]);
    // The other way round the later question decides as well.
    book.answerOrders([order({})], late);
    expect(book.openOrders()).toHaveLength(1);
  });

  test('X1 a push that was under way when a list proved the order gone is asked about, not believed', () => {
    book.answerOrders([order({})], book.now());
    book.answerOrders([], book.now());
    const late = order({ price: '50001', updatedTime: START + 5 });
    const { doubts } = book.takeOrders([late], { pushedAt: START + 5 });
    expect(doubts).toEqual([{ symbol: 'BTCUSDT', orderId: 'order-1' }]);
    expect(book.openOrders()).toEqual([]);
    const cancelled = order({ orderStatus: 'Cancelled', updatedTime: START + 6 });
    book.answerNamed('order-1', [cancelled], book.now());
    expect(book.openOrders()).toEqual([]);
  });
});

describe('positions', () => {
  test('two tellings with the same marks of time, one an answer, are a doubt; the venue settles it', () => {
    book.answerPositions([position({ stopLoss: '1' })], book.now());
    const pushed = position({ stopLoss: '2' });
    expect(book.takePositions([pushed], { pushedAt: START }).doubts).toEqual(['BTCUSDT']);
    expect(stop()).toBe('1');
    book.answerLegs('BTCUSDT', [pushed], book.now());
    expect(stop()).toBe('2');
  });

  test('X2 a doubted push is believed when the venue answers with what was before it', () => {
    book.completeAsOf(START + 10);
    const opened = position({ seq: 200, updatedTime: START });
    const pushedAt = START + LIST_LAG;
    expect(book.takePositions([opened], { pushedAt }).doubts).toEqual(['BTCUSDT']);
    expect(book.openPositions()).toEqual([]);
    book.answerLegs('BTCUSDT', [mapPosition('main', flatRow({ seq: 150 }))], book.now());
    expect(book.openPositions()).toHaveLength(1);
  });

  test('X1 a position just opened, that the lists need not name yet, is shown at once and asked about', () => {
    book.completeAsOf(START + 10);
    const opened = position({ seq: 200, updatedTime: START });
    expect(book.takePositions([opened], { pushedAt: START + 5 }).doubts).toEqual(['BTCUSDT']);
    expect(book.openPositions()).toHaveLength(1);
    book.answerLegs('BTCUSDT', [mapPosition('main', flatRow({ seq: 201 }))], book.now());
    expect(book.openPositions()).toEqual([]);
  });

  test('X2 after an outage an answer with the same marks of time counts, unless a push told it before', () => {
    followed();
    book.takePositions([position({ stopLoss: '1' })], { pushedAt: START });
    book.takePositions([position({ stopLoss: '2' })], { pushedAt: START + 1 });
    book.answerPositions([position({ stopLoss: '3' })], book.now());
    expect(stop()).toBe('2');
    book.streamTells(null);
    book.answerPositions([position({ stopLoss: '1' })], book.now());
    expect(stop()).toBe('2');
    book.answerPositions([position({ stopLoss: '3' })], book.now());
    expect(stop()).toBe('3');
  });

  test('X1 the second change of a millisecond, its push lost with the line, is taken from the list', () => {
    book.streamTells(book.now());
    book.takePositions([position({ stopLoss: '1' })], { pushedAt: START });
    book.streamTells(null);
    book.answerPositions([position({ stopLoss: '2' })], book.now());
    expect(stop()).toBe('2');
  });

  test('E4 a position that one list left out is back with the next', () => {
    const held = position({ seq: 100 });
    book.answerPositions([held], book.now());
    expect(book.answerPositions([], book.now())).toHaveLength(1);
    expect(book.openPositions()).toEqual([]);
    book.answerPositions([held], book.now());
    expect(book.openPositions()).toHaveLength(1);
  });
});
