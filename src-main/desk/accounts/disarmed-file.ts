import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AccountId } from '../../domain/account.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';

/** Room for far more accounts than a desk has; one page, so that it is overwritten where it lies. */
const BYTES = 4096;
const accounts = z.array(z.string().min(1));

/** Accounts that were disarmed while nothing else could be saved. */
export interface DisarmedFile {
  readonly accounts: ReadonlySet<AccountId>;
  /** False when not even this could be written. */
  add(ids: readonly AccountId[]): boolean;
  /** The database says so by now, or they are armed again. */
  remove(ids: readonly AccountId[]): void;
}

/**
 * `disarmed.json` of the data folder: its space is taken while there is some, so that a disarming is
 * kept on a full disk too and a restart never arms again what the operator disarmed (F9). Where it cannot
 * be read, `everyone` counts as disarmed.
 */
export function disarmedFile(
  dataDir: string,
  everyone: readonly AccountId[],
  log: Log,
): DisarmedFile {
  const path = join(dataDir, 'disarmed.json');
  const kept = new Set(read());

  function read(): readonly AccountId[] {
    try {
      return accounts.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return makeRoom();
      log.error('What was disarmed earlier cannot be read; every account starts in watch mode');
      return everyone;
    }
  }

  function makeRoom(): AccountId[] {
    try {
      writeFileSync(path, '[]'.padEnd(BYTES), { mode: 0o600, flush: true });
    } catch (error) {
      log.warn('No space could be kept for disarming on a full disk', { why: sentenceOf(error) });
    }
    return [];
  }

  function write(): boolean {
    try {
      const file = openSync(path, 'r+');
      try {
        writeSync(file, JSON.stringify([...kept]).padEnd(BYTES), 0);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      return true;
    } catch (error) {
      log.error('What was disarmed could not be kept for a restart', { why: sentenceOf(error) });
      return false;
    }
  }

  return {
    accounts: kept,
    add(ids) {
      for (const id of ids) kept.add(id);
      return write();
    },
    remove(ids) {
      const before = kept.size;
      for (const id of ids) kept.delete(id);
      if (kept.size < before) write();
    },
  };
}
