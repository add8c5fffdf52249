import type { Instrument } from '../../../src-main/domain/instrument.ts';
import {
  type Entry,
  type Facts,
  type Flat,
  type ForeignOrder,
  type Held,
  known,
  type LegOrders,
  type Rung,
  type StopOrder,
} from '../../../src-main/monitor/goals/facts.ts';
import type { Author, Goal, Want } from '../../../src-main/monitor/goals/goal.ts';
import type { Step } from '../../../src-main/monitor/goals/step.ts';

/** 2025-07-12 11:00 UTC. */
export const now = 1_752_318_000_000;

/** Tick 0.1, step and minimum 0.001: the contract of the examples. */
export const contract: Instrument = {
  symbol: 'BTCUSDT',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  status: 'Trading',
  tickSize: '0.1',
  quantityStep: '0.001',
  minQuantity: '0.001',
  maxQuantity: '1000',
  maxMarketQuantity: '100',
  minNotional: '5',
  minPrice: '0.1',
  maxPrice: '2000000',
  maxLeverage: '100',
  leverageStep: '0.01',
  fundingInterval: 480,
};

export const held = (of: Partial<Held> = {}): Held => ({
  side: 'long',
  size: '0.150',
  entryPrice: '60000',
  opening: 1,
  stop: { price: '59000', triggerBy: 'LastPrice' },
  trail: null,
  ...of,
});

export const flat = (of: Partial<Flat> = {}): Flat => ({
  side: null,
  since: now - 11_000,
  reads: 2,
  ...of,
});

export const at = (price: string): Held['stop'] => ({ price, triggerBy: 'LastPrice' });

export const noOrders: LegOrders = {
  stops: [],
  rungs: [],
  entries: [],
  foreign: [],
  unamendable: [],
  conditional: 0,
};

export const prices = (last: string): Facts['prices'] =>
  known({ last, mark: last, index: last, asOf: now });

export interface FactsOf extends Partial<Omit<Facts, 'position' | 'orders' | 'prices'>> {
  position?: Held | Flat;
  orders?: Partial<LegOrders>;
  last?: string;
  rules?: Partial<Instrument>;
}

/** Facts of the contract above, everything known, from the few parts a test is about. */
export function facts({ position, orders, last, rules, ...rest }: FactsOf = {}): Facts {
  return {
    account: 'main',
    symbol: 'BTCUSDT',
    positionIdx: 0,
    at: now,
    position: known(position ?? held()),
    orders: known({ ...noOrders, ...orders }),
    prices: prices(last ?? '62000'),
    instrument: known({ ...contract, ...rules }),
    fees: known({ symbol: 'BTCUSDT', maker: '0.0002', taker: '0.00055' }),
    followed: null,
    spent: [],
    refused: [],
    ...rest,
  };
}

export const aStop = (
  orderId: string,
  price: string,
  quantity: StopOrder['quantity'],
): StopOrder => ({
  orderId,
  price,
  quantity,
  triggerBy: 'LastPrice',
  leg: false,
  own: true,
});

export const aRung = (
  level: number,
  price: string,
  quantity: string,
  of: Partial<Rung> = {},
): Rung => ({
  level,
  orderId: `tp${level}`,
  price,
  quantity,
  filledQuantity: '0',
  state: 'open',
  conditional: false,
  ...of,
});

export const anEntry = (price: string, quantity: string, of: Partial<Entry> = {}): Entry => ({
  id: `e@${price}`,
  orderId: `e@${price}`,
  side: 'Buy',
  price,
  quantity,
  filledQuantity: '0',
  state: 'open',
  stopLoss: null,
  ...of,
});

export const aForeign = (orderId: string, of: Partial<ForeignOrder> = {}): ForeignOrder => ({
  orderId,
  side: 'Sell',
  quantity: '1',
  price: '70000',
  reduces: true,
  ...of,
});

export const goal = (want: Want, author: Author = 'rule', of: Partial<Goal> = {}): Goal => ({
  want,
  author,
  reason: 'a test wants it',
  since: now - 60_000,
  opening: null,
  ...of,
});

export const covered = (price: string, author: Author = 'rule', called = 'stop'): Goal =>
  goal({ kind: 'covered', price, triggerBy: null, called }, author);

/** Rungs 1,000 apart from `from` on. */
export const ladder = (shares: readonly string[], from = '63000', author: Author = 'rule'): Goal =>
  goal(
    {
      kind: 'ladder',
      rungs: shares.map((share, index) => ({
        level: index + 1,
        price: String(Number(from) + index * 1_000),
        share,
      })),
    },
    author,
  );

/** The playbook's shares. */
export const shares = ['85', '5', '5', '5'];

/** Rungs of those quantities where `ladder` wants them; more quantities are more levels. */
export const rungs = (quantities: readonly string[], from = 63_000): Rung[] =>
  quantities.map((quantity, index) => aRung(index + 1, String(from + index * 1_000), quantity));

/** What is sent, and nothing else. */
export const writes = (steps: readonly Step[]) => steps.map(({ write }) => write);
