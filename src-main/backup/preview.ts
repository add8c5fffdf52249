import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupForecast, BackupPreview } from '../../src-preload/contract/backups.ts';
import { PARTIAL, requireSpace } from './disk.ts';
import type { Catalogue, Entry } from './files/catalogue.ts';
import type { Backup, Manifest } from './files/manifest.ts';
import { storedName } from './files/manifest.ts';
import type { Pruning } from './make/prune.ts';
import { datedOf } from './make/prune.ts';
import { policyOf, type VaultOptions, type VaultSettings } from './options.ts';
import { newestFirst } from './policy/order.ts';
import { decideFates, forecast } from './policy/retention.ts';
import type { RunJob } from './worker/job-runner.ts';
import type { Progress } from './worker/jobs.ts';

interface Parts {
  options: VaultOptions;
  catalogue: Catalogue;
  runJob: RunJob;
  pruning: () => Pruning;
  /** The live database's file while it can be read. */
  livePath: () => string | null;
}

/** How long a forecast holds where nothing changes, ms. */
const FORECAST_HOLDS = 5 * 60_000;

/** Looks at what is there; changes no more than what a check found. */
export function createInspector({ options, catalogue, runJob, pruning, livePath }: Parts) {
  const { clock, onTrouble } = options;
  let forecasted = { of: '', goesAt: new Map<string, number>() };

  function fates(): Map<string, Backup['fate']> {
    const { policy, now, held } = pruning();
    const all = decideFates(datedOf(catalogue.all(), held), policy, now);
    return new Map(all.map(({ id, keep, why }) => [id, { keep, why }]));
  }

  const row = (entry: Entry, all = fates()): Backup => ({
    ...entry.manifest,
    file: storedName(entry.manifest.id),
    fate: all.get(entry.manifest.id) ?? { keep: true, why: 'Kept.' },
  });

  /** Where one may be unpacked for a look: in the vault, or where the system keeps what passes. */
  async function scratchFor({ id, size }: Manifest): Promise<string> {
    try {
      await catalogue.requireSpace(size);
      return catalogue.partialPath(id, 'db');
    } catch (error) {
      await requireSpace(tmpdir(), size).catch(() => Promise.reject(error));
      return join(tmpdir(), `holdfast-${randomUUID()}${PARTIAL}`);
    }
  }

  return {
    row: (id: string): Backup => row(catalogue.get(id)),

    /** Newest first. */
    rows(): Backup[] {
      const all = fates();
      return catalogue
        .all()
        .map((entry) => row(entry, all))
        .toSorted(newestFirst);
    },

    /** Reads one back whole and holds it against its manifest. */
    async verify(
      id: string,
      how: 'weekly' | 'asked',
      progress: Progress,
      signal: AbortSignal,
    ): Promise<Backup> {
      await catalogue.refresh();
      const { manifest, usable } = catalogue.get(id);
      if (!usable) return row(catalogue.get(id));
      const input = {
        stored: catalogue.storedPath(id),
        expected: manifest,
        scratch: await scratchFor(manifest),
        compareWith: null,
      };
      const { problem } = await runJob('look', input, progress, signal);
      const found = { verified: problem === null, verifyError: problem };
      await catalogue.update(id, { ...found, verifiedAt: clock.now(), verifiedHow: how });
      if (problem !== null && manifest.verified) {
        const text = `The backup ${id} failed its check. ${problem}`;
        onTrouble({ kind: 'verify-failed', source: manifest.source, text });
      }
      return row(catalogue.get(id));
    },

    async preview(id: string, progress: Progress, signal: AbortSignal): Promise<BackupPreview> {
      await catalogue.refresh();
      const { manifest, usable } = catalogue.get(id);
      const { counts, newestEventAt } = manifest;
      const database = manifest.kind === 'database';
      const compareWith = database ? livePath() : null;
      const input = {
        stored: catalogue.storedPath(id),
        expected: manifest,
        scratch: await scratchFor(manifest),
        compareWith,
      };
      const { difference, head, problem } = usable
        ? await runJob('look', input, progress, signal)
        : { problem: manifest.verifyError, difference: null, head: null };
      return {
        id,
        counts,
        newestEventAt,
        goesBackMs: database ? Math.max(0, clock.now() - manifest.madeAt) : null,
        monitorsAdded: difference?.monitorsAdded ?? [],
        monitorsRemoved: difference?.monitorsRemoved ?? [],
        monitorsChanged: difference?.monitorsChanged ?? [],
        tradesLost: difference?.tradesLost ?? null,
        closedSince: difference?.closedSince ?? [],
        sourcePath: manifest.sourcePath,
        head,
        problem,
      };
    },

    /** When each would go within `span` ms, were a routine one made every `every` ms; ms by id. */
    forecast(every: number, span: number): Map<string, number> {
      const { policy, now, held } = pruning();
      const dated = datedOf(catalogue.all(), held);
      // A day of decisions is too much to work out each time that the screens ask.
      const of = JSON.stringify([dated, policy, every, span, Math.floor(now / FORECAST_HOLDS)]);
      if (forecasted.of !== of) {
        forecasted = { of, goesAt: forecast(dated, policy, now, { every, span }) };
      }
      return forecasted.goesAt;
    },

    /** What other settings would do now and within `span` ms. */
    foresee(settings: VaultSettings, span: number): BackupForecast {
      const { now, held } = pruning();
      const policy = policyOf(settings);
      const dated = datedOf(catalogue.all(), held);
      const every = settings.minimumMinutes * 60_000;
      const fates = decideFates(dated, policy, now);
      return {
        fates: Object.fromEntries(fates.map(({ id, keep, why }) => [id, { keep, why }])),
        goesAt: Object.fromEntries(forecast(dated, policy, now, { every, span })),
      };
    },
  };
}
