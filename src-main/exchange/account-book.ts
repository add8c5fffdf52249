import type { AccountId } from '../domain/account.ts';
import type { Execution } from '../domain/execution.ts';
import type { PositionKey } from '../domain/keys.ts';
import type { Order } from '../domain/order.ts';
import type { Position, PositionIdx } from '../domain/position.ts';
import type { SetAside } from '../domain/set-aside.ts';
import type { Wallet } from '../domain/wallet.ts';

/** Where a position is: what its key is made of. */
export interface Place {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
}

/** Which places differ from when this was asked last. */
export interface ChangedPlaces {
  positions: Place[];
  orders: Place[];
}

/** The live rows of an account by place, as whoever looks sees them. */
export interface Shelf {
  positions(): Position[];
  orders(): Order[];
  position(key: PositionKey): Position | null;
  ordersAt(key: PositionKey): readonly Order[];
  /** Grows whenever something a decision could rest on changes at the place, comes or goes. */
  version(key: PositionKey): number;
  /** The places that changed since this was asked last. */
  changed(): ChangedPlaces;
}

export interface WalletBook {
  wallet(): Wallet;
  /** Pushes heard so far: taken before asking, it tells which of them the answer already knows. */
  mark(): number;
  /**
   * Lays a push over the wallet: it names only the coins that changed, so the rest stays, and each
   * part keeps its newest telling. `unclear` when two pushes bear the same time and differ.
   */
  push(update: Wallet, at: number): { changed: boolean; unclear: boolean };
  /**
   * Takes a whole answer, in which a coin not named is gone. Parts pushed after `mark` stay: the
   * answer may have been made before them, and its time cannot be compared with theirs.
   */
  answer(update: Wallet, mark: number): { changed: boolean };
}

export interface ExecutionsBook {
  /** Those not seen before, oldest first; of a symbol that is set aside they wait. */
  takeExecutions(rows: readonly Execution[]): Execution[];
  /** The last ones, newest first, and how many were let go of. */
  executions(): Execution[];
  executionsLetGo(): number;
  /** Executed-at of the newest execution, ms; `null` before the first. */
  lastExecutedAt(): number | null;
}

/** The one book of an account, for those who look at it and those who read for it. */
export interface AccountBook extends ExecutionsBook {
  /** What everyone sees, laid out by place. */
  readonly shelf: Shelf;
  readonly wallet: Pick<WalletBook, 'wallet' | 'mark' | 'answer'>;
  /** Why nothing is concluded from what is held of a symbol; `null` when it is understood. */
  setAsideOf(symbol: string): SetAside | null;
  allSetAside(): SetAside[];
  /** The row that said the position is flat, when the venue sent one. */
  flat(key: PositionKey): Position | null;
  endedOrder(orderId: string): Order | null;

  /**
   * Takes a whole list, read at `asOf` (venue's ms). A row that it does not name is gone, unless the
   * stream spoke of it so shortly before that the list may lag, or its symbol is set aside. Answers the ids of the rows that were
   * not as held.
   */
  answerPositions(rows: readonly Position[], asOf: number): PositionKey[];
  answerOrders(rows: readonly Order[], asOf: number): string[];
  /** Takes every leg the venue names of one symbol; answers those that changed. */
  answerLegs(symbol: string, rows: readonly Position[], asOf: number): Position[];
  /** Takes what the venue says of orders that were asked about by name. */
  answerNamed(rows: readonly Order[], asOf: number): void;

  /** Pushes heard so far: taken before asking, it tells what was pushed since. */
  mark(): number;
  /** Whether the stream spoke of this position (by key) or order (by id) after `mark`. */
  heardSince(mark: number, id: string): boolean;
}
