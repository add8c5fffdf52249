import PQueue from 'p-queue';
import type { AccountId } from '../../domain/account.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';

/** One lane per account and symbol: what enters is done one after the other, the highest priority first. */
export class Lanes {
  readonly #lanes = new Map<string, PQueue>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  enter(name: string, priority: number, work: () => Promise<void>): void {
    const lane = this.#lanes.get(name) ?? new PQueue({ concurrency: 1 });
    this.#lanes.set(name, lane);
    const guarded = async (): Promise<void> => {
      try {
        await work();
      } catch (thrown) {
        this.#log.error('A write could not be completed.', { why: sentenceOf(thrown) });
      }
    };
    void lane.add(guarded, { priority });
  }

  /** Resolves when every lane is empty. */
  async idle(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.onIdle()));
  }
}

export const laneName = (account: AccountId, symbol: string): string =>
  JSON.stringify([account, symbol]);
