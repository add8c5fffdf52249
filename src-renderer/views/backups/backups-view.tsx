import { useState } from 'react';
import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import { BackupList } from './backup-list.tsx';
import { BackupPanel } from './backup-panel.tsx';
import { VaultBanners } from './banners.tsx';
import { SourcesPane } from './sources-pane.tsx';
import './backups.css';
import { useValue } from '../../state/use-desk.tsx';

export function BackupsView() {
  const state = useValue('backups');
  if (!state) {
    return (
      <div className="empty">
        <h2>Waiting for the desk…</h2>
        <p>Backups are listed as soon as the vault has been read.</p>
      </div>
    );
  }
  return <Vault state={state} />;
}

/** Sources on the left, their backups, and beside them what the chosen one holds and would undo. */
function Vault({ state }: { state: BackupsState }) {
  const [chosenSource, setSource] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const source = state.sources.find(({ id }) => id === chosenSource) ?? state.sources[0];
  const backups = state.backups
    .filter((backup) => backup.source === source?.id)
    .toSorted((a, b) => b.madeAt - a.madeAt);
  const backup = backups.find(({ id }) => id === chosen);
  return (
    <div className={backup ? 'vault with-side' : 'vault'}>
      <SourcesPane
        state={state}
        chosen={source?.id ?? null}
        onChoose={(id) => {
          setSource(id);
          setChosen(null);
        }}
      />
      <section className="view">
        <VaultBanners state={state} />
        <BackupList
          state={state}
          source={source ?? null}
          backups={backups}
          chosen={backup?.id ?? null}
          onChoose={setChosen}
        />
      </section>
      {backup && source && (
        <BackupPanel
          key={`${backup.id} ${backup.verifiedAt}`}
          backup={backup}
          source={source}
          onClose={() => setChosen(null)}
        />
      )}
    </div>
  );
}
