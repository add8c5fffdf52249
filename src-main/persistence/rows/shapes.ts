import { z } from 'zod';
import type { Mode, Role, Venue } from '../../domain/account.ts';
import type { Execution, ExecutionType } from '../../domain/execution.ts';
import type { Order, StopOrderType } from '../../domain/order.ts';
import type {
  AccountRecord,
  AlertRecord,
  CycleRecord,
  EquityRecord,
  IntentRecord,
  JournalRecord,
  OperationRecord,
  SightingRecord,
  TimelineRecord,
  TradeEventRecord,
  TradeRecord,
} from '../records.ts';
import {
  count,
  decimal,
  name,
  nullableDecimal,
  oneOf,
  orderSide,
  position,
  positionIdx,
  side,
  text,
  time,
} from './fields.ts';

export const executionShape: z.ZodType<Execution> = z.strictObject({
  account: name,
  symbol: name,
  execId: name,
  orderId: text,
  orderLinkId: text.nullable(),
  type: oneOf<ExecutionType>({
    Trade: 1,
    Funding: 1,
    AdlTrade: 1,
    BustTrade: 1,
    Settle: 1,
    Delivery: 1,
    BlockTrade: 1,
    MovePosition: 1,
    CorporateAction: 1,
    FutureSpread: 1,
    other: 1,
  }),
  side: orderSide.nullable(),
  orderType: oneOf<Order['type']>({ Market: 1, Limit: 1, other: 1 }).nullable(),
  stopOrderType: oneOf<StopOrderType>({
    TakeProfit: 1,
    StopLoss: 1,
    TrailingStop: 1,
    Stop: 1,
    PartialTakeProfit: 1,
    PartialStopLoss: 1,
    MmRateClose: 1,
    tpslOrder: 1,
    OcoOrder: 1,
    BidirectionalTpslOrder: 1,
    other: 1,
  }).nullable(),
  createType: text.nullable(),
  price: decimal,
  quantity: decimal,
  value: nullableDecimal,
  fee: nullableDecimal,
  feeRate: nullableDecimal,
  feeCurrency: text.nullable(),
  isMaker: z.boolean(),
  orderPrice: nullableDecimal,
  orderQuantity: nullableDecimal,
  leavesQuantity: nullableDecimal,
  closedSize: nullableDecimal,
  pnl: nullableDecimal,
  markPrice: nullableDecimal,
  executedAt: time,
  seq: z.number().nullable(),
  others: z.record(z.string(), text).exactOptional(),
});

export const accountShape: z.ZodType<AccountRecord> = z.strictObject({
  id: name,
  role: oneOf<Role>({ main: 1, mirror: 1 }),
  venue: oneOf<Venue>({ practice: 1, custom: 1, demo: 1, testnet: 1, live: 1 }),
  mode: oneOf<Mode>({ watch: 1, propose: 1, armed: 1 }),
});

export const intentShape: z.ZodType<IntentRecord> = z.strictObject({
  id: name,
  account: name,
  position: position.nullable(),
  pending: z.boolean(),
  step: text,
  at: time,
  data: z.json(),
});

/** All sightings, packed into one row. */
export const sightingsShape: z.ZodType<SightingRecord[]> = z
  .array(z.tuple([position, nullableDecimal, z.number().nullable(), time]))
  .transform((rows) =>
    rows.map(([position, markPrice, distance, checkedAt]) => ({
      position,
      markPrice,
      distance,
      checkedAt,
    })),
  );

export const timelineShape: z.ZodType<TimelineRecord> = z.strictObject({
  id: name,
  account: name,
  symbol: name,
  positionIdx,
  at: time,
  stage: oneOf<TimelineRecord['stage']>({
    seen: 1,
    decided: 1,
    'would-do': 1,
    sent: 1,
    confirmed: 1,
    refused: 1,
    unknown: 1,
  }),
  text,
  detail: text.nullable(),
});

export const alertShape: z.ZodType<AlertRecord> = z.strictObject({
  id: name,
  severity: oneOf<AlertRecord['severity']>({ critical: 1, warning: 1, info: 1 }),
  rule: text,
  account: text.nullable(),
  symbol: text.nullable(),
  text,
  at: time,
  owed: z.array(name),
});

export const equityShape: z.ZodType<EquityRecord> = z.strictObject({
  account: name,
  at: time,
  equity: decimal,
  available: nullableDecimal,
  unrealisedPnl: nullableDecimal,
});

export const cycleShape: z.ZodType<CycleRecord> = z.strictObject({
  startedAt: time,
  durationMs: z.number(),
  restCalls: count,
  cacheAnswers: count,
  monitors: count,
  urgency: z.record(text, count),
  actions: count,
});

export const tradeShape: z.ZodType<TradeRecord> = z.strictObject({
  version: z.literal(1),
  id: name,
  account: name,
  symbol: name,
  positionIdx,
  side,
  size: decimal,
  entered: decimal,
  left: decimal,
  entryPrice: nullableDecimal,
  exitPrice: nullableDecimal,
  grossPnl: nullableDecimal,
  fees: nullableDecimal,
  funding: nullableDecimal,
  realisedPnl: nullableDecimal,
  adopted: z.boolean(),
  openedAt: time,
  closedAt: time.nullable(),
  closeReason: text.nullable(),
});

export const tradeEventShape: z.ZodType<TradeEventRecord> = z.strictObject({
  id: name,
  trade: name,
  account: name,
  kind: oneOf<TradeEventRecord['kind']>({
    opened: 1,
    entry: 1,
    exit: 1,
    funding: 1,
    change: 1,
    closed: 1,
  }),
  at: time,
  price: nullableDecimal,
  quantity: nullableDecimal,
  fee: nullableDecimal,
  text,
});

export const journalShape: z.ZodType<JournalRecord> = z.strictObject({
  id: name,
  at: time,
  reason: name,
  subject: z.array(text),
  before: z.record(text, z.json()),
  after: z.record(text, z.json()),
  outcome: oneOf<JournalRecord['outcome']>({ committed: 1, 'rolled-back': 1 }),
  why: text.nullable(),
});

export const operationShape: z.ZodType<OperationRecord> = z.strictObject({
  id: name,
  what: name,
  author: oneOf<OperationRecord['author']>({ operator: 1, desk: 1 }),
  accounts: z.array(name),
  beganAt: time,
  endedAt: time.nullable(),
  state: oneOf<OperationRecord['state']>({
    running: 1,
    committed: 1,
    'rolled-back': 1,
    interrupted: 1,
  }),
  steps: z.array(z.strictObject({ text, doneAt: time.nullable() })),
  summary: text.nullable(),
  why: text.nullable(),
});

export const settingShape: z.ZodType<{ name: string; value: unknown }> = z.strictObject({
  name,
  value: z.json(),
});
