import type { AccountId } from '../domain/account.ts';
import type { Execution } from '../domain/execution.ts';
import type { PositionKey } from '../domain/keys.ts';
import type { Order } from '../domain/order.ts';
import type { Position, PositionIdx } from '../domain/position.ts';
import type { SetAside } from '../domain/set-aside.ts';
import type { Wallet } from '../domain/wallet.ts';

/**
 * A moment by our own reckoning: how much had been told by then, and the monotonic clock (ms). Questions
 * and pushes are put in order by it, never by comparing the venue's clock with ours.
 */
export interface Moment {
  told: number;
  at: number;
}

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

/**
 * What became of a wallet's answer. Wallets bear no time of their own: a part told after the question was
 * asked stays, and so does one pushed so shortly before it that the answer may lag behind the push.
 * - `agrees`: it tells what is known, or the stream has told that since it tells everything.
 * - `taken`: it told news. While the stream was not complete, pushes from before it may still come, for a
 *   second.
 * - `waits`: while the stream is complete its news is on its way there too. It is taken when a second
 *   answer, asked a second later, tells the same and no push came.
 * - `lags`: it may be from before what was told on a line before, and tells something else. What the
 *   wallet is now is not known until an answer that cannot lag.
 */
export type WalletAnswer = 'agrees' | 'taken' | 'waits' | 'lags';

export interface WalletBook {
  wallet(): Wallet;
  /**
   * Lays a push over the wallet: it names only the coins that changed, so the rest stays, and each
   * part keeps its newest telling. Whether anything changed.
   */
  push(update: Wallet, at: number): boolean;
  /** Takes a whole answer, in which a coin not named is gone. */
  answer(update: Wallet, asked: Moment): WalletAnswer;
  pushedSince(moment: Moment): boolean;
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
  readonly wallet: Pick<WalletBook, 'wallet' | 'answer' | 'pushedSince'>;
  /** Why nothing is concluded from what is held of a symbol; `null` when it is understood. */
  setAsideOf(symbol: string): SetAside | null;
  allSetAside(): SetAside[];
  /** The row that said the position is flat, when the venue sent one. */
  flat(key: PositionKey): Position | null;
  endedOrder(orderId: string): Order | null;

  /** Now. Taken before asking, it tells what an answer can know. */
  now(): Moment;
  /**
   * Takes a whole list that was asked for at `asked`. A row that it does not name is gone, unless the
   * stream made it known so shortly before that the list may lag, or its symbol is set aside. Answers the
   * ids of the rows that were not as held.
   */
  answerPositions(rows: readonly Position[], asked: Moment): PositionKey[];
  answerOrders(rows: readonly Order[], asked: Moment): string[];
  /** Takes every leg the venue names of one symbol; answers those that changed. */
  answerLegs(symbol: string, rows: readonly Position[], asked: Moment): Position[];
  /** Takes what the venue says of one order that was asked about by name; answers it if it changed. */
  answerNamed(orderId: string, rows: readonly Order[], asked: Moment): Order[];
  /** Whether the stream spoke of this position (by key) or order (by id) after a moment. */
  pushedSince(moment: Moment, id: string): boolean;
}
