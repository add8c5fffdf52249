import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Oddity } from '../../domain/set-aside.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { deciding, listOf, type Payload, payloadOf, text } from '../bybit/fields.ts';
import { mapExecution } from '../bybit/map-execution.ts';
import { mapOrder } from '../bybit/map-order.ts';
import { mapPosition } from '../bybit/map-position.ts';
import { mapWallet } from '../bybit/map-wallet.ts';
import { understood, withoutOdd } from '../bybit/understood.ts';
import type { Frame } from './socket.ts';

export const PRIVATE_TOPICS = ['order', 'execution', 'position', 'wallet'] as const;

/** What one private message tells, with the venue's time of it (ms). */
export interface StreamMessage {
  at: number;
  positions: Position[];
  orders: Order[];
  executions: Execution[];
  wallets: Wallet[];
  /** What is not understood, of symbols that it gives no row of. */
  odd: Oddity[];
}

/**
 * Reads one private message. The all-in-one topics also carry spot, inverse and option rows, which
 * are not Holdfast's and are passed over. Throws MalformedRow for a row that cannot be read and does not
 * name its symbol.
 */
export function readFrame(account: AccountId, frame: Frame): StreamMessage {
  const rows = listOf(frame.data, 'a message without rows').map((row) => payloadOf(row, 'a row'));
  const message: StreamMessage = {
    at: frame.at,
    positions: [],
    orders: [],
    executions: [],
    wallets: [],
    odd: [],
  };
  const read = <Row>(
    kind: Oddity['kind'],
    map: (account: AccountId, row: unknown) => Row,
  ): Row[] => {
    const told = understood(kind, rows, (row) =>
      isLinear(row as Payload) ? [map(account, row)] : [],
    );
    message.odd.push(...told.odd);
    return withoutOdd(told.rows.flat(), told.odd);
  };
  switch (frame.topic.split('.')[0]) {
    case 'position':
      message.positions = read('position', mapPosition);
      break;
    case 'order':
      message.orders = read('order', mapOrder);
      break;
    case 'execution':
      message.executions = read('execution', mapExecution);
      break;
    case 'wallet':
      message.wallets = rows
        .filter((row) => (row['accountType'] ?? 'UNIFIED') === 'UNIFIED')
        .map((row) => mapWallet(account, row));
  }
  return message;
}

const CATEGORIES = {
  linear: true,
  spot: false,
  inverse: false,
  option: false,
  combination: false,
} as const;

/** Rows of old name no category: they are of the one that was asked for. */
const isLinear = (row: Payload): boolean =>
  text(row, 'category') === null || deciding(row, 'category', CATEGORIES);
