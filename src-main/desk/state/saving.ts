import type { Clock } from '../../domain/clock.ts';
import { closeReason } from '../../domain/close-reason.ts';
import type {
  Change,
  LoadedState,
  SaveOutcome,
  SaveReason,
  Store,
} from '../../persistence/store.ts';
import { createTradeLog, type TradeLog } from '../../trades/trade-log.ts';

export interface Saving {
  /** Books the trades that follow from the change and saves all of it. */
  save(reason: SaveReason, change: Change): SaveOutcome;
  /** From now on changes wait: the database is about to be replaced. */
  hold(): void;
  /** The database is as it was: what waited is saved. */
  release(): void;
  /**
   * Another state is in place: of what waited only what the venue and the operator's alerts said is
   * saved, because it is true whatever the state; what was derived from the old state is void.
   */
  startOver(from: LoadedState): void;
}

/** Everything the desk saves goes through here, so that nothing is lost around a restore. */
export function createSaving(options: {
  store: Store;
  loaded: LoadedState;
  clock: Clock;
  onTrades: () => void;
  onTimeline: () => void;
}): Saving {
  const { store, clock } = options;
  const tradeLogFrom = (state: LoadedState): TradeLog =>
    createTradeLog(state, closeReason, () => clock.now());
  let trades = tradeLogFrom(options.loaded);
  let waiting: [SaveReason, Change][] | null = null;

  function save(reason: SaveReason, change: Change): SaveOutcome {
    if (waiting) {
      waiting.push([reason, change]);
      return 'kept';
    }
    const booked = trades.booked(change);
    const outcome = store.save(reason, booked);
    if (booked.trades) options.onTrades();
    if (booked.timeline) options.onTimeline();
    return outcome;
  }

  function goOn(keep: (change: Change) => Change): void {
    const kept = waiting ?? [];
    waiting = null;
    for (const [reason, change] of kept) save(reason, keep(change));
  }

  return {
    save,
    hold() {
      waiting ??= [];
    },
    release: () => goOn((change) => change),
    startOver(from) {
      trades = tradeLogFrom(from);
      goOn(({ executions, alerts, equity }) => ({
        ...(executions && { executions }),
        ...(alerts && { alerts }),
        ...(equity && { equity }),
      }));
    },
  };
}
