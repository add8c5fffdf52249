import { positionKey } from '../../src-main/domain/keys.ts';
import { hasEnded, type Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import type { Wallet } from '../../src-main/domain/wallet.ts';
import { mapExecution } from '../../src-main/exchange/bybit/map-execution.ts';
import { mapOrder } from '../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../src-main/exchange/bybit/map-position.ts';
import { mapWallet } from '../../src-main/exchange/bybit/map-wallet.ts';
import type { GatewayEvent } from '../../src-main/exchange/gateway.ts';
import { totalsOf } from '../../src-main/practice/engine/money/margin.ts';
import type { Account } from '../../src-main/practice/engine/state/state.ts';
import type { Frame, Venue } from '../../src-main/practice/engine/state/venue.ts';
import { restOrder } from '../../src-main/practice/rows/order.ts';
import { restPosition } from '../../src-main/practice/rows/position.ts';
import { walletRow } from '../../src-main/practice/rows/wallet.ts';

/** An account as somebody sees it who only listens to a gateway's events. */
export interface Told {
  hear(event: GatewayEvent): void;
  /** In the shape of `truthOf`, for comparing. */
  picture(): Picture;
  /** Executions told more than once. */
  repeated: string[];
}

export interface Picture {
  positions: Record<string, unknown>;
  orders: Record<string, unknown>;
  executions: string[];
  balances: Record<string, unknown>;
}

export function listen(): Told {
  const positions = new Map<string, Position>();
  const orders = new Map<string, Order>();
  const executions = new Set<string>();
  let wallet: Wallet | null = null;
  const told: Told = {
    repeated: [],
    hear(event) {
      if (event.kind === 'snapshot') {
        positions.clear();
        orders.clear();
        wallet = event.wallet;
      }
      if (event.kind === 'snapshot' || event.kind === 'executions') {
        const rows = event.kind === 'snapshot' ? event.executions : event.rows;
        for (const { execId } of rows) {
          if (executions.has(execId)) told.repeated.push(execId);
          executions.add(execId);
        }
      }
      if (event.kind === 'snapshot' || event.kind === 'positions') {
        for (const row of event.kind === 'snapshot' ? event.positions : event.rows) {
          if (row.side === null) positions.delete(positionKey(row));
          else positions.set(positionKey(row), row);
        }
      }
      if (event.kind === 'snapshot' || event.kind === 'orders') {
        for (const row of event.kind === 'snapshot' ? event.orders : event.rows) {
          if (hasEnded(row)) orders.delete(row.orderId);
          else orders.set(row.orderId, row);
        }
      }
      if (event.kind === 'wallet') wallet = event.wallet;
    },
    picture: () => pictureOf([...positions.values()], [...orders.values()], executions, wallet),
  };
  return told;
}

/** What the practice exchange itself holds of an account, as a picture. */
export function pictureOfVenue(venue: Venue, account: Account): Picture {
  const name = account.name;
  const totals = totalsOf(venue, account);
  return pictureOf(
    [...account.positions.values()]
      .filter((position) => position.side !== '')
      .map((position) => mapPosition(name, restPosition(venue, account, position, totals))),
    [...account.open.values()].map((order) => mapOrder(name, restOrder(venue, order))),
    account.executions.map(({ execId }) => execId),
    mapWallet(name, walletRow(account, totals, null)),
  );
}

/** What one private frame tells: flat positions and ended orders included. */
export function pictureOfFrame({ account, topic, data }: Frame): Picture {
  const { name } = account;
  const rows = (of: string): object[] => (topic === of ? data : []);
  const [wallet] = rows('wallet');
  return pictureOf(
    rows('position').map((row) => mapPosition(name, row)),
    rows('order').map((row) => mapOrder(name, row)),
    rows('execution').map((row) => mapExecution(name, row).execId),
    wallet === undefined ? null : mapWallet(name, wallet),
  );
}

/** Without what follows from the mark price, which no private message tells. */
function pictureOf(
  positions: Position[],
  orders: Order[],
  executions: Iterable<string>,
  wallet: Wallet | null,
): Picture {
  const sorted = <Row>(rows: Row[], key: (row: Row) => string): Record<string, Row> =>
    Object.fromEntries(
      rows.map((row) => [key(row), row] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return {
    positions: sorted(
      positions.map((row) => ({
        account: row.account,
        symbol: row.symbol,
        positionIdx: row.positionIdx,
        side: row.side,
        size: row.size,
        entryPrice: row.entryPrice,
        leverage: row.leverage,
        takeProfit: row.takeProfit,
        stopLoss: row.stopLoss,
        trailingStop: row.trailingStop,
        realised: row.cumulativeRealisedPnl,
        seq: row.seq,
        updatedAt: row.updatedAt,
      })),
      positionKey,
    ),
    orders: sorted(orders, (row) => row.orderId),
    executions: [...executions].sort(),
    balances: sorted(
      (wallet?.coins ?? []).map(({ coin, walletBalance, realisedPnl }) => ({
        coin,
        walletBalance,
        realisedPnl,
      })),
      ({ coin }) => coin,
    ),
  };
}
