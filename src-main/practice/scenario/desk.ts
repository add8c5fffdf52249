import { fromNumber } from '../../domain/numbers.ts';
import type { Venue } from '../engine/state/venue.ts';
import { fund, openAll, type Plan, type Stage } from './build.ts';

/** Thirty well-known contracts: what is held, how far along, with what. */
const symbols =
  'BTC ETH SOL XRP DOGE ADA BNB LINK AVAX SUI LTC DOT UNI AAVE NEAR APT ARB OP INJ TIA ATOM FIL TRX BCH ETC XLM ICP LDO ONDO 1000PEPE'.split(
    ' ',
  );

/** A third still entering, a third running, a third past a target. */
const stages: Stage[] = [
  'building',
  'running',
  'after-tp1',
  'built',
  'after-tp2',
  'after-tp1',
  'running',
  'after-tp3',
];

export function deskPlans(): Plan[] {
  return symbols.map((base, at) => ({
    symbol: `${base}USDT`,
    side: at % 3 === 1 ? 'Sell' : 'Buy',
    stage: stages[at % stages.length] ?? 'running',
    value: at < 2 ? '16000' : fromNumber(3200 + ((at * 370) % 2600)),
    leverage: at < 3 ? '20' : '10',
    conditionalStop: at % 10 === 4,
    idx: 0,
  }));
}

/** 30 positions on main; the mirror holds the same at a third, but one other symbol. */
export function populateDesk(venue: Venue): void {
  const plans = deskPlans();
  const [main, mirror] = venue.accounts;
  if (main === undefined || mirror === undefined) return;
  fund(main, '49000');
  fund(mirror, '16000');
  openAll(venue, main, plans, '1');
  const own = (plan: Plan): Plan =>
    plan.symbol === 'ICPUSDT' ? { ...plan, symbol: 'CRVUSDT' } : plan;
  openAll(venue, mirror, plans.map(own), '0.33');
}
