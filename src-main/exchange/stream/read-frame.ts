import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { listOf, payloadOf } from '../bybit/fields.ts';
import { mapExecution } from '../bybit/map-execution.ts';
import { mapOrder } from '../bybit/map-order.ts';
import { mapPosition } from '../bybit/map-position.ts';
import { mapWallet } from '../bybit/map-wallet.ts';
import type { Frame } from './socket.ts';

export const PRIVATE_TOPICS = ['order', 'execution', 'position', 'wallet'] as const;

/** What one private message tells, with the venue's time of it (ms). */
export interface StreamMessage {
  at: number;
  positions: Position[];
  orders: Order[];
  executions: Execution[];
  wallets: Wallet[];
}

/**
 * Reads one private message. The all-in-one topics also carry spot, inverse and option rows, which
 * are not Holdfast's and are passed over. Throws MalformedRow for anything it cannot read.
 */
export function readFrame(account: AccountId, frame: Frame): StreamMessage {
  const rows = listOf(frame.data, 'a message without rows').map((row) => payloadOf(row, 'a row'));
  const ours = rows.filter(isLinear);
  const message: StreamMessage = {
    at: frame.at,
    positions: [],
    orders: [],
    executions: [],
    wallets: [],
  };
  switch (frame.topic.split('.')[0]) {
    case 'position':
      message.positions = ours.map((row) => mapPosition(account, row));
      break;
    case 'order':
      message.orders = ours.map((row) => mapOrder(account, row));
      break;
    case 'execution':
      message.executions = ours.map((row) => mapExecution(account, row));
      break;
    case 'wallet':
      message.wallets = rows
        .filter((row) => (row['accountType'] ?? 'UNIFIED') === 'UNIFIED')
        .map((row) => mapWallet(account, row));
  }
  return message;
}

const isLinear = (row: Readonly<Record<string, unknown>>): boolean =>
  (row['category'] || 'linear') === 'linear';
