import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import type { RunJob } from '../worker/job-runner.ts';

/**
 * Brings back what is missing of the archives. To be done before anything is replaced: they only grow, so
 * nothing is lost should the rest fail. What fails here stops no restore: it is answered as a sentence for
 * the operator, `null` when nothing did.
 */
export async function bringArchivesBack(
  {
    catalogue,
    runJob,
    dataDir,
    log,
  }: { catalogue: Catalogue; runJob: RunJob; dataDir: string; log: Log },
  { id, installId, formatVersion }: Manifest,
): Promise<string | null> {
  if (formatVersion === 1) return null;
  try {
    const input = { stored: catalogue.storedPath(id), installId, dataDir };
    const { lost } = await runJob('restoreArchives', input);
    if (lost.length === 0) return null;
    log.warn('archives in the backup are damaged', { lost });
    return `Of its archives of old rows ${lost.join(' and ')} did not come back: damaged in the backup.`;
  } catch (error) {
    const why = sentenceOf(error);
    log.warn('archives were not brought back', { why });
    return `Its archives of old rows did not all come back (${why}). They stay in the backup: restore it once more.`;
  }
}
