import type { Database, Statement } from 'better-sqlite3';
import type { SavesState } from '../../../src-preload/contract/saves.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import { plural } from '../../domain/words.ts';
import { diskFailure } from '../file/trouble.ts';
import { reasons, type SaveReason } from '../reasons.ts';
import type { OperationRecord } from '../records.ts';
import { hashOf } from '../rows/hash.ts';
import { hashedTables, prepareChecks, type Row, rowOf, rowsOf, tables } from '../rows/tables.ts';
import type { Change, SaveOutcome, Store, StoreOptions } from '../store.ts';
import { journalLine } from './journal.ts';
import type { Altered, Waiting } from './waiting.ts';

/** Tries in a row after which writing is only probed, no longer attempted by every critical save. */
const TRIES = 5;
const RETRY_MS = { first: 1_000, longest: 30_000 };
/** The write-ahead log is folded back outside of a save after so many bytes of values. */
const LONG_LOG = 2 * 1024 * 1024;
const FOLD_AFTER_MS = 1_000;

export interface Writer {
  readonly save: (reason: SaveReason, change: Change) => SaveOutcome;
  readonly operation: Store['operation'];
  /** Writes what waits, also while writes are refused. Throws when the disk refuses. */
  readonly flush: () => void;
  /** From now on `save` throws this; `null` allows it again. */
  readonly refuse: (refusal: Failure | null) => void;
  /** Writes rows again whose copy on the disk is bad, where their content is remembered. */
  readonly rewrite: (rows: readonly Pick<Row, 'table' | 'key'>[]) => void;
  /** Calls off every timer. */
  readonly stop: () => void;
  readonly statistics: () => SavesState;
}

/** The one thing that writes rows: critical at once, routine at intervals, nothing dropped (P39, P63). */
export function createWriter(
  db: Database,
  waiting: Waiting,
  options: Pick<StoreOptions, 'clock' | 'log' | 'routineMs' | 'newId' | 'onTrouble'>,
): Writer {
  const { clock, log } = options;
  const write = preparedWrite(db);
  prepareChecks();
  const counts = {
    critical: 0,
    routine: 0,
    deferred: 0,
    failed: 0,
    transactions: 0,
    bytesWritten: 0,
    longestPauseMs: 0,
    lastSavedAt: null as number | null,
    notSavedSince: null as number | null,
    byReason: {} as Record<string, number>,
  };
  let refusal: Failure | null = null;
  let failures = 0;
  let cancelTimer: (() => void) | null = null;
  let cancelFold: (() => void) | null = null;
  let unfolded = 0;

  /** The single timer: the next routine transaction, or the next try after a failure. */
  function writeIn(ms: number): void {
    cancelTimer?.();
    cancelTimer = clock.after(ms, () => {
      cancelTimer = null;
      if (!refusal) attempt();
    });
  }

  /** Commits all that waits. A failure keeps every row and plans the next try. */
  function attempt(): Failure | null {
    const failure = writeAll();
    return failure && failed(failure);
  }

  /** Commits all that waits, or tells why it could not; nothing is written then. */
  function writeAll(): Failure | null {
    const rows = waiting.rows();
    if (rows.length === 0) return null;
    const started = clock.ticks();
    try {
      const bytes = write(rows, clock.now());
      counts.bytesWritten += bytes;
      unfolded += bytes;
    } catch (error) {
      return diskFailure(error, db.name);
    } finally {
      counts.longestPauseMs = Math.max(counts.longestPauseMs, clock.ticks() - started);
    }
    waiting.settled(rows);
    counts.transactions++;
    counts.lastSavedAt = clock.now();
    cancelTimer?.();
    cancelTimer = null;
    if (failures > 0) recovered(rows.length);
    if (unfolded > LONG_LOG) cancelFold ??= clock.after(FOLD_AFTER_MS, fold);
    return null;
  }

  function failed(failure: Failure): Failure {
    failures++;
    counts.failed++;
    const since = (counts.notSavedSince ??= clock.now());
    writeIn(Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** (failures - 1)));
    log.error('saving failed', { failures, waiting: waiting.size, why: failure.message });
    if (failures === 1 || failures === TRIES) {
      options.onTrouble({
        kind: 'saving-fails',
        since,
        attempts: failures,
        stopped: failures === TRIES,
        text: `Changes cannot be saved at the moment; they are kept in memory. ${failure.message}`,
      });
    }
    return failure;
  }

  function recovered(rows: number): void {
    const since = counts.notSavedSince ?? clock.now();
    failures = 0;
    counts.notSavedSince = null;
    options.onTrouble({
      kind: 'saving-again',
      since,
      text: `Saving works again: everything that was waiting (${plural(rows, 'row')}) is on disk.`,
    });
  }

  /** Folds the write-ahead log back between saves, so that no critical save has to. */
  function fold(): void {
    cancelFold = null;
    const started = clock.ticks();
    try {
      db.pragma('wal_checkpoint(PASSIVE)');
      unfolded = 0;
      counts.longestPauseMs = Math.max(counts.longestPauseMs, clock.ticks() - started);
    } catch (error) {
      log.warn('the write-ahead log could not be folded back', { why: sentenceOf(error) });
    }
  }

  /** The rows of the changes that alter something now wait to be written, and how many sightings. */
  function take(
    reason: SaveReason,
    changes: readonly Change[],
  ): { altered: Altered[]; seen: number } {
    if (refusal) throw refusal;
    const rows = changes.flatMap(rowsOf); // throws before anything is taken
    const kind = reasons[reason];
    counts[kind]++;
    counts.byReason[reason] = (counts.byReason[reason] ?? 0) + 1;
    const altered = waiting.take(rows);
    const seen = changes.reduce((sum, change) => sum + waiting.see(change.sightings ?? []), 0);
    return { altered, seen };
  }

  function record(
    reason: SaveReason,
    altered: readonly Altered[],
    failure: string | null = null,
    id = options.newId(),
  ): Altered[] {
    const about = { id, at: clock.now(), reason };
    return waiting.take([rowOf(tables.journal, journalLine(about, altered, failure))]);
  }

  function commit(): SaveOutcome {
    if (failures < TRIES) attempt();
    return waiting.size === 0 ? 'durable' : 'kept';
  }

  return {
    save(reason, change) {
      const { altered, seen } = take(reason, [change]);
      if (reasons[reason] === 'critical') {
        if (altered.length > 0) record(reason, altered);
        return commit();
      }
      if (altered.length + seen > 0) counts.deferred++;
      if (waiting.size === 0) return 'durable';
      if (!cancelTimer) writeIn(options.routineMs());
      return 'kept';
    },

    operation({ reason, summary, onRefusal, ...told }, work) {
      if (refusal) throw refusal;
      const id = options.newId();
      const beganAt = clock.now();
      const end = (state: OperationRecord['state'], why: string | null): Altered[] => {
        const committed = state === 'committed' ? summary : null;
        const endedAt = clock.now();
        const accounts = [...told.accounts];
        const operation = { ...told, accounts, id, beganAt, endedAt, state, why };
        return waiting.take([
          rowOf(tables.operations, { ...operation, steps: [], summary: committed }),
        ]);
      };
      let taken: Altered[] = [];
      try {
        const changes: Change[] = [];
        work((change) => void changes.push(change));
        const { altered } = take(reason, changes);
        if (altered.length === 0) return commit();
        taken = altered;
        taken.push(...record(reason, altered, null, id), ...end('committed', null));
        if (onRefusal === 'keep') return commit();
        const failure = writeAll();
        if (failure) {
          throw new Failure(failure.code, `Nothing was changed. ${failure.message}`, {
            cause: failure,
          });
        }
        return 'durable';
      } catch (error) {
        waiting.undo(taken);
        record(reason, [], sentenceOf(error), id);
        end('rolled-back', sentenceOf(error));
        commit();
        throw error;
      }
    },

    flush() {
      const failure = attempt();
      if (failure) throw failure;
    },

    refuse(why) {
      refusal = why;
      if (!why && waiting.size > 0 && !cancelTimer) writeIn(options.routineMs());
    },

    rewrite(rows) {
      if (refusal) return;
      waiting.rewrite(rows);
      commit();
    },

    stop() {
      cancelTimer?.();
      cancelFold?.();
      cancelTimer = cancelFold = null;
    },

    statistics: () => ({
      ...counts,
      byReason: { ...counts.byReason },
      coalesced: waiting.coalesced,
      dirtyRows: waiting.size,
    }),
  };
}

/** Writes rows in one transaction; returns the bytes of their values. */
function preparedWrite(db: Database): (rows: readonly Row[], now: number) => number {
  const upserts = new Map<string, Statement>();
  const removals = new Map<string, Statement>();
  const once = new Set<string>(
    Object.values(tables).flatMap((table) => (table.keeps === 'once' ? [table.name] : [])),
  );
  for (const table of hashedTables) {
    const clash = once.has(table)
      ? 'DO NOTHING'
      : `DO UPDATE SET account = excluded.account, position = excluded.position, at = excluded.at,
           data = excluded.data, hash = excluded.hash, saved = excluded.saved`;
    upserts.set(
      table,
      db.prepare(
        `INSERT INTO ${table} (key, account, position, at, data, hash, saved)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) ${clash}`,
      ),
    );
    removals.set(table, db.prepare(`DELETE FROM ${table} WHERE key = ?`));
  }
  const inOne = db.transaction((rows: readonly Row[], now: number) => {
    let bytes = 0;
    for (const row of rows) {
      const { table, key, account, position, at, data } = row;
      if (data === null) {
        removals.get(table)?.run(key);
        continue;
      }
      const hash = hashOf({ key, account, position, at, data });
      upserts.get(table)?.run(key, account, position, at, data, hash, now);
      bytes += key.length + data.length + hash.length;
    }
    return bytes;
  });
  return (rows, now) => inOne.immediate(rows, now);
}
