import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { DatabaseSource } from './files/source.ts';
import type { Calendar, Policy } from './policy/retention.ts';

/** What the operator sets; asked anew each time. */
export interface VaultSettings {
  /** Least minutes between two routine backups of a source. */
  minimumMinutes: number;
  keepRoutine: number;
  sizeLimitMB: number;
  /** Beside the newest ones: fewer as they get older. */
  calendar?: Calendar | null;
  /** Another disk or a synced folder that gets a copy of each backup. */
  secondFolder?: string | null;
}

/** What the operator must hear about. `text` is a sentence for people. */
export interface VaultTrouble {
  kind:
    | 'backup-failed'
    | 'clean-up-failed'
    | 'second-folder-failed'
    | 'second-folder-old'
    | 'backup-old'
    | 'verify-failed'
    | 'vault-missing'
    | 'file-refused'
    | 'archive-damaged'
    | 'file-shrunk';
  source: string | null;
  text: string;
}

export interface VaultOptions {
  dataDir: string;
  /** The vault's folder. */
  folder: string;
  /** `null` while it is not open; see `attach`. */
  database: DatabaseSource | null;
  /** The database file, also while it is not open. */
  databasePath: string;
  clock: Clock;
  log: Log;
  settings: () => VaultSettings;
  programVersion: string;
  installId: string;
  /** The installations that this data folder is a copy of. */
  formerly?: readonly string[];
  /** Bytes that must stay free beside a backup; 200 MB unless given. */
  spareBytes?: number;
  /** How long the vault's folder may take to answer, ms; 15 s unless given. */
  patience?: number;
  /** The list, the sources or what is running changed. */
  onChange: () => void;
  onTrouble: (trouble: VaultTrouble) => void;
}

export const SPARE_BYTES = 200_000_000;

export const policyOf = (settings: VaultSettings): Policy => ({
  keepRoutine: settings.keepRoutine,
  calendar: settings.calendar ?? null,
  keepBeforeRestore: 10,
  keepBeforeUpgrade: 5,
  sizeLimit: settings.sizeLimitMB * 1e6,
});
