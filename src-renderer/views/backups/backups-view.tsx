import { useMemo, useState } from 'react';
import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import { EmptyState } from '../../parts/layout/empty-state.tsx';
import { View, WithPanel } from '../../parts/layout/view.tsx';
import { useValue } from '../../state/use-desk.tsx';
import { BackupList } from './backup-list.tsx';
import { BackupPanel } from './backup-panel.tsx';
import css from './backups-view.module.css';
import { VaultBanners } from './banners.tsx';
import { SourcesPane } from './sources-pane.tsx';
import { words } from './words.ts';

export function BackupsView() {
  const state = useValue('backups');
  if (!state) {
    return (
      <EmptyState title={words.waiting}>
        <p>{words.waitingMore}</p>
      </EmptyState>
    );
  }
  return <Vault state={state} />;
}

/** Sources on the left, their backups, and beside them what the chosen one holds and would undo. */
function Vault({ state }: { state: BackupsState }) {
  const [chosenSource, setSource] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const source = state.sources.find(({ id }) => id === chosenSource) ?? state.sources[0];
  const backups = useMemo(
    () => state.backups.filter((backup) => backup.source === source?.id),
    [state.backups, source?.id],
  );
  /** The focus goes back to the table, not to nowhere. */
  const close = (): void => {
    setChosen(null);
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };
  const backup = backups.find(({ id }) => id === chosen);
  return (
    <WithPanel
      panel={
        backup &&
        source && (
          <BackupPanel
            // Another state to compare with: it is compared anew.
            key={`${backup.id} ${backup.verifiedAt} ${state.paused?.since} ${state.undo?.restoredAt}`}
            backup={backup}
            source={source}
            goesAt={state.goesAt[backup.id]}
            onClose={close}
          />
        )
      }
    >
      <div className={css.vault}>
        <SourcesPane
          state={state}
          chosen={source?.id ?? null}
          onChoose={(id) => {
            setSource(id);
            setChosen(null);
          }}
        />
        <View>
          <VaultBanners state={state} />
          <BackupList
            state={state}
            source={source ?? null}
            backups={backups}
            chosen={backup?.id ?? null}
            onChoose={setChosen}
          />
        </View>
      </div>
    </WithPanel>
  );
}
