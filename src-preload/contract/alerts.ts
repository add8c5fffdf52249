import type { Severity } from './words.ts';

export interface AlertRow {
  id: string;
  severity: Severity;
  rule: string;
  account: string | null;
  symbol: string | null;
  text: string;
  at: number;
}
