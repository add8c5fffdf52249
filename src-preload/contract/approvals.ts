export interface ApprovalRow {
  id: string;
  account: string;
  symbol: string;
  what: string;
  why: string;
  /** What would be sent, field by field. */
  order: Record<string, string>;
  proposedAt: number;
}
