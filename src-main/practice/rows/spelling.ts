import { totalsOf } from '../engine/money/margin.ts';
import { legsOf, type Spelling } from '../engine/state/venue.ts';
import { fastRow, streamExecution } from './execution.ts';
import { streamOrder } from './order.ts';
import { streamPosition } from './position.ts';
import { walletRow } from './wallet.ts';

/** The private stream's rows, as recorded. */
export const streamSpelling: Spelling = {
  order: streamOrder,
  execution: streamExecution,
  fastExecution: fastRow,
  holdings(venue, account, { symbols, coins }) {
    const totals = totalsOf(venue, account);
    return {
      // Both legs in one frame in hedge mode.
      positions: [...symbols].map((symbol) =>
        legsOf(venue, account, symbol).map((position) =>
          streamPosition(venue, account, position, totals),
        ),
      ),
      wallet: coins.length === 0 ? null : walletRow(account, totals, coins),
    };
  },
};
