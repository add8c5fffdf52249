import { useState } from 'react';
import type { Answer, CommandOutput } from '../../../src-preload/contract.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { accountName, sideText } from '../../parts/names.ts';
import { plural, quantity } from '../../parts/number-text.ts';
import { useDesk, useRows } from '../../state/desk-context.tsx';

/** Closes everything of the chosen accounts: lists what that is, asks once, shows the receipt. */
export function PanicDialog({ onClose }: { onClose: () => void }) {
  const { client } = useDesk();
  const accounts = [...(useRows('accounts')?.values() ?? [])];
  const positions = [...(useRows('positions')?.values() ?? [])];
  const orders = [...(useRows('orders')?.values() ?? [])];
  const [left, setLeft] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer<CommandOutput<'panic'>> | null>(null);
  const chosen = accounts.map(({ id }) => id).filter((id) => !left.includes(id));
  const closing = positions.filter(({ account }) => chosen.includes(account));
  const cancelling = orders.filter(({ account }) => chosen.includes(account)).length;

  const send = async (): Promise<void> => {
    setBusy(true);
    setAnswer(await client.call('panic', { accounts: chosen, confirm: 'PANIC' }));
    setBusy(false);
  };

  return (
    <Dialog
      title={answer ? 'Close all: what became of it' : 'Close all positions?'}
      onClose={onClose}
    >
      {answer ? (
        <Receipt answer={answer} />
      ) : (
        <>
          <div className="row-of-buttons">
            {accounts.map(({ id, venue }) => (
              <label key={id} className="choice">
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={() =>
                    setLeft(left.includes(id) ? left.filter((one) => one !== id) : [...left, id])
                  }
                />
                <span>
                  {accountName(id)} <span className="mute">{venue}</span>
                </span>
              </label>
            ))}
          </div>
          <p>
            <b>
              {plural(closing.length, 'position is', 'positions are')} closed at market and{' '}
              {plural(cancelling, 'open order is', 'open orders are')} cancelled.
            </b>{' '}
            <span className="mute">This cannot be undone. The accounts are set to watch.</span>
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
        </>
      )}
      <footer>
        <button type="button" className="btn" data-first onClick={onClose}>
          {answer ? 'Close' : 'Cancel'}
        </button>
        {!answer && (
          <button
            type="button"
            className="btn destroy"
            disabled={busy || chosen.length === 0}
            onClick={() => void send()}
          >
            Close {plural(closing.length, 'position')}
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function Receipt({ answer }: { answer: Answer<CommandOutput<'panic'>> }) {
  if (!answer.ok) {
    return (
      <p role="alert">
        <b className="bad">Not done.</b> {answer.error.message}
      </p>
    );
  }
  return (
    <ul className="scroll-list" role="alert">
      {answer.value.receipts.map(({ account, positions, orders, text }) => (
        <li key={account}>
          <b>{accountName(account)}</b>
          <span>{text}</span>
          <span className="mute">
            {plural(positions, 'position')} closed, {plural(orders, 'order')} cancelled
          </span>
        </li>
      ))}
    </ul>
  );
}
