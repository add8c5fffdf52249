import type { Clock } from '../../domain/clock.ts';
import { closeReason } from '../../domain/close-reason.ts';
import { Failure } from '../../domain/failure.ts';
import type {
  Change,
  LoadedState,
  SaveOutcome,
  SaveReason,
  Store,
} from '../../persistence/store.ts';
import { createTradeLog, type TradeLog } from '../../trades/trade-log.ts';
import { AWAY, type Away, createAway } from '../away.ts';

export interface Saving {
  away: Away;
  /** Books the trades that follow from the change and saves all of it. */
  save(reason: SaveReason, change: Change): SaveOutcome;
  /** The same for an operation, which books no trades. One to be rolled back does not wait: BUSY. */
  operation: Store['operation'];
  /** From now on changes wait: the database is about to be replaced. */
  hold(): void;
  /** The database is as it was: what waited is saved. */
  release(): void;
  /**
   * Another state is in place: of what waited only what the venue, the alerts and the operations said is
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
  onOperations: () => void;
  onAway: () => void;
}): Saving {
  const { store, clock } = options;
  const tradeLogFrom = (state: LoadedState): TradeLog =>
    createTradeLog(state, closeReason, () => clock.now());
  let trades = tradeLogFrom(options.loaded);
  const away = createAway({
    saved: options.loaded.settings[AWAY],
    hasRun: options.loaded.accounts.length > 0,
    startedAt: clock.now(),
    onChange: options.onAway,
  });
  type Keep = (change: Change) => Change;
  let waiting: ((keep: Keep) => void)[] | null = null;

  function save(reason: SaveReason, change: Change): SaveOutcome {
    if (waiting) {
      waiting.push((keep) => save(reason, keep(change)));
      return 'kept';
    }
    const booked = away.noticed(trades.booked(change));
    const outcome = store.save(reason, booked);
    if (booked.trades) options.onTrades();
    if (booked.timeline) options.onTimeline();
    if (booked.operations) options.onOperations();
    return outcome;
  }

  const operation: Saving['operation'] = (about, work) => {
    if (waiting) {
      if (about.onRefusal === 'roll-back')
        throw new Failure('BUSY', 'A backup is being restored. Try again when it has finished.');
      const changes: Change[] = [];
      work((change) => void changes.push(change));
      waiting.push((keep) => {
        operation(about, (add) => {
          for (const change of changes) add(keep(change));
        });
      });
      return 'kept';
    }
    try {
      return store.operation(about, work);
    } finally {
      options.onOperations();
    }
  };

  function goOn(keep: Keep): void {
    const kept = waiting ?? [];
    waiting = null;
    for (const saveIt of kept) saveIt(keep);
  }

  return {
    save,
    away,
    operation,
    hold() {
      waiting ??= [];
    },
    release: () => goOn((change) => change),
    startOver(from) {
      trades = tradeLogFrom(from);
      goOn(({ executions, alerts, equity, operations }) => ({
        ...(executions && { executions }),
        ...(operations && { operations }),
        ...(alerts && { alerts }),
        ...(equity && { equity }),
      }));
    },
  };
}
