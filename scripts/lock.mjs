import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal, root, say } from './say.mjs';

const file = join(root, '.setup-lock');
/** The holder touches the file every second; one left by a killed process goes stale. */
const HEARTBEAT = 1_000;
const STALE = 15_000;

const touch = () => existsSync(file) && utimesSync(file, new Date(), new Date());
const release = () => rmSync(file, { force: true });

/** Does `work` while no other set-up of this folder runs: installs and builds take turns. */
export async function withSetupLock(work) {
  await take();
  const heartbeat = setInterval(touch, HEARTBEAT);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

async function take() {
  for (let told = false; ; told = true) {
    try {
      closeSync(openSync(file, 'wx'));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw new Refusal(
          `This folder cannot be written to (${error.code}), but it still has to be set up. ` +
            'Run the command once as the user who owns the folder.',
        );
      }
    }
    if (!told) say('another start is setting things up; waiting for it to finish ...');
    breakStale();
    await sleep(250);
  }
}

/** Moves a stale lock aside; the rename succeeds for one waiter only. */
function breakStale() {
  const aside = `${file}.${process.pid}`;
  try {
    if (Date.now() - statSync(file).mtimeMs < STALE) return;
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
