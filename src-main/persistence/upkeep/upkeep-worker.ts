import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from './in-thread.ts';
import { findDamage } from './integrity.ts';

const job: Job = workerData;
// Every few minutes it looks for damage and once a day it packs: a start loads only what the first needs.
const answer =
  job.name === 'findDamage'
    ? findDamage(job.input)
    : await (await import('./archive-file.ts')).packMonth(job.input);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(answer);
