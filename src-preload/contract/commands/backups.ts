import { z } from 'zod';
import type { BackupForecast, BackupPreview, BackupRow, BackupSourceRow } from '../backups.ts';
import { backupSettings } from './backup-settings.ts';
import { command, id, nothing, path, typed } from './command.ts';

const one = z.strictObject({ id });
const confirmed = z.strictObject({ id, confirm: typed });

export const backupCommands = {
  'backups.create': command(
    z.strictObject({ source: id.optional(), note: z.string().max(200).optional() }),
  ).answers<BackupRow>(),
  'backups.verify': command(one).answers<BackupRow>(),
  /** What other settings would do; those in force where none are given. Changes nothing. */
  'backups.forecast': command(
    z.strictObject({ settings: backupSettings.optional() }),
  ).answers<BackupForecast>(),
  'backups.verifyAll': command(nothing).answers<{ backups: BackupRow[] }>(),
  /** The undo of the last restore is not offered any more. */
  'backups.dismissUndo': command(nothing).answers<{ dismissed: boolean }>(),
  'backups.show': command(one).answers<BackupPreview>(),
  'backups.pin': command(one).answers<BackupRow>(),
  'backups.unpin': command(one).answers<BackupRow>(),
  'backups.export': command(
    z.strictObject({ id, folder: z.string().max(4096).optional() }),
  ).answers<{ path: string }>(),
  'backups.import': command(z.strictObject({ file: path })).answers<BackupRow>(),
  'backups.restore': command(
    z.strictObject({ id, confirm: typed, folder: path.optional() }),
  ).answers<{
    id: string;
    counts: Record<string, number>;
    text: string;
  }>(),
  'backups.delete': command(confirmed).answers<{ id: string }>(),
  'backups.undo': command(z.strictObject({ confirm: typed })).answers<{ text: string }>(),
  'backups.protect': command(z.strictObject({ path })).answers<BackupSourceRow>(),
  'backups.unprotect': command(z.strictObject({ source: id })).answers<{ source: string }>(),
  'backups.cancel': command(nothing).answers<{ cancelled: boolean }>(),
};
