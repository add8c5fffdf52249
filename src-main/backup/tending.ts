import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import { fingerprintOf } from './disk.ts';
import type { Catalogue } from './files/catalogue.ts';
import type { DatabaseSource } from './files/source.ts';
import { DATABASE } from './files/source.ts';
import type { Maker } from './make/maker.ts';
import type { Troubles } from './troubles.ts';
import type { Queue } from './worker/queue.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CHECK_EVERY = 5 * MINUTE;
/** The first look comes once a start has settled: an overdue backup then holds what is watched now. */
const FIRST_CHECK = 10_000;
const REHASH_AFTER = 7 * DAY;
/** From this age on the newest backup is too old, where there is something newer to keep. */
const OLD = 60 * MINUTE;

interface Parts {
  clock: Clock;
  catalogue: Catalogue;
  turns: Queue;
  troubles: Troubles;
  maker: Maker;
  database: () => DatabaseSource | null;
  databasePath: string;
  /** Reads one back whole; throws when it cannot be read, which says nothing about it. */
  verify: (id: string) => Promise<unknown>;
  onChange: () => void;
}

/** Takes what is due and looks after what is there, decided from stored times each time. */
export function createTending(parts: Parts) {
  const { clock, catalogue, turns, troubles, maker, database, databasePath, onChange } = parts;
  /** How the database's files looked when what matters in them was last compared. */
  let compared = '';
  const startedAt = clock.now();
  let running = false;
  let stopTimer = (): void => {};

  /** Takes one if something that matters changed and `mayTake` still says so when its turn has come. */
  async function takeRoutine(reason: string, mayTake: () => boolean): Promise<void> {
    const looks = (): string => fingerprintOf(databasePath);
    if (!database() || looks() === compared || !mayTake()) return;
    try {
      await turns.run('backing up the database', async (progress, stop) => {
        const live = database();
        if (!live || !mayTake()) return;
        live.flush();
        // A change while it is copied counts as one after it.
        const now = looks();
        if (await maker.databaseChanged(databasePath)) {
          await maker.take({ class: 'routine', reason }, progress, stop);
        }
        compared = now;
        troubles.wentWell('backup-failed', DATABASE);
      });
    } catch (error) {
      troubles.failed('backup-failed', DATABASE, error);
      onChange();
    }
  }

  async function rehashWeekly(): Promise<void> {
    const now = clock.now();
    const due = catalogue.all().filter(({ own, usable, manifest }) => {
      const at = manifest.verifiedAt ?? 0;
      return own && usable && manifest.verified && (at > now + DAY || now - at > REHASH_AFTER);
    });
    for (const { manifest } of due) {
      if (!running) return;
      try {
        await parts.verify(manifest.id);
        troubles.wentWell('verify-failed', manifest.source);
      } catch (error) {
        const why = `The backup ${manifest.id} could not be checked. ${sentenceOf(error)}`;
        troubles.failed('verify-failed', manifest.source, why);
      }
    }
  }

  /** Tells, once, when what is kept grows old although there is newer to keep. */
  function watchAges(): void {
    const newest = maker.ofSource(DATABASE).find(({ verified }) => verified);
    const limit = Math.max(OLD, 4 * maker.minimum());
    const words = (ms: number): string => `${Math.round(ms / MINUTE)} minutes`;
    const age = clock.now() - (newest?.madeAt ?? startedAt);
    if (fingerprintOf(databasePath) !== compared && age > limit) {
      const text = newest
        ? `The newest good backup is ${words(age)} old, and there are changes since.`
        : 'There is no good backup, and there are changes to keep.';
      troubles.failed('backup-old', DATABASE, text, 1);
    } else troubles.wentWell('backup-old', DATABASE);
    const second = maker.second.state();
    const behind = newest && second ? newest.madeAt - (second.newestAt ?? startedAt) : 0;
    if (second && newest && behind > limit && clock.now() - newest.madeAt > CHECK_EVERY) {
      const text = `The newest copy in the second folder ${second.folder} is ${words(behind)} older than the newest backup.`;
      troubles.failed('second-folder-old', null, text, 1);
    } else troubles.wentWell('second-folder-old', null);
  }

  /** Takes what is due: also for a machine that wakes up. */
  async function check(): Promise<void> {
    await takeRoutine('changed', () => maker.dueAt(DATABASE) <= clock.now());
    maker.second.refresh();
    watchAges();
    await rehashWeekly();
  }

  function schedule(ms: number): void {
    stopTimer = clock.after(ms, () => {
      void check()
        .catch((error: unknown) => troubles.failed('backup-failed', DATABASE, error))
        .finally(() => {
          if (running) schedule(CHECK_EVERY);
        });
    });
  }

  return {
    check,
    start(): void {
      running = true;
      schedule(FIRST_CHECK);
    },
    /** Ends the schedule; what it was at is finished by its queue. */
    stop(): void {
      running = false;
      stopTimer();
    },
    /** The backup on quit, where something changed. */
    takeLast: (): Promise<void> => takeRoutine('on quit', () => maker.mayTakeNow(DATABASE)),
  };
}
