import { useState } from 'react';
import type { CommandOutput } from '../../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { venueName } from '../../parts/badge.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { accountName, sideText } from '../../parts/names.ts';
import { plural, quantity } from '../../parts/number-text.ts';
import { useActions, useRows } from '../../state/use-desk.tsx';
import { includedWords, usuallyIncluded } from './panic-words.ts';

const WORD = 'PANIC';

/** Closes everything of the chosen accounts: lists what that is, asks for one word, shows the receipts. */
export function PanicDialog({ onClose }: { onClose: () => void }) {
  const { call } = useActions();
  const accounts = [...(useRows('accounts')?.values() ?? [])];
  const positions = [...(useRows('positions')?.values() ?? [])];
  const orders = [...(useRows('orders')?.values() ?? [])];
  const [chosen, setChosen] = useState(() => usuallyIncluded(accounts));
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer<CommandOutput<'panic'>> | null>(null);
  const acting = new Set(
    accounts.filter(({ id, mode }) => chosen.includes(id) && mode !== 'watch').map(({ id }) => id),
  );
  const closing = positions.filter(({ account }) => acting.has(account));
  const cancelling = orders.filter(({ account }) => acting.has(account)).length;

  const send = async (): Promise<void> => {
    setBusy(true);
    setAnswer(await call('panic', { accounts: [...chosen], confirm: WORD }));
  };

  if (answer) {
    return (
      <Dialog title="Close all: what became of it" onClose={onClose}>
        <Receipts answer={answer} />
        <footer>
          <button type="button" className="btn" data-first onClick={onClose}>
            Close
          </button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="Close all positions?" onClose={busy ? () => {} : onClose}>
      <form
        className="sheet-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>{includedWords(accounts, chosen)}</p>
        <div className="row-of-buttons">
          {accounts.map(({ id, venue, mode }) => (
            <label key={id} className="choice">
              <input
                type="checkbox"
                checked={chosen.includes(id)}
                onChange={() =>
                  setChosen(
                    chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id],
                  )
                }
              />
              <span>
                {accountName(id)}{' '}
                <span className="mute">
                  {venueName[venue]}, {mode}
                </span>
              </span>
            </label>
          ))}
        </div>
        <p>
          <b>
            {plural(closing.length, 'position is', 'positions are')} closed at market and{' '}
            {plural(cancelling, 'open order is', 'open orders are')} cancelled.
          </b>{' '}
          <span className="mute">This cannot be undone. Afterwards the accounts only watch.</span>
        </p>
        <ul className="scroll-list" tabIndex={0} aria-label="What is closed">
          {closing.map((row) => (
            <li key={`${row.account}/${row.symbol}/${row.positionIdx}`}>
              <b>{row.symbol}</b>
              <span className="mute">
                {sideText[row.side]} · {accountName(row.account)}
              </span>
              <span>{quantity(row.size)}</span>
            </li>
          ))}
        </ul>
        <label>
          Type {WORD} to close them
          <input
            className="input"
            data-first
            value={typed}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <footer>
          <button type="button" className="btn" disabled={busy} onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn destroy"
            disabled={busy || chosen.length === 0 || typed.trim().toUpperCase() !== WORD}
          >
            {busy ? 'Closing…' : `Close ${plural(closing.length, 'position')}`}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** What the desk read back from the exchange, account by account, or its refusal. */
function Receipts({ answer }: { answer: Answer<CommandOutput<'panic'>> }) {
  if (!answer.ok) {
    return (
      <p role="alert">
        <b className="bad">Not done.</b> {answer.error.message}
      </p>
    );
  }
  return (
    <ul className="scroll-list receipts" role="alert">
      {answer.value.receipts.map(({ account, positions, orders, text }) => (
        <li key={account}>
          <b>
            {accountName(account)}:{' '}
            <span className={positions + orders > 0 ? 'amber' : ''}>
              {plural(positions, 'position')}, {plural(orders, 'order')} left
            </span>
          </b>
          <p className="mute">{text}</p>
        </li>
      ))}
    </ul>
  );
}
