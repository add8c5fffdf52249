import type { Database } from 'better-sqlite3';
import { sentenceOf } from '../../domain/failure.ts';
import { metaOf, setMeta } from '../file/meta.ts';
import { hashedTables, type Row } from '../rows/tables.ts';
import type { Store, StoreOptions } from '../store.ts';
import { ARCHIVE_LIMITS, archiveOld } from './archive.ts';
import { inThread } from './in-thread.ts';

const DAY_MS = 86_400_000;

/** Looks after the database at rest: integrity and archives, both off the event loop. */
export function createUpkeep(
  db: Database,
  options: Pick<StoreOptions, 'clock' | 'log' | 'onTrouble'> & {
    rewrite: (rows: readonly Pick<Row, 'table' | 'key'>[]) => void;
    /** Throws while the database is not to be touched. */
    allowed: () => void;
  },
): { check: Store['check']; archive: Store['archive']; due: Store['upkeep'] } {
  const { clock, log } = options;
  let lookedAt = 0;
  let fullCheckAt = 0;
  let underWay: Promise<void> | null = null;

  function remember(at: number): void {
    fullCheckAt = at;
    try {
      setMeta(db, 'fullCheckAt', String(at));
    } catch (error) {
      log.warn('the time of the full check could not be stored', { why: sentenceOf(error) });
    }
  }

  const check: Store['check'] = async (kind) => {
    const startedAt = clock.now();
    const { findings, badRows } = await inThread('findDamage', {
      path: db.name,
      tables: hashedTables,
      kind,
      since: lookedAt,
    });
    if (!db.open) return findings;
    lookedAt = startedAt;
    if (kind === 'full') remember(startedAt);
    if (findings.length > 0) {
      options.onTrouble({ kind: 'integrity', findings, text: findings.join(' ') });
      options.rewrite(badRows);
    }
    return findings;
  };

  const archive: Store['archive'] = (limits = ARCHIVE_LIMITS) =>
    archiveOld(db, {
      now: clock.now(),
      limits,
      allowed() {
        options.allowed();
        if (!db.open) throw new Error('The database was closed meanwhile.');
      },
    });

  async function work(): Promise<void> {
    const last = Math.max(fullCheckAt, Number(metaOf(db, 'fullCheckAt') ?? 0));
    const now = clock.now();
    // A clock that was set back must not put the check off for good.
    const daily = now - last >= DAY_MS || last > now;
    await check(daily ? 'full' : 'quick');
    if (!daily) return;
    const moved = await archive();
    if (Object.keys(moved).length > 0) log.info('old rows were archived', moved);
  }

  return {
    check,
    archive,
    due() {
      underWay ??= work()
        .catch((error: unknown) => {
          log.error('maintenance of the database failed', { why: sentenceOf(error) });
          options.onTrouble({
            kind: 'integrity',
            findings: [sentenceOf(error)],
            text: `Maintenance of the database failed: ${sentenceOf(error)}`,
          });
        })
        .finally(() => {
          underWay = null;
        });
      return underWay;
    },
  };
}
