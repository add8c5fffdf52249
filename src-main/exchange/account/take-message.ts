import type { Log } from '../../domain/log.ts';
import { greater } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { GatewayEvent } from '../gateway.ts';
import type { StreamMessage } from '../stream/read-frame.ts';
import type { Book } from './book.ts';
import type { Doubts } from './doubts.ts';

/** Takes one message of the stream into the book, and says what it changed; answers what it leaves in doubt. */
export function takeMessage(
  book: Book,
  message: StreamMessage,
  say: (event: GatewayEvent) => void,
): Doubts {
  const asOf = message.at;
  const executions = book.takeExecutions(message.executions);
  const orders = book.takeOrders(message.orders, { pushedAt: asOf });
  const positions = book.takePositions(message.positions, { pushedAt: asOf });
  if (executions.length > 0) say({ kind: 'executions', rows: executions, asOf });
  if (orders.changed.length > 0) say({ kind: 'orders', rows: orders.changed, asOf });
  if (positions.changed.length > 0) say({ kind: 'positions', rows: positions.changed, asOf });
  for (const update of message.wallets) {
    if (book.wallet.push(update, asOf))
      say({ kind: 'wallet', wallet: book.wallet.wallet(), isCertain: false, asOf });
  }
  return { symbols: positions.doubts, orders: orders.doubts };
}

/** More filled than ordered is the venue's word and is kept; it is told to whoever reads the log. */
export function warnOfOverfills(orders: readonly Order[], log: Log): void {
  for (const { orderId, quantity, filledQuantity } of orders) {
    if (!greater(filledQuantity, quantity)) continue;
    log.error(
      `The exchange reports more filled of order ${orderId} (${filledQuantity}) than was ordered (${quantity}).`,
    );
  }
}
