import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Effect } from './ask-venue.ts';
import type { Intent } from './intent.ts';
import { type Lanes, laneName } from './lanes.ts';

/** An intent whose outcome is not known is asked about this often, ms. */
export const ASK_AGAIN_MS = 5_000;
/** Lane priority: after writes that protect. */
const PRIORITY = 2;

/** Intents whose outcome is not known, by lane: nothing else is written there meanwhile. */
export interface Unresolved {
  /** True while an outcome in that lane is not known. */
  holds(account: AccountId, symbol: string): boolean;
  /** Asks about an intent from now on. */
  add(intent: Intent): void;
  /** Asks at once, side by side: what the last run left behind. */
  askNow(intents: readonly Intent[]): void;
}

/** Asks until the venue says what became of each intent; never sends any of them again. */
export function createUnresolved(options: {
  clock: Clock;
  lanes: Lanes;
  /** False while the loop is stopped or paused. */
  mayAsk: () => boolean;
  effectOf: (intent: Intent) => Promise<Effect>;
  resolved: (intent: Intent, step: 'confirmed' | 'lapsed') => void;
}): Unresolved {
  const { clock, lanes } = options;
  const byLane = new Map<string, Intent[]>();

  const keep = (intent: Intent): string => {
    const name = laneName(intent.account, intent.data.action.symbol);
    byLane.set(name, [...(byLane.get(name) ?? []), intent]);
    return name;
  };

  function askLater(name: string): void {
    clock.after(ASK_AGAIN_MS, () => {
      if (options.mayAsk()) lanes.enter(name, PRIORITY, () => ask(name));
      else askLater(name);
    });
  }

  async function ask(name: string): Promise<void> {
    const open: Intent[] = [];
    for (const intent of byLane.get(name) ?? []) {
      const effect = await options.effectOf(intent);
      if (effect === 'unknown') open.push(intent);
      else options.resolved(intent, effect === 'done' ? 'confirmed' : 'lapsed');
    }
    if (open.length === 0) {
      byLane.delete(name);
      return;
    }
    byLane.set(name, open);
    askLater(name);
  }

  return {
    holds: (account, symbol) => byLane.has(laneName(account, symbol)),
    add: (intent) => askLater(keep(intent)),
    askNow(intents) {
      for (const name of new Set(intents.map(keep))) lanes.enter(name, PRIORITY, () => ask(name));
    },
  };
}
