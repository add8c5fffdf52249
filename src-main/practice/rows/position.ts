import { averagePrice, money, plain } from '../engine/money/arithmetic.ts';
import {
  type AccountTotals,
  type Figures,
  figuresOf,
  isolatedOf,
  liquidationPrice,
} from '../engine/money/margin.ts';
import { tierFor } from '../engine/money/tiers.ts';
import type { Account, Position } from '../engine/state/state.ts';
import { contractOf, isOpen, markPrice, quoteOf, type Venue } from '../engine/state/venue.ts';

type Row = Record<string, unknown>;

function common(venue: Venue, position: Position): Row {
  const tier = tierFor(contractOf(venue, position.symbol), position.entryValue);
  // A leg that was never traded has no times.
  const never = position.seq < 0;
  return {
    positionIdx: position.idx,
    riskId: tier.id,
    riskLimitValue: tier.limit,
    symbol: position.symbol,
    side: position.side,
    size: plain(position.size),
    tradeMode: 0,
    positionStatus: position.status,
    autoAddMargin: position.autoAddMargin,
    leverage: plain(position.leverage),
    positionBalance: '0',
    markPrice: markPrice(quoteOf(venue, position.symbol)),
    bustPrice: '',
    tpslMode: 'Full',
    trailingStop: plain(position.trailingStop),
    sessionAvgPrice: '',
    curRealisedPnl: money(position.curRealised),
    cumRealisedPnl: money(position.cumRealised),
    seq: position.seq,
    isReduceOnly: false,
    mmrSysUpdatedTime: '',
    leverageSysUpdatedTime: '',
    createdTime: never ? '' : String(position.createdTime),
    updatedTime: never ? '' : String(position.updatedTime),
    openTime: position.openTime,
  };
}

/** A position as `/v5/position/list` spells it; a flat leg has empty strings where nothing applies. */
export function restPosition(
  venue: Venue,
  account: Account,
  position: Position,
  totals: AccountTotals,
): Row {
  const shared = common(venue, position);
  const levels = { takeProfit: plain(position.takeProfit), stopLoss: plain(position.stopLoss) };
  if (!isOpen(position)) {
    return {
      ...shared,
      ...levels,
      avgPrice: '0',
      positionValue: '',
      unrealisedPnl: '',
      breakEvenPrice: '',
      liqPrice: '',
      positionIM: '0',
      positionIMByMp: '0',
      positionMM: '0',
      positionMMByMp: '0',
      adlRankIndicator: 0,
    };
  }
  const figures = figuresOf(venue, account, position);
  return {
    ...shared,
    ...levels,
    avgPrice: averagePrice(position.entryValue, position.size),
    positionValue: money(position.entryValue),
    unrealisedPnl: money(figures.unrealised),
    breakEvenPrice: figures.breakEven,
    liqPrice: liquidationPrice(venue, account, position, totals),
    bustPrice: bankruptcyOf(venue, account, position),
    positionIM: money(figures.initial),
    positionIMByMp: money(figures.initial),
    positionMM: money(figures.maintenance),
    positionMMByMp: money(figures.maintenance),
    adlRankIndicator: adlRank(figures),
  };
}

/** 1 for a loss, up to 5 for a gain of more than twice the margin: who is deleveraged first. */
function adlRank({ unrealised, initial }: Figures): number {
  const gain = Number(unrealised) / Math.max(Number(initial), 1e-9);
  return gain <= 0 ? 1 : gain < 0.5 ? 2 : gain < 1 ? 3 : gain < 2 ? 4 : 5;
}

function bankruptcyOf(venue: Venue, account: Account, position: Position): string {
  if (account.marginMode !== 'ISOLATED_MARGIN' || position.side === '') return '';
  const contract = contractOf(venue, position.symbol);
  const { bankruptcy } = isolatedOf(venue, position);
  return contract.grid.price(contract.grid.ticks(bankruptcy));
}

/** The same as the private stream spells it: `entryPrice`, "0" where REST has "", category inside. */
export function streamPosition(
  venue: Venue,
  account: Account,
  position: Position,
  totals: AccountTotals,
): Row {
  const flat = !isOpen(position);
  const row = restPosition(venue, account, position, totals);
  // No recorded row of the stream has `openTime`.
  const { avgPrice, openTime: _, ...rest } = row;
  const zero = (value: unknown): unknown => (value === '' ? '0' : value);
  return {
    ...rest,
    entryPrice: avgPrice,
    category: 'linear',
    takeProfit: zero(row.takeProfit),
    stopLoss: zero(row.stopLoss),
    sessionAvgPrice: '0',
    breakEvenPrice: zero(row.breakEvenPrice),
    positionValue: zero(row.positionValue),
    unrealisedPnl: zero(row.unrealisedPnl),
    liqPrice: flat ? '0' : row.liqPrice,
    ...(flat ? { positionIM: '', positionIMByMp: '', positionMM: '', positionMMByMp: '' } : {}),
  };
}
