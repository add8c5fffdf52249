import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';

/** An order the book is in doubt about. */
export interface OrderDoubt {
  symbol: string;
  orderId: string;
}

/** What rows changed in the book, and what they leave in doubt: `doubts` are symbols. */
export interface TakenPositions {
  changed: Position[];
  doubts: string[];
}

export interface TakenOrders {
  changed: Order[];
  doubts: OrderDoubt[];
}
