import { join } from 'node:path';

/**
 * Where Holdfast keeps its data when `--data` is not given: the platform's application-data folder,
 * the same one in both shells.
 */
export function defaultDataFolder(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  home: string,
): string {
  if (platform === 'win32')
    return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Holdfast');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Holdfast');
  return join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'Holdfast');
}
