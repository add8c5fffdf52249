import { z } from 'zod';
import type { Execution } from '../domain/execution.ts';
import type { PositionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import { isDecimal } from '../domain/numbers.ts';
import type {
  AccountRecord,
  AlertRecord,
  CycleRecord,
  EquityRecord,
  IntentRecord,
  JournalRecord,
  SightingRecord,
  TimelineRecord,
  TradeEventRecord,
  TradeRecord,
} from './records.ts';

/**
 * What may lie in the database, checked both when it is saved and when it is loaded (P43). Strict:
 * a field that nobody declared here would be lost at the next start, so it is refused at once.
 */
const decimal = z.string().refine(isDecimal, 'is not a decimal number');
const nullableDecimal = decimal.nullable();
const text = z.string();
const name = z.string().min(1);
const time = z.number().int();
const count = z.number().int().nonnegative();
const position = z.custom<PositionKey>((value) => typeof value === 'string' && value !== '');
const positionIdx = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const side = z.enum(['long', 'short']);
const orderSide = z.enum(['Buy', 'Sell']);

export const monitorShape: z.ZodType<Monitor> = z.strictObject({
  version: z.literal(1),
  account: name,
  symbol: name,
  positionIdx,
  side,
  phase: z.enum(['adopted', 'building', 'protected', 'taking-profit', 'closed']),
  targetSize: decimal,
  size: decimal,
  entryPrice: nullableDecimal,
  entries: z.array(
    z.strictObject({
      orderId: name,
      price: nullableDecimal,
      quantity: decimal,
      filledQuantity: decimal,
      open: z.boolean(),
    }),
  ),
  takeProfits: z.array(
    z.strictObject({
      level: count,
      price: decimal,
      quantity: decimal,
      filledQuantity: decimal,
      orderId: text.nullable(),
      state: z.enum(['open', 'filled', 'gone']),
    }),
  ),
  stop: z
    .strictObject({
      price: decimal,
      quantity: z.union([z.literal('full'), decimal]),
      source: z.enum(['position', 'order']),
      orderId: text.nullable(),
    })
    .nullable(),
  breakevenMoved: z.boolean(),
  lastExecution: z.strictObject({ execId: name, executedAt: time }).nullable(),
  openedAt: time,
  phaseChangedAt: time,
  updatedAt: time,
});

export const executionShape: z.ZodType<Execution> = z.strictObject({
  account: name,
  symbol: name,
  execId: name,
  orderId: text,
  orderLinkId: text.nullable(),
  type: z.enum([
    'Trade',
    'Funding',
    'AdlTrade',
    'BustTrade',
    'Settle',
    'Delivery',
    'BlockTrade',
    'MovePosition',
    'CorporateAction',
  ]),
  side: orderSide.nullable(),
  orderType: z.enum(['Market', 'Limit']).nullable(),
  stopOrderType: z
    .enum([
      'TakeProfit',
      'StopLoss',
      'TrailingStop',
      'Stop',
      'PartialTakeProfit',
      'PartialStopLoss',
    ])
    .nullable(),
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
});

export const accountShape: z.ZodType<AccountRecord> = z.strictObject({
  id: name,
  role: z.enum(['main', 'mirror']),
  venue: z.enum(['practice', 'custom', 'demo', 'testnet', 'live']),
  mode: z.enum(['watch', 'propose', 'armed']),
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
  stage: z.enum(['seen', 'decided', 'would-do', 'sent', 'confirmed', 'refused', 'unknown']),
  text,
  detail: text.nullable(),
});

export const alertShape: z.ZodType<AlertRecord> = z.strictObject({
  id: name,
  severity: z.enum(['critical', 'warning', 'info']),
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
  grossPnl: decimal,
  fees: decimal,
  funding: decimal,
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
  kind: z.enum(['opened', 'entry', 'exit', 'funding', 'change', 'closed']),
  at: time,
  price: nullableDecimal,
  quantity: nullableDecimal,
  text,
});

export const journalShape: z.ZodType<JournalRecord> = z.strictObject({
  id: name,
  at: time,
  reason: name,
  subject: z.array(text),
  before: z.record(text, z.json()),
  after: z.record(text, z.json()),
  outcome: z.enum(['committed', 'rolled-back']),
  why: text.nullable(),
});

export const settingShape: z.ZodType<{ name: string; value: unknown }> = z.strictObject({
  name,
  value: z.json(),
});
