import type { Decimal } from '../../domain/numbers.ts';
import { hashOf } from '../random.ts';
import type { Contract } from './contracts.ts';

/** Round levels of well-known contracts in mid-2025, quote currency. */
const known: Record<string, Decimal> = {
  BTC: '104000',
  ETH: '2500',
  SOL: '147',
  XRP: '2.18',
  DOGE: '0.2',
  ADA: '0.66',
  BNB: '650',
  LINK: '13.6',
  AVAX: '20.4',
  SUI: '3.2',
  LTC: '88',
  DOT: '3.95',
  UNI: '7.4',
  AAVE: '270',
  NEAR: '2.4',
  APT: '4.8',
  ARB: '0.35',
  OP: '0.63',
  INJ: '12.6',
  TIA: '2.15',
  SEI: '0.2',
  WLD: '1.12',
  ATOM: '4.3',
  FIL: '2.5',
  TRX: '0.272',
  BCH: '420',
  ETC: '17.4',
  XLM: '0.265',
  HBAR: '0.168',
  ICP: '5.4',
  RUNE: '1.6',
  LDO: '0.84',
  CRV: '0.61',
  ENA: '0.31',
  ONDO: '0.82',
  JUP: '0.46',
  PYTH: '0.112',
  '1000PEPE': '0.0118',
  '1000BONK': '0.0158',
  WIF: '0.86',
  TAO: '375',
  RENDER: '3.6',
  GALA: '0.0158',
  SAND: '0.26',
  STX: '0.7',
  IMX: '0.52',
  ALGO: '0.19',
  VET: '0.0238',
  KAS: '0.086',
  POL: '0.214',
  S: '0.37',
  HYPE: '36',
  MNT: '0.66',
  PENDLE: '3.9',
  ENS: '20',
  DYDX: '0.55',
  GMX: '15',
  COMP: '49',
  SNX: '0.68',
  ZEC: '50',
  DASH: '21',
  XMR: '330',
};

/** Where a contract starts. The less known ones get a level that suits their tick and lot. */
export function startPrice(contract: Contract): Decimal {
  const level = known[contract.base];
  if (level !== undefined) return level;
  const ticks = 1500 + (hashOf(contract.symbol) % 7500);
  return contract.grid.price(ticks);
}
