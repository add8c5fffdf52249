import { parentPort, workerData } from 'node:worker_threads';
import { packMonth } from './archive-file.ts';
import type { Job } from './in-thread.ts';
import { findDamage } from './integrity.ts';

const job: Job = workerData;
const answer = job.name === 'findDamage' ? findDamage(job.input) : await packMonth(job.input);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(answer);
