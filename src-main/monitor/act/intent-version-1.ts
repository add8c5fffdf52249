import { z } from 'zod';

const decimal = z.string();
const by = z.enum(['LastPrice', 'MarkPrice', 'IndexPrice']).optional();
const place = { symbol: z.string(), positionIdx: z.number() };
const side = z.enum(['Buy', 'Sell']);

const shape = z.object({
  version: z.literal(1),
  action: z.discriminatedUnion('do', [
    z.object({ do: z.literal('set-stop'), ...place, price: decimal, triggerBy: by }),
    z.object({
      do: z.literal('amend-stop'),
      ...place,
      orderId: z.string(),
      price: decimal,
      quantity: decimal.optional(),
    }),
    z.object({
      do: z.literal('place-stop'),
      ...place,
      side,
      quantity: decimal,
      price: decimal,
      triggerBy: by,
      triggerDirection: z.number(),
    }),
    z.object({ do: z.literal('cancel'), ...place, orderId: z.string() }),
    z.object({ do: z.literal('close'), ...place, side, quantity: decimal }),
  ]),
  text: z.string(),
  orderLinkId: z.string(),
  facts: z.unknown(),
});

/** What an intent of the first version says, in the words of the second; `null` for any other. */
export function dataOfVersion1(data: unknown): object | null {
  const read = shape.safeParse(data);
  if (!read.success) return null;
  const { action, text, orderLinkId, facts } = read.data;
  const { symbol, positionIdx } = action;
  return { version: 2, symbol, positionIdx, write: writeOf(action), text, orderLinkId, facts };
}

function writeOf(action: z.infer<typeof shape>['action']): object {
  switch (action.do) {
    case 'set-stop': {
      const { price: stopLoss, triggerBy = 'LastPrice' } = action;
      return { do: 'set-stop', stopLoss, triggerBy };
    }
    case 'amend-stop': {
      const { orderId, price: triggerPrice, quantity } = action;
      return { do: 'amend', orderId, triggerPrice, ...(quantity ? { quantity } : {}) };
    }
    case 'place-stop': {
      const { side, quantity, price: triggerPrice, triggerBy, triggerDirection } = action;
      const fixed = { as: 'stop', type: 'Market', reduceOnly: true, closeOnTrigger: true };
      const trigger = { triggerPrice, triggerDirection, ...(triggerBy ? { triggerBy } : {}) };
      return { do: 'place', ...fixed, side, quantity, ...trigger };
    }
    case 'cancel':
      return { do: 'cancel', orderId: action.orderId };
    default:
      return { do: 'close', side: action.side, quantity: action.quantity };
  }
}
