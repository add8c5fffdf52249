import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { BackupRow, BackupSourceRow } from '../../src-preload/contract/backups.ts';

/** What needs a word from the operator before it is done; at most one at a time. */
export type Asking =
  | {
      what:
        | 'palette'
        | 'keys'
        | 'columns'
        | 'panic'
        | 'proposals'
        | 'policy'
        | 'undo'
        | 'protect'
        | 'import'
        | 'reset-practice';
    }
  | { what: 'mode'; account: string }
  | { what: 'restore'; backup: BackupRow; source: BackupSourceRow }
  | { what: 'delete' | 'export'; backup: BackupRow }
  | { what: 'unprotect' | 'create'; source: BackupSourceRow };

interface Asker {
  asking: Asking | null;
  ask(asking: Asking): void;
  close(): void;
}

const AskContext = createContext<Asker | null>(null);

export function AskProvider({ children }: { children: ReactNode }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const asker = useMemo(() => ({ asking, ask: setAsking, close: () => setAsking(null) }), [asking]);
  return <AskContext value={asker}>{children}</AskContext>;
}

export function useAsk(): Asker {
  const asker = useContext(AskContext);
  if (!asker) throw new Error('useAsk is used outside of AskProvider.');
  return asker;
}
