import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { diskFailure, isThere } from '../disk.ts';
import { openCatalogue } from '../files/catalogue.ts';
import { manifestName, storedName } from '../files/manifest.ts';
import { DATABASE } from '../files/source.ts';
import { newestFirst } from '../policy/order.ts';
import type { RunJob } from '../worker/job-runner.ts';
import { jobs } from '../worker/job-work.ts';
import type { Progress } from '../worker/jobs.ts';
import { chooseSecond, onOneDisk, requireChosen } from './choose-second.ts';
import { copyInto } from './copies.ts';
import { prune } from './prune.ts';
import type { SecondJobs } from './second-jobs.ts';

/** The thread of the second folder: all that touches it happens here. */
const port = parentPort;

const progress: Progress = (step, done, total) => port?.postMessage({ step, done, total });

const runJob: RunJob = async (name, input) => jobs[name](input, progress);

async function carry(input: SecondJobs['carry']['input']): Promise<SecondJobs['carry']['output']> {
  const { folder, installId, from, manifests, policy, now, held } = input;
  const second = openCatalogue(folder, installId);
  await requireChosen(folder, second);
  await second.recover();
  await second.refresh();
  const known = Math.max(
    -1,
    ...second.all().map(({ own, manifest }) => (own ? manifest.sequence : -1)),
  );
  // What it had and let go is not brought again.
  const missing = manifests.filter(({ id, sequence }) => sequence > known && !second.has(id));
  for (const manifest of missing.toSorted(newestFirst).toReversed()) {
    await copyInto(runJob, second, join(from, storedName(manifest.id)), manifest).catch(
      async (error: unknown) => {
        // One that was thinned away meanwhile is not missed.
        if (await isThere(join(from, manifestName(manifest.id)))) throw error;
      },
    );
  }
  const holding = { ids: new Set(held.ids), sources: new Set(held.sources) };
  await prune(second, { policy, now, held: holding, runJob, rotted: () => {} });
  const good = second
    .all()
    .filter(({ own, manifest }) => own && manifest.verified && manifest.source === DATABASE)
    .map(({ manifest }) => manifest);
  const newestAt = good.toSorted(newestFirst)[0]?.madeAt ?? null;
  return { newestAt, sameDisk: await onOneDisk(folder, from) };
}

type Work = { [Name in keyof SecondJobs]: (input: never) => Promise<unknown> };
const work: Work = { carry, choose: chooseSecond };

port?.on('message', ({ name, input }: { name: keyof SecondJobs; input: never }) => {
  work[name](input).then(
    (output) => port.postMessage({ output }),
    (error: unknown) => {
      const { code, message } = diskFailure(error, 'work in the second folder');
      port.postMessage({ failed: { code, message } });
    },
  );
});
