import { z } from 'zod';
import type { Author, Goal, Want } from '../../domain/goal.ts';
import {
  type Monitor,
  type Phase,
  type Stop,
  type TakeProfit,
  unplanned,
} from '../../domain/monitor.ts';
import type { TriggerBy } from '../../domain/order.ts';
import {
  count,
  decimal,
  name,
  nullableDecimal,
  oneOf,
  orderSide,
  positionIdx,
  side,
  text,
  time,
} from './fields.ts';

const triggerBy = oneOf<TriggerBy>({ LastPrice: 1, MarkPrice: 1, IndexPrice: 1 });

const want: z.ZodType<Want> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('covered'),
    price: decimal,
    triggerBy: triggerBy.nullable(),
    called: text,
  }),
  z.strictObject({ kind: z.literal('trail'), distance: decimal, from: nullableDecimal }),
  z.strictObject({
    kind: z.literal('ladder'),
    rungs: z.array(z.strictObject({ level: count, price: decimal, share: decimal })),
  }),
  z.strictObject({
    kind: z.literal('entries'),
    entries: z.array(
      z.strictObject({
        id: name,
        side: orderSide,
        price: nullableDecimal,
        quantity: decimal,
      }),
    ),
  }),
  z.strictObject({ kind: z.literal('no-entries') }),
  z.strictObject({ kind: z.literal('size-at-most'), size: decimal }),
  z.strictObject({ kind: z.literal('paired'), ratio: decimal, mayGrow: z.boolean() }),
  z.strictObject({ kind: z.literal('no-orders'), whose: z.enum(['own', 'all']) }),
]);

const goal: z.ZodType<Goal> = z.strictObject({
  want,
  author: oneOf<Author>({ operator: 1, guard: 1, rule: 1, adopted: 1 }),
  reason: text,
  since: time,
  opening: time.nullable(),
});

const entry = {
  orderId: name,
  price: nullableDecimal,
  quantity: decimal,
  filledQuantity: decimal,
  open: z.boolean(),
};

const stop = z.strictObject({
  price: decimal,
  quantity: z.union([z.literal('full'), decimal]),
  source: oneOf<Stop['source']>({ position: 1, order: 1 }),
  orderId: text.nullable(),
});

/** What both versions have, entries aside. */
const both = {
  account: name,
  symbol: name,
  positionIdx,
  side,
  phase: oneOf<Phase>({ adopted: 1, building: 1, protected: 1, 'taking-profit': 1, closed: 1 }),
  targetSize: decimal,
  size: decimal,
  entryPrice: nullableDecimal,
  takeProfits: z.array(
    z.strictObject({
      level: count,
      price: decimal,
      quantity: decimal,
      filledQuantity: decimal,
      orderId: text.nullable(),
      state: oneOf<TakeProfit['state']>({ open: 1, filled: 1, gone: 1 }),
    }),
  ),
  stop: stop.nullable(),
  breakevenMoved: z.boolean(),
  lastExecution: z.strictObject({ execId: name, executedAt: time }).nullable(),
  openedAt: time,
  phaseChangedAt: time,
  updatedAt: time,
};

const version2 = z.strictObject({
  ...both,
  version: z.literal(2),
  opening: time.nullable(),
  entries: z.array(z.strictObject({ ...entry, planned: z.boolean() })),
  otherStops: z.array(stop),
  plan: z.strictObject({
    stop: z.strictObject({ price: decimal, triggerBy }).nullable(),
    ladder: z.array(z.strictObject({ level: count, share: decimal })).nullable(),
    goals: z.array(goal),
  }),
  rules: z.strictObject({ risk: nullableDecimal, trailedFrom: nullableDecimal }),
});

/** What the first version did not know is learned at the next look: nothing is made up. */
const version1 = z
  .strictObject({ ...both, version: z.literal(1), entries: z.array(z.strictObject(entry)) })
  .transform(
    (row): Monitor => ({
      ...row,
      ...unplanned(),
      version: 2,
      opening: null,
      entries: row.entries.map((one) => ({ ...one, planned: true })),
      otherStops: [],
    }),
  );

/** A monitor of either version, read as one of the second. */
export const monitorShape: z.ZodType<Monitor> = z.discriminatedUnion('version', [
  version2,
  version1,
]);
