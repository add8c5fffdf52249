/** What happened to a position while Holdfast was off, told at the next start. */
export interface AwayRow {
  id: string;
  account: string;
  symbol: string;
  /** When the exchange says it happened; when Holdfast learned of it where the exchange does not say. */
  at: number;
  text: string;
}
