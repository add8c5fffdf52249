import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { SettingsState } from '../../src-preload/contract/settings.ts';
import { settingsFrom } from '../desk/state/settings.ts';
import { settingShape } from '../persistence/rows/shapes.ts';

/** The operator's settings in a database at rest; the defaults where they cannot be read. */
export function savedSettings(path: string): SettingsState {
  if (!existsSync(path)) return settingsFrom({});
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare<[], string>('SELECT data FROM settings').pluck().all();
    const read = rows.map((data) => settingShape.parse(JSON.parse(data)));
    return settingsFrom(Object.fromEntries(read.map(({ name, value }) => [name, value])));
  } catch {
    return settingsFrom({});
  } finally {
    db.close();
  }
}
