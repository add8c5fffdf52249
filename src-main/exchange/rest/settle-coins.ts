import type { Payload } from '../bybit/fields.ts';
import type { Understood } from '../bybit/understood.ts';
import type { Outcome } from './rest-client.ts';

/** The coins that lists are asked for by: which the venue has, and which symbol is settled in which. */
export interface SettleCoins {
  coins(): Promise<readonly string[]>;
  /** The coins these symbols may be settled in: of one no list has named yet, that may be any. */
  coinsOf(symbols: Iterable<string>): Promise<readonly string[]>;
  /** Learns from what is read of a list of `coin` which symbols are settled in it. */
  learning<Row extends { symbol: string }>(
    coin: string,
    read: (list: readonly unknown[]) => Understood<Row>,
  ): (list: readonly unknown[]) => Understood<Row>;
}

/** `ask` answers contracts on one base coin, whatever they are settled in. */
export function createSettleCoins(ask: () => Promise<Outcome>): SettleCoins {
  let known: Promise<readonly string[]> | null = null;
  /** The settle coin of each symbol, learned from the list that named it. */
  const coinOf = new Map<string, string>();

  /** USDC too, when the venue has contracts settled in it; both when that cannot be found out. */
  async function read(): Promise<readonly string[]> {
    const outcome = await ask();
    const list = outcome.ok ? (outcome.result as Payload | null)?.['list'] : null;
    if (!Array.isArray(list)) {
      known = null;
      return ['USDT', 'USDC'];
    }
    return list.some((row: Payload | null) => row?.['settleCoin'] === 'USDC')
      ? ['USDT', 'USDC']
      : ['USDT'];
  }

  const coins = (): Promise<readonly string[]> => (known ??= read());
  return {
    coins,
    async coinsOf(symbols) {
      const [first, ...others] = await coins();
      const held = new Set([...symbols].map((symbol) => coinOf.get(symbol)));
      const used = others.filter((coin) => held.has(undefined) || held.has(coin));
      return first === undefined ? used : [first, ...used];
    },
    learning: (coin, readList) => (list) => {
      const told = readList(list);
      for (const { symbol } of [...told.rows, ...told.odd]) coinOf.set(symbol, coin);
      return told;
    },
  };
}
