import { app } from 'electron';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

/** Every way out goes through `stop` once, so that state is flushed; closing the window is none. */
export function setupEnding(stop: () => Promise<void>, log: Log): void {
  app.on('window-all-closed', () => {});
  let ending = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    stop().then(
      () => app.exit(0),
      (error: unknown) => {
        log.error('Stopping failed', { error: sentenceOf(error) });
        app.exit(1);
      },
    );
  });
  process.on('SIGINT', () => app.quit());
  process.on('SIGTERM', () => app.quit());
}
