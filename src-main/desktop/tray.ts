import { join } from 'node:path';
import { app, Menu, nativeImage, Tray } from 'electron';
import type { DeskCalls } from '../desk/desk.ts';
import { onVerdict } from './verdict.ts';

/** A tray icon with the desk's verdict and a menu. Holdfast goes on when its window is closed. */
export function setupTray(options: {
  desk: DeskCalls;
  resources: string;
  showWindow: () => void;
}): () => void {
  const { desk, resources, showWindow } = options;
  const tray = new Tray(nativeImage.createFromPath(join(resources, 'tray.png')));
  tray.on('click', showWindow);

  const show = (status: string): void => {
    tray.setToolTip(`Holdfast: ${status}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: status, enabled: false },
        { type: 'separator' },
        { label: 'Show Holdfast', click: showWindow },
        { label: 'Back up now', click: () => void desk.call('backups.create', {}) },
        { type: 'separator' },
        { label: 'Quit', click: () => app.quit() },
      ]),
    );
  };
  let shown = '';
  const stop = onVerdict(desk, ({ sentence }) => {
    if (sentence !== shown) show(sentence);
    shown = sentence;
  });
  return () => {
    stop();
    tray.destroy();
  };
}
