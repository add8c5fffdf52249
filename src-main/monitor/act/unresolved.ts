import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Effect } from './effect.ts';
import type { Intent } from './intent.ts';
import { laneName } from './lanes.ts';

/** An intent whose outcome is not known is asked about again after so long, the last one from then on, ms. */
const ASK_AGAIN_MS = [500, 1_000, 2_000, 5_000] as const;

/** Intents whose outcome is not known: nothing else is written for their symbols meanwhile. */
export interface Unresolved {
  /** True while an outcome there is not known. */
  holds(at: { account: AccountId; symbol: string }): boolean;
  /** Asks about intents from now on, each for itself, at once. */
  ask(intents: readonly Intent[]): void;
}

/** Asks until the venue says what became of each intent; never sends any of them again. */
export function createUnresolved(options: {
  clock: Clock;
  /** False while the loop is stopped or paused. */
  mayAsk: () => boolean;
  effectOf: (intent: Intent) => Promise<Effect>;
  resolved: (intent: Intent, step: 'confirmed' | 'lapsed') => void;
}): Unresolved {
  const { clock } = options;
  const open = new Map<string, Set<Intent>>();

  /** That it did not take effect is believed when two answers say so: a list may lag behind. */
  async function ask(intent: Intent, asked: number, before: Effect): Promise<void> {
    const effect = options.mayAsk() ? await options.effectOf(intent) : 'unknown';
    if (effect === 'unknown' || (effect === 'not-done' && before !== effect)) {
      const wait = ASK_AGAIN_MS[asked] ?? ASK_AGAIN_MS[ASK_AGAIN_MS.length - 1];
      clock.after(wait ?? 0, () => void ask(intent, asked + 1, effect));
      return;
    }
    const name = nameOf(intent);
    const left = open.get(name);
    left?.delete(intent);
    if (left?.size === 0) open.delete(name);
    options.resolved(intent, effect === 'done' ? 'confirmed' : 'lapsed');
  }

  const nameOf = ({ account, data }: Intent): string => laneName({ account, symbol: data.symbol });

  return {
    holds: (at) => open.has(laneName(at)),
    ask(intents) {
      for (const intent of intents) {
        const name = nameOf(intent);
        open.set(name, (open.get(name) ?? new Set()).add(intent));
      }
      for (const intent of intents) void ask(intent, 0, 'unknown');
    },
  };
}
