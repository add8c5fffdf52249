import { useState } from 'react';
import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/number-text.ts';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow, useValue } from '../../state/use-desk.tsx';
import { className, sourceName } from './words.ts';

/** What would be kept, and why, if old backups were cleared away now; and the three figures that decide. */
export function PolicyDialog({ state, onClose }: { state: BackupsState; onClose: () => void }) {
  const settings = useValue('settings');
  const now = useNow();
  return (
    <Dialog title="What is kept, and why" onClose={onClose}>
      {settings && <PolicyForm policy={settings.backup} />}
      <p className="mute">
        Manual and pinned backups are never rotated out, and never the last verified one of a
        source.
      </p>
      {state.sources.map((source) => {
        const own = state.backups
          .filter((backup) => backup.source === source.id)
          .toSorted((a, b) => b.madeAt - a.madeAt);
        const going = own.filter(({ fate }) => !fate.keep).length;
        return (
          <section key={source.id}>
            <h3>
              {sourceName(source)}{' '}
              <span className="mute">
                {plural(own.length - going, 'stays', 'stay')}, {plural(going, 'goes', 'go')}
              </span>
            </h3>
            <ul
              className="scroll-list forecast"
              tabIndex={0}
              aria-label={`What becomes of ${sourceName(source)}`}
            >
              {own.map((backup) => (
                <li key={backup.id}>
                  <span>{ago(backup.madeAt, now)}</span>
                  <span className="mute">{className[backup.class]}</span>
                  <span className={backup.fate.keep ? 'mute' : 'amber'}>{backup.fate.why}</span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <footer>
        <button type="button" className="btn" data-first onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}

type Policy = SettingsState['backup'];

const fields: { name: keyof Policy; label: string; unit: string }[] = [
  { name: 'keepRoutine', label: 'Automatic ones kept', unit: 'newest' },
  { name: 'minimumMinutes', label: 'At most one every', unit: 'min' },
  { name: 'sizeLimitMB', label: 'Vault at most', unit: 'MB' },
];

/** The forecast below follows once the desk has taken the new figures. */
function PolicyForm({ policy }: { policy: Policy }) {
  const { run } = useActions();
  const [draft, setDraft] = useState<Partial<Record<keyof Policy, string>>>({});
  const changed = fields.filter(({ name }) => draft[name] && Number(draft[name]) !== policy[name]);
  const send = async (): Promise<void> => {
    const backup = Object.fromEntries(changed.map(({ name }) => [name, Number(draft[name])]));
    const answer = await run('settings.update', { backup }, () => 'The policy is changed.');
    if (answer.ok) setDraft({});
  };
  return (
    <form
      className="policy"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {fields.map(({ name, label, unit }) => (
        <label key={name}>
          {label}, {unit}
          <input
            className="input"
            inputMode="numeric"
            value={draft[name] ?? String(policy[name])}
            onChange={(event) =>
              setDraft({ ...draft, [name]: event.target.value.replace(/\D/g, '') })
            }
          />
        </label>
      ))}
      <button type="submit" className="btn" disabled={changed.length === 0}>
        Change
      </button>
    </form>
  );
}
