import type { BackupSourceRow, BackupsState } from '../../../src-preload/contract/backups.ts';
import { bytes, count } from '../../parts/number-text.ts';
import { clockMinute, span } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import { countWords, keptOf, newestOf, sourceName } from './words.ts';

/** What is backed up, how full the vault is, and the ways to bring more in. */
export function SourcesPane({
  state,
  chosen,
  onChoose,
}: {
  state: BackupsState;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const { ask } = useActions();
  const full = state.sizeLimit > 0 ? state.totalSize / state.sizeLimit : 0;
  return (
    <section className="sources" aria-label="Sources">
      <p className="faint caption">Sources</p>
      <ul>
        {state.sources.map((source) => (
          <li key={source.id}>
            <Source
              source={source}
              state={state}
              chosen={source.id === chosen}
              onChoose={onChoose}
            />
            {source.kind === 'file' && source.id === chosen && (
              <button
                type="button"
                className="btn small plain"
                onClick={() => ask({ what: 'unprotect', source })}
              >
                Stop protecting…
              </button>
            )}
          </li>
        ))}
      </ul>
      <div className="row-of-buttons">
        <button type="button" className="btn" onClick={() => ask({ what: 'protect' })}>
          Protect a file…
        </button>
        <button type="button" className="btn" onClick={() => ask({ what: 'import' })}>
          Import…
        </button>
      </div>
      <div className="fullness">
        <div
          className={full > 0.9 ? 'meter amber' : 'meter'}
          role="meter"
          aria-label="Vault used"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(full * 100)}
        >
          <i style={{ width: `${Math.min(100, full * 100)}%` }} />
        </div>
        <p className="mute">
          {bytes(state.totalSize)} of {bytes(state.sizeLimit)} used
        </p>
      </div>
    </section>
  );
}

function Source({
  source,
  state,
  chosen,
  onChoose,
}: {
  source: BackupSourceRow;
  state: BackupsState;
  chosen: boolean;
  onChoose: (id: string) => void;
}) {
  const now = useNow();
  const { n, stored } = keptOf(source.id, state.backups);
  const newest = newestOf(source.id, state.backups);
  const due = source.nextDueAt;
  return (
    <button
      type="button"
      className="source"
      aria-pressed={chosen}
      title={source.path}
      onClick={() => onChoose(source.id)}
    >
      <b className="cut">{sourceName(source)}</b>
      <span className="mute">
        {count(n)} kept · {bytes(stored)}
        {source.kind === 'file' && newest && ` · ${countWords(newest.counts, 1)}`}
      </span>
      {due !== null && (
        <span className="mute">
          {due > now
            ? `next due ${clockMinute(due)}`
            : `due ${span(now - due)} ago, if something changed`}
        </span>
      )}
      {source.lastFailure && <span className="bad">{source.lastFailure}</span>}
    </button>
  );
}
