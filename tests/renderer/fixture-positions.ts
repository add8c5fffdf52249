import type { PositionRow } from '../../src-preload/contract/positions.ts';
import { judged, type KnownRow } from '../support/judged.ts';

/** Symbol, price, digits of the price, digits of the quantity, usual size. */
const contracts: [string, number, number, number, number][] = [
  ['BTCUSDT', 104_118.2, 1, 3, 0.412],
  ['ETHUSDT', 2_566.15, 2, 2, 1.35],
  ['SOLUSDT', 147.304, 3, 1, 96.5],
  ['DOGEUSDT', 0.1987, 5, 0, 24_310],
  ['LINKUSDT', 13.921, 3, 1, 410.2],
  ['XRPUSDT', 2.209, 4, 0, 3_905],
  ['AVAXUSDT', 24.502, 3, 1, 182.4],
  ['ADAUSDT', 0.6702, 4, 0, 8_120],
  ['DOTUSDT', 3.977, 3, 1, 905.3],
  ['SUIUSDT', 3.1266, 4, 0, 1_420],
  ['LTCUSDT', 87.58, 2, 1, 22.4],
  ['ARBUSDT', 0.3611, 4, 1, 6_300],
  ['APTUSDT', 4.866, 3, 2, 310.5],
  ['NEARUSDT', 2.4492, 4, 1, 980],
  ['TRXUSDT', 0.27322, 5, 0, 12_400],
  ['BCHUSDT', 482.1, 1, 2, 4.2],
  ['UNIUSDT', 7.318, 3, 1, 240.6],
  ['ATOMUSDT', 4.302, 3, 1, 611],
  ['OPUSDT', 0.6234, 4, 1, 5_210],
  ['AAVEUSDT', 262.44, 2, 2, 8.11],
  ['FILUSDT', 2.481, 3, 1, 740],
  ['1000PEPEUSDT', 0.0108342, 7, 0, 312_000],
  ['HYPEUSDT', 38.271, 3, 2, 55.2],
  ['WLDUSDT', 1.0841, 4, 1, 1_905],
  ['ENAUSDT', 0.29716, 5, 0, 9_240],
  ['TIAUSDT', 1.6284, 4, 1, 1_280],
  ['INJUSDT', 11.214, 3, 1, 131.7],
  ['TONUSDT', 2.9173, 4, 1, 402.8],
  ['ETCUSDT', 16.412, 3, 1, 88.3],
  ['1000BONKUSDT', 0.0141263, 7, 0, 188_400],
];

/** A seeded generator (mulberry32), so that every run shows the same desk. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const shares = [0.85, 0.05, 0.05, 0.05];

/** One position; `n` counts over both accounts, so symbols repeat with a number behind when there are many. */
export function fixturePosition(n: number, now: number, random: () => number): KnownRow {
  const contract = contracts[Math.floor(n / 2) % contracts.length];
  if (!contract) throw new Error('No contract.');
  const [name, price, priceDecimals, quantityDecimals, usual] = contract;
  const round = Math.floor(n / 2 / contracts.length);
  const account = n % 2 === 0 ? 'main' : 'mirror';
  const side = random() < 0.62 ? 'long' : 'short';
  const way = side === 'long' ? 1 : -1;
  const entry = price * (1 - way * (random() - 0.4) * 0.03);
  const full = usual * (account === 'main' ? 1 : 0.31) * (1 + round * 0.1);
  const at = (value: number): string => value.toFixed(priceDecimals);
  const hit = random() < 0.25;
  const size = hit ? full * 0.15 : full;
  const breakeven = hit;
  const stopPrice = at(
    breakeven ? entry * (1 + way * 0.0012) : entry * (1 - way * (0.02 + random() * 0.03)),
  );
  const takeProfits = shares.map((share, index) => {
    const quantity = (full * share).toFixed(quantityDecimals);
    const part =
      index === 0 && !hit && random() < 0.1 ? (full * share * 0.4).toFixed(quantityDecimals) : '0';
    return {
      level: index + 1,
      price: at(entry * (1 + way * (0.012 + index * 0.014))),
      quantity,
      filledQuantity: hit && index === 0 ? quantity : part,
      orderId: `o${n}-${index}`,
    };
  });
  const building = !hit && random() < 0.12;
  const row = judged({
    account,
    symbol: round === 0 ? name : name.replace('USDT', `${round}USDT`),
    side,
    positionIdx: 0,
    size: size.toFixed(quantityDecimals),
    entryPrice: at(entry),
    markPrice: at(price),
    unrealisedPnl: '0',
    leverage: String([3, 5, 10, 20][Math.floor(random() * 4)]),
    liquidationPrice: at(entry * (1 - way * 0.26)),
    stop: { price: stopPrice, quantity: 'full', source: 'position' },
    protectedSize: size.toFixed(quantityDecimals),
    takeProfits,
    phase: hit ? 'taking-profit' : building ? 'building' : 'protected',
    urgency: 'active',
    breakevenMoved: breakeven,
    nearest: null,
    priceDecimals,
    quantityDecimals,
    asOf: now,
    source: 'stream',
  });
  return marked(row, price, now);
}

/** The position at another mark: P&L, nearest level and urgency follow. */
export function marked<Row extends PositionRow>(row: Row, price: number, now: number): Row {
  const way = row.side === 'long' ? 1 : -1;
  const pnl = (price - Number(row.entryPrice)) * Number(row.size) * way;
  const levels = [
    ...row.takeProfits
      .filter(({ quantity, filledQuantity }) => quantity !== filledQuantity)
      .map((rung) => ({ what: `TP${rung.level}`, price: rung.price })),
    ...(row.stop ? [{ what: 'Stop', price: row.stop.price }] : []),
  ].map((level) => ({ ...level, distance: Math.abs(Number(level.price) - price) / price }));
  const nearest = levels.toSorted((a, b) => a.distance - b.distance)[0] ?? null;
  const near = nearest?.distance ?? 1;
  return {
    ...row,
    markPrice: price.toFixed(row.priceDecimals),
    unrealisedPnl: pnl.toFixed(8),
    nearest,
    urgency: !row.stop || near < 0.01 ? 'critical' : near < 0.03 ? 'urgent' : 'active',
    asOf: now,
  };
}
