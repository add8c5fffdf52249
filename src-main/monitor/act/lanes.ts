import PQueue from 'p-queue';
import type { AccountId } from '../../domain/account.ts';
import type { StepPhase } from '../goals/step.ts';

/** Who goes first where several want to write for one symbol. */
export const priorityOf: Readonly<Record<StepPhase, number>> = {
  protect: 4,
  cancel: 3,
  close: 2,
  place: 1,
};

/** One lane per account and symbol: one write is under way at a time, the highest priority first. */
export class Lanes {
  readonly #lanes = new Map<string, PQueue>();

  /** Takes its turn; hands on what the work came to. */
  run<T>(
    at: { account: AccountId; symbol: string },
    priority: number,
    work: () => Promise<T>,
  ): Promise<T> {
    const name = laneName(at);
    const lane = this.#lanes.get(name) ?? new PQueue({ concurrency: 1 });
    this.#lanes.set(name, lane);
    return lane.add(work, { priority });
  }
}

export const laneName = ({ account, symbol }: { account: AccountId; symbol: string }): string =>
  JSON.stringify([account, symbol]);
