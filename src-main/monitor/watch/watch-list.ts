import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import type { PositionKey } from '../../domain/keys.ts';
import { enqueue, isAbout, type Watch } from './watch.ts';

/** The watches by key and by account and symbol. */
export class WatchList {
  readonly #byKey = new Map<PositionKey, Watch>();
  readonly #bySymbol = new Map<string, Set<Watch>>();
  /** The latest executions of each account and symbol, oldest first. */
  readonly #latest = new Map<string, Execution[]>();

  get size(): number {
    return this.#byKey.size;
  }

  get(key: PositionKey): Watch | undefined {
    return this.#byKey.get(key);
  }

  all(): IterableIterator<Watch> {
    return this.#byKey.values();
  }

  ofAccount(account: AccountId): Watch[] {
    return [...this.#byKey.values()].filter(({ monitor }) => monitor.account === account);
  }

  /** Those of one account and symbol: one, or two in hedge mode. */
  of(at: { account: AccountId; symbol: string }): Iterable<Watch> {
    return this.#bySymbol.get(groupOf(at)) ?? [];
  }

  keep(watch: Watch): void {
    this.#byKey.set(watch.key, watch);
    const name = groupOf(watch.monitor);
    const group = this.#bySymbol.get(name);
    if (group) group.add(watch);
    else this.#bySymbol.set(name, new Set([watch]));
  }

  /** What is still under way for it will not be saved: a monitor that is gone never comes back (P41). */
  drop(watch: Watch): void {
    watch.dropped = true;
    this.#byKey.delete(watch.key);
    this.#bySymbol.get(groupOf(watch.monitor))?.delete(watch);
  }

  /** Oldest first, whatever they were about. */
  latestExecutions(at: { account: AccountId; symbol: string }): readonly Execution[] {
    return this.#latest.get(groupOf(at)) ?? [];
  }

  /** Queues an execution, `heard` of now, for every watch it is about; returns them. One of an unknown kind is no fill. */
  give(execution: Execution, heard: { at: number; ticks: number }): Watch[] {
    if (execution.type === 'Funding' || execution.type === 'other') return [];
    const latest = this.#latest.get(groupOf(execution)) ?? [];
    this.#latest.set(groupOf(execution), [...latest, execution].slice(-REMEMBERED));
    const about = [...this.of(execution)].filter((watch) => isAbout(execution, watch.monitor));
    for (const watch of about) enqueue(watch, execution, heard);
    return about;
  }
}

/** Executions remembered of one symbol: far more than a position is usually opened with. */
const REMEMBERED = 100;

const groupOf = ({ account, symbol }: { account: AccountId; symbol: string }): string =>
  JSON.stringify([account, symbol]);
