import type { BackupRow, BackupSourceRow } from '../../src-preload/contract/backups.ts';

/** What needs a word from the operator before it is done; at most one at a time. */
export type Asking =
  | {
      what:
        | 'palette'
        | 'keys'
        | 'panic'
        | 'policy'
        | 'undo'
        | 'protect'
        | 'import'
        | 'reset-practice';
    }
  | { what: 'mode'; account: string }
  | { what: 'approve' | 'dismiss'; proposals: readonly string[] }
  | { what: 'restore'; backup: BackupRow; source: BackupSourceRow }
  | { what: 'delete' | 'export'; backup: BackupRow }
  | { what: 'unprotect' | 'create'; source: BackupSourceRow };
