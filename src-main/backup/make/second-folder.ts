import type { Clock } from '../../domain/clock.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Manifest } from '../files/manifest.ts';
import type { Policy } from '../policy/retention.ts';
import type { Troubles } from '../troubles.ts';
import { createJobRunner } from '../worker/job-runner.ts';
import type { Holding } from './prune.ts';
import type { SecondJobs } from './second-jobs.ts';

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './second-worker.ts' : './second-worker.js',
  import.meta.url,
);

/** A folder that says nothing for so long hangs, ms; and one that is being chosen. */
const STALLED = 30_000;
const STALLED_AT_FIRST = 20_000;

export interface SecondState {
  folder: string;
  /** ms since 1970 UTC of the newest good backup of the database there; `null` while not known. */
  newestAt: number | null;
  /** On the vault's own disk it would be lost with it; `null` while not known. */
  sameDisk: boolean | null;
  lastFailure: string | null;
}

interface Parts {
  clock: Clock;
  troubles: Troubles;
  installId: string;
  /** Where the vault is. */
  from: string;
  folder: () => string | null;
  /** What is in the vault and good, newest first. */
  manifests: () => Manifest[];
  policy: () => Policy;
  holding: () => Holding;
  onChange: () => void;
}

/**
 * Copies of the vault in a second folder: on another disk, or a synced one. All that touches it happens
 * in a thread of its own, so that a folder that hangs holds up neither the vault nor the desk.
 */
export function createSecondFolder(parts: Parts) {
  const { troubles, installId, from, onChange } = parts;
  const runner = createJobRunner<SecondJobs>({ entry, stalledMs: STALLED });
  let seen: { folder: string; newestAt: number | null; sameDisk: boolean } | null = null;
  let underWay: Promise<void> | null = null;
  let again = false;

  async function carry(folder: string): Promise<void> {
    try {
      if (runner.stuck()) throw new Failure('BUSY', 'It has not answered since the last attempt.');
      const { ids, sources } = parts.holding();
      const held = { ids: [...ids], sources: [...sources] };
      const input = { folder, installId, from, manifests: parts.manifests() };
      const now = parts.clock.now();
      const policy = parts.policy();
      seen = { folder, ...(await runner.run('carry', { ...input, policy, now, held })) };
      troubles.wentWell('second-folder-failed', null);
    } catch (error) {
      const why = `The backups could not be copied to the second folder ${folder}. ${sentenceOf(error)}`;
      troubles.failed('second-folder-failed', null, why);
    }
    onChange();
  }

  async function carryAll(): Promise<void> {
    do {
      again = false;
      const folder = parts.folder();
      if (folder !== null) await carry(folder);
    } while (again);
  }

  return {
    /** Throws where `folder` cannot be the second folder, with why; then it is not to be chosen. */
    async choose(folder: string): Promise<void> {
      const trying = createJobRunner<SecondJobs>({ entry, stalledMs: STALLED_AT_FIRST });
      try {
        const { sameDisk } = await trying.run('choose', { folder, from });
        seen = { folder, newestAt: null, sameDisk };
      } catch (error) {
        const why = trying.stuck() ? `${folder} does not answer.` : sentenceOf(error);
        throw new Failure('REFUSED', `This cannot be the second folder. ${why}`, { cause: error });
      } finally {
        if (!trying.stuck()) await trying.close();
      }
    },
    /** Brings the second folder up to date, some time; nobody waits for it. */
    refresh(): void {
      again = true;
      underWay ??= carryAll().finally(() => {
        underWay = null;
      });
    },
    state(): SecondState | null {
      const folder = parts.folder();
      if (folder === null) return null;
      const lastFailure = troubles.last('second-folder-failed', null);
      const known = seen?.folder === folder ? seen : { newestAt: null, sameDisk: null };
      return { folder, newestAt: known.newestAt, sameDisk: known.sameDisk, lastFailure };
    },
    /** Lets a copy end within `ms`, then gives it up: what is half copied is swept the next time. */
    async stop(ms: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const callOff = parts.clock.after(ms, resolve);
      await Promise.race([underWay ?? Promise.resolve(), promise]);
      if (!runner.stuck()) await Promise.race([runner.close(), promise]);
      callOff();
    },
  };
}

export type SecondFolder = ReturnType<typeof createSecondFolder>;
