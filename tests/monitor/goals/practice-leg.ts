import type { TakeProfit } from '../../../src-main/domain/monitor.ts';
import { isZero, minus } from '../../../src-main/domain/numbers.ts';
import type { Order as DomainOrder } from '../../../src-main/domain/order.ts';
import type { PositionIdx, Side } from '../../../src-main/domain/position.ts';
import { mapOrder } from '../../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../../src-main/exchange/bybit/map-position.ts';
import { type Facts, known } from '../../../src-main/monitor/goals/facts.ts';
import type { Step } from '../../../src-main/monitor/goals/step.ts';
import { factsOf } from '../../../src-main/monitor/rules/facts-of.ts';
import { totalsOf } from '../../../src-main/practice/engine/money/margin.ts';
import { amendOrder, cancelOrder } from '../../../src-main/practice/engine/orders/change.ts';
import { setTradingStop } from '../../../src-main/practice/engine/orders/trading-stop.ts';
import type { Order } from '../../../src-main/practice/engine/state/state.ts';
import {
  contractOf,
  lastPrice,
  markPrice,
  positionOf,
  quoteOf,
} from '../../../src-main/practice/engine/state/venue.ts';
import { restOrder } from '../../../src-main/practice/rows/order.ts';
import { restPosition } from '../../../src-main/practice/rows/position.ts';
import type { bareWorld } from '../../practice/support.ts';

type Bare = ReturnType<typeof bareWorld>;

/** One leg of the practice exchange as the engine sees it: facts out of its rows, steps into its rules. */
export class PracticeLeg {
  readonly world: Bare;
  readonly symbol: string;
  readonly idx: PositionIdx;
  private readonly side: Side;
  /** What was placed for the plan, by order id. */
  private readonly ours = new Map<string, { as: string; of: number | string }>();
  private spent: string[] = [];

  constructor(world: Bare, symbol: string, idx: PositionIdx, side: Side) {
    this.world = world;
    this.symbol = symbol;
    this.idx = idx;
    this.side = side;
  }

  own(order: Order, as: string, of: number | string): void {
    this.ours.set(order.orderId, { as, of });
  }

  private orderOf(orderId: string): Order | undefined {
    const { main } = this.world;
    return main.open.get(orderId) ?? main.endedById.get(orderId);
  }

  /** Our orders of one kind that belong to the present opening. */
  private oursAs(as: string, since: number): { order: Order; of: number | string }[] {
    return [...this.ours].flatMap(([orderId, own]) => {
      const order = this.orderOf(orderId);
      const counts = order && (this.world.main.open.has(orderId) || order.createdTime >= since);
      return own.as === as && counts ? [{ order, of: own.of }] : [];
    });
  }

  facts(): Facts {
    const { venue, main } = this.world;
    const contract = contractOf(venue, this.symbol);
    const position = positionOf(venue, main, contract, this.idx);
    const quote = quoteOf(venue, this.symbol);
    const at = venue.time.now();
    const rows = [...(main.openBySymbol.get(this.symbol) ?? [])];
    const since = isZero(position.size) ? at : position.openTime;
    const takeProfits = this.oursAs('rung', since).map(({ order, of }) =>
      rungOf(order, Number(of)),
    );
    const entries = this.oursAs('entry', since).map(({ order }) => ({
      orderId: order.orderId,
      price: order.price,
      quantity: order.qty,
      filledQuantity: order.filled,
      open: main.open.has(order.orderId),
      planned: true,
    }));
    return factsOf({
      account: 'main',
      symbol: this.symbol,
      positionIdx: this.idx,
      at,
      position: known(
        mapPosition('main', restPosition(venue, main, position, totalsOf(venue, main))),
      ),
      orders: known(rows.map((order): DomainOrder => mapOrder('main', restOrder(venue, order)))),
      prices: known({
        last: lastPrice(quote),
        mark: markPrice(quote),
        index: markPrice(quote),
        asOf: at,
      }),
      instrument: known({
        tickSize: contract.tick,
        quantityStep: contract.step,
        minQuantity: contract.minQty,
        maxMarketQuantity: contract.maxMarketQty,
        minNotional: contract.minNotional,
      }),
      fees: known({ symbol: this.symbol, maker: main.makerFee, taker: main.takerFee }),
      plan: { side: this.side, takeProfits, entries },
      isOurs: ({ orderId }) => this.ours.has(orderId),
      gone: { since: at - 20_000, reads: 2 },
      followed: null,
      unamendable: [],
      spent: this.spent,
      refused: [],
    });
  }

  /** Sends one step; a refusal of the venue is thrown. */
  send({ write, wish }: Step): void {
    const { venue, main } = this.world;
    const base = { category: 'linear', symbol: this.symbol, positionIdx: this.idx };
    switch (write.do) {
      case 'set-stop':
        return setTradingStop(venue, main, {
          ...base,
          tpslMode: 'Full',
          stopLoss: write.stopLoss,
          slTriggerBy: write.triggerBy,
        });
      case 'set-trail':
        return setTradingStop(venue, main, {
          ...base,
          tpslMode: 'Full',
          trailingStop: write.trailingStop,
          activePrice: write.activePrice ?? '',
        });
      case 'amend': {
        const { quantity, ...rest } = write;
        amendOrder(venue, main, { ...base, ...rest, ...(quantity ? { qty: quantity } : {}) });
        return undefined;
      }
      case 'cancel':
        cancelOrder(venue, main, { ...base, orderId: write.orderId });
        return undefined;
      default: {
        const {
          do: _,
          quantity,
          type,
          ...rest
        } = {
          type: 'Market',
          reduceOnly: true,
          ...write,
        };
        const order = this.world.place({ ...base, ...rest, orderType: type, qty: quantity });
        this.spent = [...this.spent, wish];
        if (write.do === 'place') this.own(order, write.as, write.of ?? wish);
        return undefined;
      }
    }
  }
}

function rungOf(order: Order, level: number): TakeProfit {
  const open = order.status === 'New' || order.status === 'PartiallyFilled';
  const isFilled = order.status === 'Filled' || isZero(minus(order.qty, order.filled));
  return {
    level,
    orderId: order.orderId,
    price: order.price,
    quantity: order.qty,
    filledQuantity: order.filled,
    state: open ? 'open' : isFilled ? 'filled' : 'gone',
  };
}
