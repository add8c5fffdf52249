import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { defaultDataFolder } from '../domain/data-folder.ts';
import { Failure } from '../domain/failure.ts';

export interface DesktopOptions {
  dataDir: string;
  /** A file of accounts to connect and to keep sealed, or null. */
  accountsFile: string | null;
  /** The built renderer and preload, and the pictures. */
  folders: { renderer: string; preload: string; resources: string };
}

/**
 * What the desktop shell was started with. Throws BAD_USAGE for a flag without its value: Electron
 * takes `--data=DIR` only.
 */
export function desktopOptions(): DesktopOptions {
  const value = (name: string): string | null => {
    if (!app.commandLine.hasSwitch(name)) return null;
    const given = app.commandLine.getSwitchValue(name);
    if (given === '') {
      throw new Failure('BAD_USAGE', `--${name} needs a value: --${name}=VALUE.`);
    }
    return resolve(given);
  };
  const root = app.getAppPath();
  return {
    dataDir: value('data') ?? defaultDataFolder(process.platform, process.env, homedir()),
    accountsFile: value('accounts'),
    folders: {
      renderer: join(root, 'out', 'renderer'),
      preload: join(root, 'out', 'preload', 'index.cjs'),
      resources: join(root, 'resources'),
    },
  };
}

/** Chromium's own files go into a folder of their own, beside the desk's. */
export function setupFolders(dataDir: string): void {
  app.setName('Holdfast');
  app.setPath('userData', dataDir);
  app.setPath('sessionData', join(dataDir, 'window'));
}
