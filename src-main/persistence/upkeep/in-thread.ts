import { Worker } from 'node:worker_threads';
import type { PackedMonth, PackJob } from './archive-file.ts';
import type { IntegrityAnswer, IntegrityQuestion } from './integrity.ts';

interface Jobs {
  findDamage: { input: IntegrityQuestion; answer: IntegrityAnswer };
  packMonth: { input: PackJob; answer: PackedMonth };
}

export type Job = { [Name in keyof Jobs]: { name: Name; input: Jobs[Name]['input'] } }[keyof Jobs];

/** Does heavy work on the database file in a thread of its own, so that the event loop goes on. */
export function inThread<Name extends keyof Jobs>(
  name: Name,
  input: Jobs[Name]['input'],
): Promise<Jobs[Name]['answer']> {
  const here = import.meta.url;
  const file = here.endsWith('.ts') ? './upkeep-worker.ts' : './upkeep-worker.js';
  const worker = new Worker(new URL(file, here), {
    workerData: { name, input },
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`${name} ended without an answer.`)));
  });
}
