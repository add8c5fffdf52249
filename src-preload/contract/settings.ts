import type { Playbook } from './playbook.ts';

/** How many of each span to keep beside the newest: the newest backup of a span stands for it. */
export interface BackupCalendar {
  /** Hours within which everything is kept. */
  everythingHours: number;
  hourly: number;
  daily: number;
  weekly: number;
  monthly: number;
}

export interface BackupSettings {
  /** Least minutes between two routine backups of a source. */
  minimumMinutes: number;
  keepRoutine: number;
  sizeLimitMB: number;
  /** `null`: only the newest are kept. */
  calendar: BackupCalendar | null;
  /** Another disk or a synced folder that gets a copy of each backup; `null` for none. */
  secondFolder: string | null;
}

export interface SettingsState {
  ttlSeconds: Record<string, number>;
  cacheEnabled: boolean;
  routineSaveSeconds: number;
  backup: BackupSettings;
  /** What the rules do, by account; an account that is not named has the usual playbook. */
  playbooks: Record<string, Playbook>;
}
