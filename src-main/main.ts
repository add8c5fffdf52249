import { join } from 'node:path';
import { app, dialog } from 'electron';
import { titleOf } from '../src-preload/contract/verdict.ts';
import { createDesk } from './desk/create-desk.ts';
import { stderrLog } from './desk/stderr-log.ts';
import { setupCommandLine } from './desktop/command-line.ts';
import { setupEnding } from './desktop/ending.ts';
import { setupIpc } from './desktop/ipc.ts';
import { accountsToConnect } from './desktop/keychain.ts';
import { setupMenu } from './desktop/menu.ts';
import { setupNotifications } from './desktop/notifications.ts';
import { openWithConsent } from './desktop/opening.ts';
import { desktopOptions, setupFolders } from './desktop/options.ts';
import { setupPower } from './desktop/power.ts';
import { setupPermissions, setupRefusals } from './desktop/refusals.ts';
import { declareScheme, setupScheme } from './desktop/scheme.ts';
import { setupSingleInstance } from './desktop/single-instance.ts';
import { setupTray } from './desktop/tray.ts';
import { onVerdict } from './desktop/verdict.ts';
import { setupWindow } from './desktop/window.ts';
import { systemClock } from './domain/clock.ts';
import { Failure, sentenceOf } from './domain/failure.ts';

/** The desktop shell: a list of set-ups, in order. What comes before `whenReady` must come before. */
async function main(): Promise<void> {
  const log = stderrLog();
  const options = desktopOptions();
  setupFolders(options.dataDir);
  let showWindow = (): void => {};
  if (!setupSingleInstance(() => showWindow())) {
    log.info('Holdfast is already open on this data folder; showing its window');
    app.exit(0);
    return;
  }
  declareScheme();
  setupRefusals();
  await app.whenReady();

  setupPermissions();
  setupMenu();
  setupScheme(options.folders.renderer);
  const accounts = await accountsToConnect(
    options.accountsFile,
    join(options.dataDir, 'accounts.sealed'),
  );
  const desk = await openWithConsent((onDamage) =>
    createDesk({
      dataDir: options.dataDir,
      accounts,
      recover: onDamage === 'recover',
      startEmpty: onDamage === 'start-empty',
      clock: systemClock,
      log,
    }),
  );
  const window = setupWindow(options);
  showWindow = window.show;
  setupIpc(desk, window.current);
  const stopNotifications = setupNotifications(desk, showWindow);
  const stopTitle = onVerdict(desk, (verdict) => window.setTitle(titleOf(verdict)));
  const stopTray = setupTray({ desk, resources: options.folders.resources, showWindow });
  setupPower(desk, log);
  const stopCommandLine = await setupCommandLine(desk, options.dataDir, log);
  setupEnding(async () => {
    window.remember();
    await stopCommandLine();
    stopNotifications();
    stopTitle();
    stopTray();
    await desk.stop();
  }, log);
  app.on('activate', showWindow);
  showWindow();
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(error)}\n`);
  dialog.showErrorBox('Holdfast could not start', sentenceOf(error));
  app.exit(error instanceof Failure ? error.exitCode : 1);
});
