import type { Clock } from '../../domain/clock.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { TimelineRecord } from '../../persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';
import type { Watch } from '../watch/watch.ts';
import type { Intent, IntentStep } from './intent.ts';

/** What the story says of an intent's end; the other steps are not worth a line. */
const STAGES: Partial<Record<IntentStep, TimelineRecord['stage']>> = {
  confirmed: 'confirmed',
  refused: 'refused',
  lapsed: 'refused',
  unknown: 'unknown',
};

/** How decisions and intents get to the disk and into a position's story. */
export interface IntentLog {
  /** `kept` also when the store throws: what is not on the disk is not to be sent. */
  save(reason: SaveReason, change: Change): SaveOutcome;
  /** Saves how far an intent got, with a line of the story when there is something to say. */
  record(watch: Watch | null, intent: Intent, step: IntentStep, text?: string): void;
  /** A line of the story; `mark` tells two of a stage apart. */
  line(watch: Watch, stage: TimelineRecord['stage'], mark: string, text: string): TimelineRecord;
}

export function createIntentLog(options: {
  clock: Clock;
  log: Log;
  save: (reason: SaveReason, change: Change) => SaveOutcome;
}): IntentLog {
  const { clock, log } = options;

  function save(reason: SaveReason, change: Change): SaveOutcome {
    try {
      return options.save(reason, change);
    } catch (thrown) {
      log.error('A decision could not be saved.', { why: sentenceOf(thrown) });
      return 'kept';
    }
  }

  const line: IntentLog['line'] = (watch, stage, mark, text) => {
    const { account, symbol, positionIdx, openedAt } = watch.monitor;
    const id = [watch.key, openedAt, stage, mark].join('/');
    return { id, account, symbol, positionIdx, at: clock.now(), stage, text, detail: null };
  };

  return {
    save,
    line,
    record(watch, intent, step, text) {
      const at = clock.now();
      const stage = STAGES[step];
      save('intent', {
        intents: [{ ...intent, step, pending: step === 'unknown', at }],
        ...(watch && text && stage
          ? { timeline: [line(watch, stage, `${intent.id}/${step}/${at}`, text)] }
          : {}),
      });
    },
  };
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
