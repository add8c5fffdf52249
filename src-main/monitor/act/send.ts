import { sentenceOf } from '../../domain/failure.ts';
import type { Gateway, WriteResult } from '../../exchange/gateway.ts';
import type { Intent } from './intent.ts';

/** Sends one write. A throw of the gateway is an unknown outcome, never a refusal. */
export async function send(gateway: Gateway, intent: Intent): Promise<WriteResult> {
  try {
    return await request(gateway, intent);
  } catch (thrown) {
    return { state: 'unknown', reason: sentenceOf(thrown) };
  }
}

function request(gateway: Gateway, { data }: Intent): Promise<WriteResult> {
  const { symbol, positionIdx, write, orderLinkId } = data;
  switch (write.do) {
    case 'set-stop': {
      const { stopLoss, triggerBy } = write;
      return gateway.setTradingStop({ symbol, positionIdx, stopLoss, triggerBy }, 'protect');
    }
    case 'set-trail': {
      const { trailingStop, activePrice } = write;
      const from = activePrice === null ? {} : { activePrice };
      return gateway.setTradingStop({ symbol, positionIdx, trailingStop, ...from }, 'protect');
    }
    case 'amend': {
      const { do: _, ...change } = write;
      return gateway.amend({ symbol, ...change }, 'protect');
    }
    case 'place': {
      const { do: _, as, of: __, ...order } = write;
      const lane = as === 'stop' ? 'protect' : 'manual';
      return gateway.place({ symbol, positionIdx, ...order, orderLinkId }, lane);
    }
    case 'close': {
      const { side, quantity } = write;
      const order = { symbol, positionIdx, side, quantity, orderLinkId } as const;
      return gateway.place({ ...order, type: 'Market', reduceOnly: true }, 'protect');
    }
    default:
      return gateway.cancel({ symbol, orderId: write.orderId }, 'cancel');
  }
}
