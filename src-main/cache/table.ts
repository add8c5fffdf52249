import { LRUCache } from 'lru-cache';

/** How rows of one kind are told apart, ordered in time and compared. */
export interface TableRules<Row> {
  idOf(row: Row): string;
  /** The rows looked up together. */
  groupOf(row: Row): string;
  /** False for a row that says "gone": a flat position, an ended order. */
  isLive(row: Row): boolean;
  /** True when `a` was certainly written before `b`. */
  isOlder(a: Row, b: Row): boolean;
  /** Equal in everything a decision could rest on. */
  isSame(a: Row, b: Row): boolean;
  /** True when a row that is gone never comes back under the same id. */
  goneForGood: boolean;
}

/**
 * A read overlaps the stream: rows pushed this long before it began are kept although the read does
 * not list them, because the venue's list may lag its own stream. ms.
 */
const OVERLAP_MS = 2_000;
const GONE_KEPT = 5_000;

/** The live rows of one kind, kept true by single rows from the stream and by whole reads. */
export class Table<Row extends object> {
  readonly #rules: TableRules<Row>;
  readonly #live = new Map<string, Row>();
  readonly #groups = new Map<string, readonly Row[]>();
  readonly #versions = new Map<string, number>();
  readonly #gone = new LRUCache<string, Row>({ max: GONE_KEPT });
  readonly #pushedAt = new LRUCache<string, number>({ max: 4 * GONE_KEPT });

  constructor(rules: TableRules<Row>) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#live.size;
  }

  rows(): Row[] {
    return [...this.#live.values()];
  }

  get(id: string): Row | undefined {
    return this.#live.get(id);
  }

  /** The last word on a row that is gone, when it was seen going. */
  gone(id: string): Row | undefined {
    return this.#gone.get(id);
  }

  group(name: string): readonly Row[] {
    return this.#groups.get(name) ?? [];
  }

  /** Grows whenever a row of the group changes, comes or goes. */
  version(name: string): number {
    return this.#versions.get(name) ?? 0;
  }

  /** When the stream last spoke of a row, ms; `null` when it never did. */
  pushedAt(id: string): number | null {
    return this.#pushedAt.get(id) ?? null;
  }

  /** Takes one row as the venue told it. Returns whether what is held changed. */
  put(row: Row, at: number): boolean {
    const id = this.#rules.idOf(row);
    this.#pushedAt.set(id, at);
    return this.#take(id, row);
  }

  /**
   * Takes a whole read that began at `startedAt`: rows it does not list are gone, unless the stream
   * spoke of them since. Returns the rows that changed, as they were or are.
   */
  replace(read: readonly Row[], startedAt: number): Row[] {
    const changed: Row[] = [];
    const listed = new Set<string>();
    for (const row of read) {
      const id = this.#rules.idOf(row);
      listed.add(id);
      if (this.#take(id, row)) changed.push(row);
    }
    for (const [id, row] of this.#live) {
      if (listed.has(id)) continue;
      const pushed = this.#pushedAt.get(id);
      if (pushed !== undefined && pushed >= startedAt - OVERLAP_MS) continue;
      this.#remove(id, row);
      changed.push(row);
    }
    return changed;
  }

  #take(id: string, row: Row): boolean {
    const held = this.#live.get(id);
    if (held) {
      if (this.#rules.isOlder(row, held)) return false;
      if (!this.#rules.isLive(row)) {
        this.#remove(id, held);
        this.#gone.set(id, row);
        return true;
      }
      const same = this.#rules.isSame(held, row);
      this.#set(id, row, held);
      return !same;
    }
    const gone = this.#gone.get(id);
    if (gone && (this.#rules.goneForGood || !this.#rules.isOlder(gone, row))) return false;
    if (!this.#rules.isLive(row)) {
      this.#gone.set(id, row);
      this.#bump(this.#rules.groupOf(row));
      return true;
    }
    this.#set(id, row, undefined);
    return true;
  }

  #set(id: string, row: Row, held: Row | undefined): void {
    const name = this.#rules.groupOf(row);
    const before = held && this.#rules.groupOf(held);
    if (before !== undefined && before !== name) this.#ungroup(before, id);
    this.#live.set(id, row);
    const group = this.#groups.get(name) ?? [];
    // Never changed in place: whoever was given the old one may go on reading it.
    this.#groups.set(
      name,
      before === name ? group.map((one) => (one === held ? row : one)) : [...group, row],
    );
    this.#bump(name);
  }

  #remove(id: string, held: Row): void {
    this.#live.delete(id);
    this.#ungroup(this.#rules.groupOf(held), id);
  }

  #ungroup(name: string, id: string): void {
    const left = this.#groups.get(name)?.filter((row) => this.#rules.idOf(row) !== id) ?? [];
    if (left.length > 0) this.#groups.set(name, left);
    else this.#groups.delete(name);
    this.#bump(name);
  }

  #bump(name: string): void {
    this.#versions.set(name, (this.#versions.get(name) ?? 0) + 1);
  }
}
