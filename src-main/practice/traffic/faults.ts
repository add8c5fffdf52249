/** What can be made to go wrong, each `count` times or for a while. */
export const faultKinds = [
  'latency',
  'lag',
  'dropTopic',
  'delist',
  'mark',
  'adl',
  'dropSocket',
  'duplicate',
  'reorder',
  'http500',
  'rateLimit',
  'ban403',
  'garbage',
  'acceptThenDrop',
  'clockSkew',
  'missingPage',
  'forgetClosed',
  'oddRow',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** How often it still strikes; `null` while it is bound by time alone. */
  left: number | null;
  /** Real ms; `null` for no end. */
  until: number | null;
  /** Only requests whose path contains this. */
  path: string | null;
  /** Only this account. */
  account: string | null;
  /** Only this topic; `tickers` stands for all tickers. */
  topic: string | null;
  /** Latency, lag or clock skew, ms. */
  ms: number;
  /** `dropSocket`: frames that still go out first. */
  afterFrames: number;
  /** `oddRow`: of which symbol's rows, and which field is `value` instead, or is left out without one. */
  odd: { symbol: string; field: string; value: unknown } | null;
}

type Row = Readonly<Record<string, unknown>>;

/** What a fault may strike at. */
export interface Where {
  path?: string;
  account?: string;
  topic?: string;
}

/** The faults that are armed. */
export class Faults {
  private armed: Fault[] = [];

  arm(fault: Fault): void {
    this.armed.push(fault);
  }

  clear(): void {
    this.armed = [];
  }

  /** Strikes once if a fault of this kind applies here. */
  strike(kind: FaultKind, now: number, where: Where): Fault | null {
    const fault = this.find(kind, now, where);
    if (fault !== null) this.spend(fault);
    return fault;
  }

  /** ms the venue's clock is off. */
  skew(now: number): number {
    return this.find('clockSkew', now, {})?.ms ?? 0;
  }

  /** Rows as they go out: what is said of some symbols may be odd in them. */
  rows(rows: unknown, now: number, where: Where): unknown {
    if (!Array.isArray(rows) || !this.armed.some(({ kind }) => kind === 'oddRow')) return rows;
    return rows.map((row: Row) => {
      for (const fault of this.applying('oddRow', now, where)) {
        const { odd } = fault;
        if (odd === null || row.symbol !== odd.symbol || !(odd.field in row)) continue;
        this.spend(fault);
        const { [odd.field]: _, ...rest } = row;
        return odd.value === undefined ? rest : { ...row, [odd.field]: odd.value };
      }
      return row;
    });
  }

  private find(kind: FaultKind, now: number, where: Where): Fault | null {
    return this.applying(kind, now, where)[0] ?? null;
  }

  private applying(kind: FaultKind, now: number, where: Where): Fault[] {
    this.armed = this.armed.filter((fault) => fault.until === null || fault.until > now);
    return this.armed.filter(
      (fault) =>
        fault.kind === kind &&
        (fault.path === null || (where.path ?? '').includes(fault.path)) &&
        (fault.topic === null || (where.topic ?? '').startsWith(fault.topic)) &&
        (fault.account === null || where.account === undefined || fault.account === where.account),
    );
  }

  private spend(fault: Fault): void {
    if (fault.left === null) return;
    fault.left -= 1;
    if (fault.left <= 0) this.armed = this.armed.filter((other) => other !== fault);
  }
}
