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

/** A folder that says nothing for so long hangs, ms. */
const STALLED = 30_000;

export interface SecondState {
  folder: string;
  /** ms since 1970 UTC of the newest good backup of the database there; `null` while not known. */
  newestAt: number | null;
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
  let newest: { folder: string; at: number | null } | null = null;
  let underWay: Promise<void> | null = null;
  let again = false;

  async function carry(folder: string): Promise<void> {
    try {
      if (runner.stuck()) throw new Failure('BUSY', 'It has not answered since the last attempt.');
      const { ids, sources } = parts.holding();
      const held = { ids: [...ids], sources: [...sources] };
      const input = { folder, installId, from, manifests: parts.manifests() };
      const now = parts.clock.now();
      const { newestAt } = await runner.run('carry', {
        ...input,
        policy: parts.policy(),
        now,
        held,
      });
      newest = { folder, at: newestAt };
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
      const newestAt = newest?.folder === folder ? newest.at : null;
      return { folder, newestAt, lastFailure: troubles.last('second-folder-failed', null) };
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
