import { useState } from 'react';
import type { Mode } from '../../../src-preload/contract/words.ts';
import { modeMeaning } from '../../parts/badge.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { accountName } from '../../parts/names.ts';
import { useActions, useRow } from '../../state/use-desk.tsx';

const modes: readonly Mode[] = ['watch', 'propose', 'armed'];

/** Chooses how far an account may go on its own. Arming needs the account's name, typed. */
export function ModeDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const row = useRow('accounts', account);
  const { attempt } = useActions();
  const [mode, setMode] = useState<Mode>(row?.mode ?? 'watch');
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  if (!row) return null;
  const arming = mode === 'armed' && row.mode !== 'armed';
  const send = async (): Promise<void> => {
    const answer = await attempt(
      'account.setMode',
      { account, mode, ...(arming ? { confirm: typed } : {}) },
      (value) => `${accountName(account)} is now in ${value.mode}.`,
    );
    if (answer.ok) onClose();
    else setRefusal(answer.error.message);
  };
  return (
    <Dialog title={`Mode of ${accountName(account)}`} onClose={onClose}>
      <form
        className="sheet-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div className="choices" role="radiogroup" aria-label="Mode">
          {modes.map((each) => (
            <label key={each} className="choice">
              <input
                type="radio"
                name="mode"
                value={each}
                checked={mode === each}
                disabled={each === 'armed' && row.readOnly === true}
                data-first={each === row.mode || undefined}
                onChange={() => setMode(each)}
              />
              <span>
                <b>{each}</b>
                <span className="mute"> {modeMeaning[each]}</span>
              </span>
            </label>
          ))}
        </div>
        {row.readOnly === true && (
          <p className="mute">Its key is read-only, so it cannot be armed.</p>
        )}
        {arming && (
          <label>
            Type {account} to arm it{row.venue === 'live' ? '. It will act with real money' : ''}
            <input
              className="input"
              value={typed}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
        {refusal && <p className="bad">{refusal}</p>}
        <footer>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn primary"
            disabled={mode === row.mode || (arming && typed !== account)}
          >
            Set to {mode}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
