import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import type { Position } from '../../domain/position.ts';
import type { Parts } from '../parts.ts';
import { unrealised } from './positions.ts';

/** What waits for the operator, each with what its position would lose before anything else stops it. */
export const approvalRows = ({
  proposals,
  cache,
}: Pick<Parts, 'proposals' | 'cache'>): ApprovalRow[] =>
  proposals.rows().map((row) => ({ ...row, liquidation: liquidationOf(cache.positionAt(row)) }));

function liquidationOf(position: Position | null): ApprovalRow['liquidation'] {
  if (!position?.side) return null;
  const { side, size, entryPrice, liquidationPrice: price } = position;
  if (entryPrice === null || price === null) return null;
  return { price, result: unrealised(side, size, entryPrice, price) };
}
