import type { Execution } from '../../src-main/domain/execution.ts';
import { type Monitor, unplanned } from '../../src-main/domain/monitor.ts';
import type { TradeRecord } from '../../src-main/persistence/records.ts';
import type { OperationAbout } from '../../src-main/persistence/store.ts';

export function sampleMonitor(changes: Partial<Monitor> = {}): Monitor {
  return {
    version: 2,
    account: 'main',
    symbol: 'BTCUSDT',
    positionIdx: 0,
    side: 'long',
    opening: 1_748_736_000_000,
    phase: 'protected',
    targetSize: '0.3',
    size: '0.2',
    entryPrice: '64000.5',
    entries: [
      {
        orderId: 'e1',
        price: '64000',
        quantity: '0.2',
        filledQuantity: '0.2',
        open: false,
        planned: true,
      },
      {
        orderId: 'e2',
        price: '63000',
        quantity: '0.1',
        filledQuantity: '0',
        open: true,
        planned: true,
      },
    ],
    takeProfits: [
      {
        level: 1,
        price: '66000',
        quantity: '0.17',
        filledQuantity: '0',
        orderId: 't1',
        state: 'open',
      },
    ],
    stop: { price: '62000', quantity: 'full', source: 'position', orderId: null },
    otherStops: [],
    ...unplanned(),
    breakevenMoved: false,
    lastExecution: { execId: 'x1', executedAt: 1_748_736_000_000 },
    openedAt: 1_748_736_000_000,
    phaseChangedAt: 1_748_736_000_000,
    updatedAt: 1_748_736_000_000,
    ...changes,
  };
}

export function sampleExecution(changes: Partial<Execution> = {}): Execution {
  return {
    account: 'main',
    symbol: 'BTCUSDT',
    execId: 'x1',
    orderId: 'e1',
    orderLinkId: null,
    type: 'Trade',
    side: 'Buy',
    orderType: 'Limit',
    stopOrderType: null,
    createType: 'CreateByUser',
    price: '100',
    quantity: '1',
    value: '100',
    fee: '0.02',
    feeRate: '0.0002',
    feeCurrency: 'USDT',
    isMaker: true,
    orderPrice: '100',
    orderQuantity: '1',
    leavesQuantity: '0',
    closedSize: '0',
    pnl: null,
    markPrice: '100',
    executedAt: 1_748_736_000_000,
    seq: 1,
    ...changes,
  };
}

export function sampleTrade(changes: Partial<TradeRecord> = {}): TradeRecord {
  return {
    version: 1,
    id: 'main/BTCUSDT/0/x1',
    account: 'main',
    symbol: 'BTCUSDT',
    positionIdx: 0,
    side: 'long',
    size: '0',
    entered: '1',
    left: '1',
    entryPrice: '100',
    exitPrice: '110',
    grossPnl: '10',
    fees: '0.1',
    funding: '0',
    realisedPnl: '9.9',
    adopted: false,
    openedAt: 1_748_736_000_000,
    closedAt: 1_748_736_060_000,
    closeReason: 'take-profit',
    ...changes,
  };
}

export const someChange: OperationAbout = {
  reason: 'phase-change',
  what: 'Change two monitors',
  author: 'operator',
  accounts: ['main'],
  summary: 'Both are changed.',
  onRefusal: 'roll-back',
};
