import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import type { RunJob } from '../worker/job-runner.ts';

/**
 * Brings back what is missing of the archives. To be done before anything is replaced: they only grow, so
 * nothing is lost should the rest fail. What fails here is told and stops no restore.
 */
export async function bringArchivesBack(
  {
    catalogue,
    runJob,
    dataDir,
    log,
  }: { catalogue: Catalogue; runJob: RunJob; dataDir: string; log: Log },
  { id, installId, formatVersion }: Manifest,
): Promise<void> {
  if (formatVersion === 1) return;
  try {
    const input = { stored: catalogue.storedPath(id), installId, dataDir };
    const { lost } = await runJob('restoreArchives', input);
    if (lost.length > 0) log.warn('archives in the backup are damaged', { lost });
  } catch (error) {
    log.warn('archives were not brought back', { why: sentenceOf(error) });
  }
}
