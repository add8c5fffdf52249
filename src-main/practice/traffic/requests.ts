/** One request as it was received. Headers are left out: they hold the signature. */
export interface SeenRequest {
  at: number;
  ms: number;
  method: string;
  path: string;
  query: string;
  body: string;
  account: string | null;
  status: number;
  /** `null` when the answer had no envelope. */
  retCode: number | null;
}

const kept = 20_000;

/** The latest requests, oldest first, and how many there were per path. */
export class Requests {
  private rows: SeenRequest[] = [];
  private readonly counts = new Map<string, number>();

  add(row: SeenRequest): void {
    this.rows.push(row);
    if (this.rows.length > kept) this.rows.splice(0, 2000);
    this.counts.set(row.path, (this.counts.get(row.path) ?? 0) + 1);
  }

  all(): { total: number; byPath: Record<string, number>; requests: SeenRequest[] } {
    let total = 0;
    for (const count of this.counts.values()) total += count;
    return { total, byPath: Object.fromEntries(this.counts), requests: this.rows };
  }
}
