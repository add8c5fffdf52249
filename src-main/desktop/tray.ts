import { join } from 'node:path';
import { app, Menu, nativeImage, Tray } from 'electron';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import type { DeskCalls } from '../desk/desk.ts';
import { compare } from '../domain/numbers.ts';

const EVERY = 5_000;

/** The first question of the first screen, in one line: is every position protected? */
export function verdict(positions: readonly PositionRow[]): string {
  const open = positions.filter((row) => row.phase !== 'closed');
  const bare = open.filter((row) => compare(row.protectedSize, row.size) < 0);
  if (open.length === 0) return 'No open positions';
  const count = `${open.length} ${open.length === 1 ? 'position' : 'positions'}`;
  return bare.length === 0 ? `${count}, all protected` : `${count}, ${bare.length} UNPROTECTED`;
}

/** A tray icon with the verdict and a menu. Holdfast goes on when its window is closed. */
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
  const look = async (): Promise<void> => {
    const answer = await desk.call('state.get', { slice: 'positions' });
    const status = answer.ok
      ? verdict((answer.value as { rows: PositionRow[] }).rows)
      : 'positions not known';
    if (status !== shown) show(status);
    shown = status;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY);
  return () => {
    clearInterval(timer);
    tray.destroy();
  };
}
