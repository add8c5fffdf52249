import { type Decimal, minus, negated, plus, times, toStep } from '../../../domain/numbers.ts';
import { money, signed } from '../money/arithmetic.ts';
import { debit } from '../money/margin.ts';
import { keep } from '../money/record.ts';
import { during } from '../state/batch.ts';
import type { Account, Position } from '../state/state.ts';
import { contractOf, isOpen, markPrice, quoteOf, type Venue } from '../state/venue.ts';

/** The next time (market ms, UTC aligned) a contract pays funding. */
export const nextFunding = (at: number, minutes: number): number => {
  const every = minutes * 60_000;
  return (Math.floor(at / every) + 1) * every;
};

/** Every interval is a number of whole hours. */
const hour = 3_600_000;

/** Pays every funding whose time lies in (from, to]. */
export function payFunding(venue: Venue, from: number, to: number): void {
  if (Math.floor(from / hour) === Math.floor(to / hour)) return;
  for (const account of venue.accounts) {
    for (const position of account.positions.values()) {
      if (!isOpen(position)) continue;
      const contract = contractOf(venue, position.symbol);
      let due = nextFunding(from, contract.fundingMinutes);
      for (; due <= to; due = nextFunding(due, contract.fundingMinutes))
        settle(venue, account, position, due);
    }
  }
}

/** `execFee = value·rate`, positive = paid; a short's rate is shown negated. */
function settle(venue: Venue, account: Account, position: Position, due: number): void {
  const contract = contractOf(venue, position.symbol);
  const quote = quoteOf(venue, position.symbol);
  const mark = markPrice(quote);
  const side = position.side === 'Sell' ? 'Sell' : 'Buy';
  const value = times(position.size, mark);
  const rate = signed(side, quote.fundingRate);
  const fee: Decimal = money(times(value, rate));
  during(venue, account, (batch) => {
    debit(account, contract.settle, fee);
    position.curRealised = minus(position.curRealised, fee);
    position.cumRealised = minus(position.cumRealised, fee);
    position.seq = venue.seq;
    position.updatedTime = venue.time.now();
    const execution = {
      symbol: position.symbol,
      orderId: venue.random.uuid(),
      orderLinkId: '',
      side: side === 'Buy' ? ('Buy' as const) : ('Sell' as const),
      orderPrice: '0',
      orderQty: '0',
      leavesQty: '0',
      createType: '',
      orderType: 'UNKNOWN' as const,
      stopOrderType: 'UNKNOWN',
      execFee: fee,
      execId: venue.random.uuid(),
      execPrice: mark,
      execQty: position.size,
      execType: 'Funding' as const,
      execValue: value,
      execTime: venue.time.now(),
      feeCurrency: contract.settle,
      isMaker: false,
      feeRate: toStep(rate, '0.000001', 'down'),
      markPrice: mark,
      closedSize: '0',
      execPnl: '0',
      seq: venue.seq,
    };
    keep(account.executions, execution);
    keep(account.log, {
      id: `${account.uid}_${position.symbol}_${venue.seq}`,
      symbol: position.symbol,
      category: 'linear' as const,
      side,
      transactionTime: execution.execTime,
      type: 'SETTLEMENT' as const,
      qty: position.size,
      size: signed(side, position.size),
      currency: contract.settle,
      tradePrice: mark,
      funding: negated(fee),
      fee: '0',
      cashFlow: '0',
      change: negated(fee),
      cashBalance: plus(account.coins[contract.settle]?.walletBalance ?? '0', '0'),
      feeRate: execution.feeRate,
      tradeId: execution.execId,
      orderId: `${due / 1000}-${account.uid}-${position.idx}`,
      orderLinkId: '',
    });
    batch.execution(execution);
    batch.position(position.symbol);
    batch.coin(contract.settle);
  });
}
