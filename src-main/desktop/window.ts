import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import type { DesktopOptions } from './options.ts';
import { HOME } from './scheme.ts';
import { fitting, readWindowState, saveWindowState } from './window-state.ts';

export interface MainWindow {
  /** Brings the window to the front, making it anew when it was closed. */
  show(): void;
  current(): BrowserWindow | null;
  /** The title of the window, of this one and of those to come. */
  setTitle(title: string): void;
  /** Keeps where an open window stands; a quit asks for it, for windows then end without closing. */
  remember(): void;
}

/** The one window: sandboxed, remembered in place and size. Closing it leaves the desk at work. */
export function setupWindow({ dataDir, folders }: DesktopOptions): MainWindow {
  const statePath = join(dataDir, 'window.json');
  let window: BrowserWindow | null = null;
  let title = 'Holdfast';

  const remember = (open: BrowserWindow): void =>
    saveWindowState(statePath, { bounds: open.getNormalBounds(), maximised: open.isMaximized() });

  const open = (): BrowserWindow => {
    const areas = screen.getAllDisplays().map((display) => display.workArea);
    const state = fitting(readWindowState(statePath), areas);
    const made = new BrowserWindow({
      ...state.bounds,
      minWidth: 800,
      minHeight: 500,
      show: false,
      title,
      icon: join(folders.resources, 'icon.png'),
      backgroundColor: '#0e1116',
      autoHideMenuBar: true,
      webPreferences: {
        preload: folders.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
      },
    });
    if (state.maximised) made.maximize();
    made.once('ready-to-show', () => made.show());
    // The page's own title would say it a moment later, and nothing once the page hangs.
    made.on('page-title-updated', (event) => event.preventDefault());
    made.on('close', () => remember(made));
    made.on('closed', () => {
      window = null;
    });
    void made.loadURL(HOME);
    return made;
  };

  return {
    current: () => window,
    setTitle(next) {
      title = next;
      window?.setTitle(title);
    },
    remember() {
      if (window) remember(window);
    },
    show() {
      if (!window) {
        window = open();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}
