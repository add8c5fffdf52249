import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountId } from '../../domain/account.ts';
import { positionKey } from '../../domain/keys.ts';
import { OWN_LINK } from '../../domain/order.ts';
import type { Place } from '../../exchange/account-book.ts';
import type { IntentRecord } from '../../persistence/records.ts';
import type { Write } from '../goals/step.ts';
import { dataOfVersion1 } from './intent-version-1.ts';

const decimal = z.string();
const triggerBy = z.enum(['LastPrice', 'MarkPrice', 'IndexPrice']);
const side = z.enum(['Buy', 'Sell']);

const writeShape: z.ZodType<Write> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set-stop'), stopLoss: decimal, triggerBy }),
  z.strictObject({
    do: z.literal('set-trail'),
    trailingStop: decimal,
    activePrice: decimal.nullable(),
  }),
  z.strictObject({
    do: z.literal('amend'),
    orderId: z.string(),
    quantity: decimal.optional(),
    price: decimal.optional(),
    triggerPrice: decimal.optional(),
    triggerBy: triggerBy.optional(),
    stopLoss: decimal.optional(),
  }),
  z.strictObject({
    do: z.literal('place'),
    as: z.enum(['stop', 'rung', 'entry']),
    side,
    type: z.enum(['Market', 'Limit']),
    quantity: decimal,
    price: decimal.optional(),
    timeInForce: z.enum(['GTC', 'IOC', 'FOK', 'PostOnly', 'RPI']).optional(),
    reduceOnly: z.boolean(),
    closeOnTrigger: z.boolean(),
    triggerPrice: decimal.optional(),
    triggerBy: triggerBy.optional(),
    triggerDirection: z.union([z.literal(1), z.literal(2)]).optional(),
    stopLoss: decimal.optional(),
    of: z.union([z.number(), z.string()]).optional(),
  }),
  z.strictObject({ do: z.literal('cancel'), orderId: z.string() }),
  z.strictObject({ do: z.literal('close'), side, quantity: decimal }),
]);

/**
 * How far an intent got: `sent` from the moment it is saved to be sent; `unknown` when it is not
 * known whether the venue took it; `lapsed` when asking showed that it did not take effect;
 * `withdrawn` when it was not sent after all, or is not needed any more.
 */
export type IntentStep = 'sent' | 'unknown' | 'confirmed' | 'refused' | 'lapsed' | 'withdrawn';

const dataShape = z.strictObject({
  version: z.literal(2),
  symbol: z.string(),
  positionIdx: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  write: writeShape,
  /** What it does and why. */
  text: z.string(),
  orderLinkId: z.string(),
  /** What it rests on: the ready stream or a read for this purpose, and when. */
  facts: z.strictObject({ stampedBy: z.enum(['stream', 'read']), asOf: z.number() }),
});

export type IntentData = z.infer<typeof dataShape>;

/** A wish to write to the venue, saved before it is sent (P56). */
export type Intent = Omit<IntentRecord, 'data' | 'step'> & { step: IntentStep; data: IntentData };

/** A saved intent as it was, or `null` when it cannot be read. Those of version 1 are brought up to this one. */
export function intentFrom(record: IntentRecord): Intent | null {
  const data = dataShape.safeParse(dataOfVersion1(record.data) ?? record.data);
  return data.success ? { ...record, step: record.step as IntentStep, data: data.data } : null;
}

/**
 * The order link id of a wish: `hf-` and 32 characters of its hash, 35 of the venue's 36 (P30). One
 * wish, one id: should it be sent twice after all, the venue refuses the second as a duplicate.
 */
export const linkIdOf = (account: AccountId, wish: string): string =>
  `${OWN_LINK}${createHash('sha256').update(`${account} ${wish}`).digest('base64url').slice(0, 32)}`;

/** A wish about to be sent: what it does, and the facts it rests on. */
export function newIntent(
  { account, symbol, positionIdx }: Place,
  { wish, write, text }: { wish: string; write: Write; text: string },
  { stampedBy, asOf }: IntentData['facts'],
  now: number,
): Intent {
  const position = positionKey({ account, symbol, positionIdx });
  const data: IntentData = {
    version: 2,
    symbol,
    positionIdx,
    write,
    text,
    orderLinkId: linkIdOf(account, wish),
    facts: { stampedBy, asOf },
  };
  return { id: wish, account, position, pending: true, step: 'sent', at: now, data };
}
