import type { BackupsState } from '../../../src-preload/contract.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/number-text.ts';
import { ago } from '../../parts/time-text.ts';
import { useValue } from '../../state/desk-context.tsx';
import { useNow } from '../../state/now.ts';
import { className, sourceName } from './words.ts';

/** What would be kept, and why, if old backups were cleared away now. */
export function PolicyDialog({ state, onClose }: { state: BackupsState; onClose: () => void }) {
  const settings = useValue('settings');
  const now = useNow();
  return (
    <Dialog title="What is kept, and why" onClose={onClose}>
      {settings && (
        <p className="mute">
          The newest {settings.backup.keepRoutine} automatic backups of every source, at most one
          every {settings.backup.minimumMinutes} min, in {settings.backup.sizeLimitMB} MB. Manual
          and pinned ones are never rotated out, and never the last verified one.
        </p>
      )}
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
            <ul className="scroll-list">
              {own.map((backup) => (
                <li key={backup.id}>
                  <span>{ago(backup.madeAt, now)}</span>
                  <span className="mute">{className[backup.class]}</span>
                  <span className={backup.fate.keep ? 'mute' : 'amber'}>
                    {backup.fate.keep ? '' : 'goes: '}
                    {backup.fate.why}
                  </span>
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
