import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountId } from '../../domain/account.ts';
import type { Action } from '../../domain/action.ts';
import { positionKey } from '../../domain/keys.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { OWN_LINK } from '../../domain/order.ts';
import type { IntentRecord } from '../../persistence/records.ts';

const price = z.string();
const triggerBy = z.enum(['LastPrice', 'MarkPrice', 'IndexPrice']).optional();
const place = {
  symbol: z.string(),
  positionIdx: z.union([z.literal(0), z.literal(1), z.literal(2)]),
};

const actionShape: z.ZodType<Action> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set-stop'), ...place, price, triggerBy }),
  z.strictObject({
    do: z.literal('amend-stop'),
    ...place,
    orderId: z.string(),
    price,
    quantity: z.string().optional(),
  }),
  z.strictObject({
    do: z.literal('place-stop'),
    ...place,
    side: z.enum(['Buy', 'Sell']),
    quantity: z.string(),
    price,
    triggerBy,
    triggerDirection: z.union([z.literal(1), z.literal(2)]),
  }),
  z.strictObject({ do: z.literal('cancel'), ...place, orderId: z.string() }),
  z.strictObject({
    do: z.literal('close'),
    ...place,
    side: z.enum(['Buy', 'Sell']),
    quantity: z.string(),
  }),
]);

/**
 * How far an intent got: `sent` from the moment it is saved to be sent; `unknown` when it is not
 * known whether the venue took it; `lapsed` when asking showed that it did not take effect.
 */
export type IntentStep =
  | 'sent'
  | 'acknowledged'
  | 'unknown'
  | 'confirmed'
  | 'refused'
  | 'lapsed'
  | 'withdrawn';

const dataShape = z.strictObject({
  version: z.literal(1),
  action: actionShape,
  /** What it does and why. */
  text: z.string(),
  orderLinkId: z.string(),
  /** What it rests on: the ready stream or a read for this purpose, and when. */
  facts: z.strictObject({ stampedBy: z.enum(['stream', 'read']), asOf: z.number() }),
});

/** A wish to write to the venue, saved before it is sent (P56). */
export type Intent = Omit<IntentRecord, 'data' | 'step'> & {
  step: IntentStep;
  data: z.infer<typeof dataShape>;
};

/** A saved intent as it was, or `null` when it cannot be read. */
export function intentFrom(record: IntentRecord): Intent | null {
  const data = dataShape.safeParse(record.data);
  return data.success ? { ...record, step: record.step as IntentStep, data: data.data } : null;
}

/**
 * The id of a wish: the same position, rule and write always give the same one, so that a wish
 * repeated after a doubt is the same wish.
 */
export const intentId = (monitor: Monitor, action: Action): string =>
  [positionKey(monitor), monitor.openedAt, JSON.stringify(action)].join('/');

/**
 * The order link id of an intent: `hf-` and 32 characters of its hash, 35 of the venue's 36 (P30). One
 * intent, one id: should it be sent twice after all, the venue refuses the second as a duplicate.
 */
export const linkIdOf = (account: AccountId, id: string): string =>
  `${OWN_LINK}${createHash('sha256').update(`${account} ${id}`).digest('base64url').slice(0, 32)}`;

/** A wish of a rule, about to be sent: what it does, and the facts it rests on. */
export function newIntent(
  monitor: Monitor,
  { action, text }: { action: Action; text: string },
  facts: { stampedBy: 'stream' | 'read'; asOf: number },
  now: number,
): Intent {
  const { account } = monitor;
  const id = intentId(monitor, action);
  return {
    id,
    account,
    position: positionKey(monitor),
    pending: true,
    step: 'sent',
    at: now,
    data: {
      version: 1,
      action,
      text,
      orderLinkId: linkIdOf(account, id),
      facts: { stampedBy: facts.stampedBy, asOf: facts.asOf },
    },
  };
}
