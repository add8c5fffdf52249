import { parentPort, workerData } from 'node:worker_threads';
import { findDamage, type IntegrityQuestion } from './integrity.ts';

const question: IntegrityQuestion = workerData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(findDamage(question));
