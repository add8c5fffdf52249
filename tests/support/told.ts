import type { Cache } from '../../src-main/cache/cache.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import type { Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import type { Wallet } from '../../src-main/domain/wallet.ts';
import { mapExecution } from '../../src-main/exchange/bybit/map-execution.ts';
import { mapOrder } from '../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../src-main/exchange/bybit/map-position.ts';
import { mapWallet } from '../../src-main/exchange/bybit/map-wallet.ts';
import { totalsOf } from '../../src-main/practice/engine/money/margin.ts';
import type { Account } from '../../src-main/practice/engine/state/state.ts';
import type { Frame, Venue } from '../../src-main/practice/engine/state/venue.ts';
import { restOrder } from '../../src-main/practice/rows/order.ts';
import { restPosition } from '../../src-main/practice/rows/position.ts';
import { walletRow } from '../../src-main/practice/rows/wallet.ts';

export interface Picture {
  positions: Record<string, unknown>;
  orders: Record<string, unknown>;
  executions: string[];
  balances: Record<string, unknown>;
}

/** What is shown of an account: what its cache holds, and the executions it told of. */
export function pictureOfCache(
  cache: Cache,
  account: string,
  executions: Iterable<string>,
): Picture {
  return pictureOf(
    [...cache.held(account, 'positions').rows],
    [...cache.held(account, 'orders').rows],
    executions,
    cache.held(account, 'wallet').rows[0] ?? null,
  );
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
