import { money, plain } from '../engine/money/arithmetic.ts';
import type { Execution } from '../engine/state/state.ts';

type Row = Record<string, unknown>;

/** An execution as `/v5/execution/list` spells it. */
export function restExecution(execution: Execution): Row {
  return {
    symbol: execution.symbol,
    orderType: execution.orderType,
    underlyingPrice: '',
    orderLinkId: execution.orderLinkId,
    orderId: execution.orderId,
    stopOrderType: execution.stopOrderType,
    execTime: String(execution.execTime),
    feeCurrency: execution.feeCurrency,
    createType: execution.createType,
    feeRate: plain(execution.feeRate),
    tradeIv: '',
    blockTradeId: '',
    markPrice: plain(execution.markPrice),
    execPrice: plain(execution.execPrice),
    markIv: '',
    orderQty: plain(execution.orderQty),
    orderPrice: plain(execution.orderPrice),
    execValue: money(execution.execValue),
    closedSize: plain(execution.closedSize),
    execType: execution.execType,
    seq: execution.seq,
    side: execution.side,
    indexPrice: '',
    leavesQty: plain(execution.leavesQty),
    isMaker: execution.isMaker,
    execFee: money(execution.execFee),
    execId: execution.execId,
    marketUnit: '',
    execQty: plain(execution.execQty),
    extraFees: '',
  };
}

/** The stream adds category, `isLeverage` and the price P&L of what was closed. */
export const streamExecution = (execution: Execution): Row => ({
  category: 'linear',
  ...restExecution(execution),
  isLeverage: '0',
  execPnl: money(execution.execPnl),
});

/** `execution.fast`: few fields, and no link id for maker fills. */
export const fastRow = (execution: Execution): Row => ({
  category: 'linear',
  symbol: execution.symbol,
  execId: execution.execId,
  execPrice: plain(execution.execPrice),
  execQty: plain(execution.execQty),
  orderId: execution.orderId,
  isMaker: execution.isMaker,
  orderLinkId: execution.isMaker ? '' : execution.orderLinkId,
  side: execution.side,
  execTime: String(execution.execTime),
  seq: execution.seq,
});
