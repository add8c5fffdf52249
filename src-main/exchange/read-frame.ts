import type { AccountId } from '../domain/account.ts';
import type { Execution } from '../domain/execution.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Wallet } from '../domain/wallet.ts';
import { listOf, payloadOf } from './fields.ts';
import { mapExecution } from './map-execution.ts';
import { mapOrder } from './map-order.ts';
import { mapPosition } from './map-position.ts';
import { mapWallet } from './map-wallet.ts';
import type { Frame } from './socket.ts';

export const PRIVATE_TOPICS = ['order', 'execution', 'position', 'wallet'] as const;

/** What one private message tells, with the venue's time of it (ms). */
export interface News {
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
export function readFrame(account: AccountId, frame: Frame): News {
  const rows = listOf(frame.data, 'a message without rows').map((row) => payloadOf(row, 'a row'));
  const ours = rows.filter(isLinear);
  const news: News = { at: frame.at, positions: [], orders: [], executions: [], wallets: [] };
  switch (frame.topic.split('.')[0]) {
    case 'position':
      news.positions = ours.map((row) => mapPosition(account, row));
      break;
    case 'order':
      news.orders = ours.map((row) => mapOrder(account, row));
      break;
    case 'execution':
      news.executions = ours.map((row) => mapExecution(account, row));
      break;
    case 'wallet':
      news.wallets = rows
        .filter((row) => (row['accountType'] ?? 'UNIFIED') === 'UNIFIED')
        .map((row) => mapWallet(account, row));
  }
  return news;
}

const isLinear = (row: Readonly<Record<string, unknown>>): boolean =>
  (row['category'] || 'linear') === 'linear';
