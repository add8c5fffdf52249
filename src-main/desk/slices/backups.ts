import type { BackupRow, BackupsState } from '../../../src-preload/contract/backups.ts';
import type { Backup } from '../../backup/files/manifest.ts';
import type { Vault } from '../../backup/vault.ts';

export const backupRow = (backup: Backup): BackupRow => ({
  id: backup.id,
  source: backup.source,
  file: backup.file,
  class: backup.class,
  reason: backup.reason,
  madeAt: backup.madeAt,
  size: backup.size,
  storedSize: backup.storedSize,
  newSize: backup.newSize ?? backup.storedSize,
  sha256: backup.sha256,
  counts: backup.counts,
  newestEventAt: backup.newestEventAt,
  programVersion: backup.programVersion,
  schemaVersion: backup.schemaVersion,
  verifiedAt: backup.verifiedAt,
  verified: backup.verified,
  verifyError: backup.verifyError,
  pinned: backup.pinned,
  note: backup.note,
  fate: backup.fate,
});

export const backupsState = (vault: Vault): BackupsState => ({
  sources: vault.sources(),
  backups: vault.list().map(backupRow),
  totalSize: vault.totalSize(),
  sizeLimit: vault.sizeLimit(),
  goesAt: Object.fromEntries(vault.forecast()),
  second: vault.second(),
  running: vault.running(),
  undo: vault.undoAvailable(),
  paused: vault.paused(),
});
