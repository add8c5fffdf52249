import { app, dialog } from 'electron';
import { onUnforeseen } from '../desk/unforeseen.ts';
import { exitCodes, sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

/** After something unforeseen nothing is waited for longer than this, ms. */
const STOP_WITHIN_MS = 4_700;
/** A program that fails sooner than this after its start would only fail again, s. */
const WORTH_ANOTHER_START_S = 60;

/**
 * Every way out goes through `stop` once, so that state is flushed; closing the window is none. After
 * something unforeseen the program is started anew, or says that it ended.
 */
export function setupEnding(stop: () => Promise<void>, log: Log): void {
  app.on('window-all-closed', () => {});
  let ending = false;
  let brokeOff = false;
  const leave = (code: number): void => {
    if (brokeOff && process.uptime() > WORTH_ANOTHER_START_S) app.relaunch();
    else if (brokeOff) {
      dialog.showErrorBox(
        'Holdfast has stopped',
        'Something failed soon after the start. Everything known was saved, but nothing watches your positions until you start Holdfast again. The log says what failed.',
      );
    }
    app.exit(brokeOff ? exitCodes.BROKE_OFF : code);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    stop().then(
      () => leave(0),
      (error: unknown) => {
        log.error('Stopping failed', { error: sentenceOf(error) });
        leave(1);
      },
    );
  });
  process.on('SIGINT', () => app.quit());
  process.on('SIGTERM', () => app.quit());
  onUnforeseen(log, () => {
    brokeOff = true;
    setTimeout(() => leave(1), STOP_WITHIN_MS).unref();
    app.quit();
  });
}
