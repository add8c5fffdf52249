import { randomBytes } from 'node:crypto';
import { amendOrder, cancelOrder } from '../engine/orders/change.ts';
import { placeOrder } from '../engine/orders/place.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { type Line, say as tell } from './connection.ts';

const changes = {
  'order.create': placeOrder,
  'order.amend': amendOrder,
  'order.cancel': cancelOrder,
};

/** Order entry over the stream: the same rules as REST, another envelope. */
export function answerTrade(world: World, line: Line, message: Record<string, unknown>): void {
  const { reqId, op } = message;
  const now = world.real();
  const say = (retCode: number, retMsg: string, data: object): void =>
    tell(line, {
      reqId: reqId ?? '',
      retCode,
      retMsg,
      op,
      data,
      retExtInfo: {},
      header: {
        'X-Bapi-Limit': '10',
        'X-Bapi-Limit-Status': '9',
        'X-Bapi-Limit-Reset-Timestamp': String(now),
        Traceid: randomBytes(16).toString('hex'),
        Timenow: String(now),
      },
      connId: line.connId,
    });
  const change = typeof op === 'string' ? changes[op as keyof typeof changes] : undefined;
  if (change === undefined) return say(10404, 'op type is not found', {});
  if (line.account === null) return say(10003, 'Invalid apiKey', {});
  const request: unknown = Array.isArray(message.args) ? message.args[0] : null;
  if (typeof request !== 'object' || request === null) return say(10001, 'params error', {});
  try {
    const order = change(world.venue, line.account, request as Record<string, unknown>);
    say(0, 'OK', { orderId: order.orderId, orderLinkId: order.orderLinkId });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    say(thrown.code, thrown.message, {});
  }
}
