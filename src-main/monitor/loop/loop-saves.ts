import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { SightingRecord, TimelineRecord } from '../../persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';
import type { Watch } from '../watch/watch.ts';

/**
 * What the loop has to save, a slice at a time: the monitors a slice adopted go out as one change, and
 * before anything that is said of them; so do its sightings.
 */
export class LoopSaves {
  readonly #save: (reason: SaveReason, change: Change) => SaveOutcome;
  readonly #log: Log;
  readonly #adopted: { watch: Watch; line: TimelineRecord }[] = [];
  readonly #sightings: SightingRecord[] = [];

  constructor(save: (reason: SaveReason, change: Change) => SaveOutcome, log: Log) {
    this.#save = save;
    this.#log = log;
  }

  /** Saves in order; throws what the store throws. */
  save(reason: SaveReason, change: Change): SaveOutcome {
    const created = this.#adopted.splice(0);
    if (created.length > 0) {
      this.#save('monitor-created', {
        monitors: created.flatMap(({ watch }) => (watch.dropped ? [] : [watch.monitor])),
        timeline: created.map(({ line }) => line),
      });
    }
    return this.#save(reason, change);
  }

  /** The same where nothing waits for the outcome: a throw is logged, the loop goes on. */
  note(reason: SaveReason, change: Change): void {
    try {
      this.save(reason, change);
    } catch (thrown) {
      this.#log.error('Changes to the monitors could not be saved.', { why: sentenceOf(thrown) });
    }
  }

  /** `line` is how its story begins. */
  adopted(watch: Watch, line: TimelineRecord): void {
    this.#adopted.push({ watch, line });
  }

  seen(watch: Watch, now: number): void {
    const distance = watch.nearest?.distance ?? null;
    this.#sightings.push({ position: watch.key, markPrice: watch.mark, distance, checkedAt: now });
  }

  /** A hit that waits to be saved together with what it leads to, and was not. */
  held(watch: Watch): void {
    const held = watch.unsaved;
    watch.unsaved = null;
    if (held) this.note(held.reason, held.change);
  }

  /** Ends a slice. */
  slice(): void {
    const sightings = this.#sightings.splice(0);
    if (sightings.length > 0 || this.#adopted.length > 0) this.note('checked', { sightings });
  }
}
