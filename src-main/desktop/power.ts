import { powerMonitor } from 'electron';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../domain/log.ts';

/** While the machine slept the stream said nothing, and no timer ran. */
export function setupPower(desk: Pick<Desk, 'awake'>, log: Log): void {
  powerMonitor.on('suspend', () => log.info('The machine is going to sleep'));
  powerMonitor.on('resume', () => {
    log.info('The machine woke up; reading everything again');
    desk.awake();
  });
}
