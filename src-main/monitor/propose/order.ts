import type { ApprovalRow, ProposalKind } from '../../../src-preload/contract/approvals.ts';

const ranks: Readonly<Record<ProposalKind, number>> = {
  'no-stop': 0,
  lowers: 1,
  ladder: 2,
  tidies: 2,
  adds: 2,
};

/** What is without a stop, then what lowers risk, then by age. */
export const inOrder = (
  a: Pick<ApprovalRow, 'kind' | 'proposedAt' | 'id'>,
  b: Pick<ApprovalRow, 'kind' | 'proposedAt' | 'id'>,
): number => ranks[a.kind] - ranks[b.kind] || a.proposedAt - b.proposedAt || (a.id < b.id ? -1 : 1);
