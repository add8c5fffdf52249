/** Something in a row of the venue that is not understood here, of a symbol that the row names. */
export interface Oddity {
  symbol: string;
  /** What kind of row it stands in. */
  kind: 'position' | 'order' | 'execution' | 'fee rate' | 'instrument' | 'ticker';
  /** The venue's name of the field, and what stands in it, as text. */
  field: string;
  raw: string;
  /** For the operator. */
  sentence: string;
  /** Of an execution: the time (venue's ms) it is to be read again from, with all that was read beside it. */
  readFrom?: number;
}

/**
 * A symbol of one account of which nothing is taken for true: a row of it is not understood. What was
 * known of it is kept, and is not current; nothing is concluded from it, booked or sent until a whole read
 * that began later is understood.
 */
export interface SetAside {
  symbol: string;
  /** ms since 1970 UTC. */
  since: number;
  /** From when (venue's ms) its executions are to be read again; `null` where none of them is odd. */
  executionsFrom: number | null;
  /** At least one. */
  oddities: readonly Oddity[];
  /** What it means, for the operator: told wherever something of the symbol is refused or left out. */
  sentence: string;
}

export const setAsideSentence = (symbol: string, [first]: readonly Oddity[]): string =>
  `${first?.sentence ?? ''} Until a later reading is understood nothing is sent for ${symbol}: look after it on Bybit.`;
