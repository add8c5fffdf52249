import { useMemo } from 'react';
import type { BackupRow, BackupSourceRow } from '../../../src-preload/contract/backups.ts';
import { useActions } from '../../state/use-desk.tsx';
import { words } from './words.ts';

/** What can be done with one backup, from its row and from its panel. */
export function useBackupActions() {
  const { run, ask } = useActions();
  return useMemo(
    () => ({
      restore: (backup: BackupRow, source: BackupSourceRow) =>
        ask({ what: 'restore', backup, source }),
      verify: ({ id }: BackupRow) =>
        void run('backups.verify', { id }, (row) =>
          row.verified ? words.verified : (row.verifyError ?? words.notVerified),
        ),
      pin: ({ id, pinned }: BackupRow) =>
        void run(pinned ? 'backups.unpin' : 'backups.pin', { id }, () =>
          pinned ? words.isUnpinned : words.isPinned,
        ),
      copyOut: (backup: BackupRow) => ask({ what: 'export', backup }),
      remove: (backup: BackupRow) => ask({ what: 'delete', backup }),
    }),
    [run, ask],
  );
}
