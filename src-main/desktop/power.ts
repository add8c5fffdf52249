import { powerMonitor } from 'electron';
import type { DeskCalls } from '../desk/desk.ts';
import type { Log } from '../domain/log.ts';

/** While the machine slept the stream said nothing: after waking up everything is read anew. */
export function setupPower(desk: DeskCalls, log: Log): void {
  powerMonitor.on('suspend', () => log.info('The machine is going to sleep'));
  powerMonitor.on('resume', () => {
    log.info('The machine woke up; reading everything again');
    void desk.call('cache.sweep', {});
  });
}
