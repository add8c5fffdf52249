import type { OrderSide, PositionIdx } from './words.ts';

export interface OrderRow {
  account: string;
  symbol: string;
  side: OrderSide;
  orderId: string;
  orderLinkId: string | null;
  positionIdx: PositionIdx;
  price: string | null;
  quantity: string;
  filledQuantity: string;
  reduceOnly: boolean;
  stopOrderType: string | null;
  triggerPrice: string | null;
  status: string;
}
