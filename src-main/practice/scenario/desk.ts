import { type Decimal, fromNumber } from '../../domain/numbers.ts';
import type { Account, Role } from '../engine/state/state.ts';
import type { Venue } from '../engine/state/venue.ts';
import { fund, openAll, type Plan, type Stage } from './build.ts';

/** Well-known contracts. */
const known =
  'BTC ETH SOL XRP DOGE ADA BNB LINK AVAX SUI LTC DOT UNI AAVE NEAR APT ARB OP INJ TIA ATOM FIL TRX BCH ETC XLM ICP LDO ONDO 1000PEPE'
    .split(' ')
    .map((base) => `${base}USDT`);

/** The thirty contracts that are held: those of a tape first. */
export const symbolsFor = (venue: Venue, taped: Iterable<string>): string[] =>
  [...new Set([...taped, ...known])]
    .filter((symbol) => venue.contracts.get(symbol)?.settle === 'USDT')
    .slice(0, known.length);

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

/** What is held, how far along, with what. */
export function deskPlans(symbols: readonly string[]): Plan[] {
  return symbols.map((symbol, at) => ({
    symbol,
    side: at % 3 === 1 ? 'Sell' : 'Buy',
    stage: stages[at % stages.length] ?? 'running',
    value: at < 2 ? '16000' : fromNumber(3200 + ((at * 370) % 2600)),
    leverage: at < 3 ? '20' : '10',
    conditionalStop: at % 10 === 4,
    idx: 0,
  }));
}

/** Each account's money and share of every plan: the mirror follows at a third. */
export function openEach(
  venue: Venue,
  balances: Record<Role, Decimal>,
  plansOf: (account: Account) => Plan[],
): void {
  for (const account of venue.accounts) {
    fund(account, balances[account.role]);
    openAll(venue, account, plansOf(account), account.role === 'main' ? '1' : '0.33');
  }
}

/** 30 positions on main; the mirror holds the same at a third, but one other symbol. */
export function populateDesk(venue: Venue, symbols: readonly string[]): void {
  const plans = deskPlans(symbols);
  const own = (plan: Plan): Plan =>
    plan.symbol === 'ICPUSDT' ? { ...plan, symbol: 'CRVUSDT' } : plan;
  openEach(venue, { main: '49000', mirror: '16000' }, ({ role }) =>
    role === 'main' ? plans : plans.map(own),
  );
}
