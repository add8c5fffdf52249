import type { ReactNode } from 'react';
import type { AccountRow } from '../../src-preload/contract/accounts.ts';
import { Age } from '../parts/age.tsx';
import { modeMeaning, VenueBadge } from '../parts/badge.tsx';
import { Figure, Profit } from '../parts/figure.tsx';
import { accountName } from '../parts/names.ts';
import { money } from '../parts/number-text.ts';
import { useRows } from '../state/use-desk.tsx';

const streamTone: Record<AccountRow['streamState'], string> = {
  ready: 'ok',
  connecting: 'wait',
  authenticating: 'wait',
  syncing: 'wait',
  off: '',
  down: 'fail',
  refused: 'fail',
};

/** Every account's standing at the top of every view. */
export function AccountStrip({
  onMode,
  children,
}: {
  onMode: (account: string) => void;
  children: ReactNode;
}) {
  const accounts = useRows('accounts');
  return (
    <header className="strip">
      <div className="accounts">
        {[...(accounts?.values() ?? [])].map((account) => (
          <Account key={account.id} account={account} onMode={onMode} />
        ))}
      </div>
      <div className="right">{children}</div>
    </header>
  );
}

function Account({ account, onMode }: { account: AccountRow; onMode: (account: string) => void }) {
  const { id, venue, mode, streamState, streamReason } = account;
  return (
    <section className={`acct ${venue}`} aria-label={`Account ${id}`}>
      <div className="standing">
        <b>{accountName(id)}</b>
        <VenueBadge venue={venue} />
        <button
          type="button"
          className={`chip ${mode === 'armed' ? 'accent' : ''}`}
          title={`${modeMeaning[mode]} Press to change.`}
          aria-label={`Mode of ${id}: ${mode}. Change`}
          onClick={() => onMode(id)}
        >
          {mode}
        </button>
        <Figure
          name={streamState === 'ready' ? 'Data' : 'Stream'}
          title={streamReason ?? undefined}
        >
          <i className={`dot ${streamTone[streamState]}`} aria-hidden="true" />
          <span className="unseen">Stream {streamState}, data age </span>
          {streamState === 'ready' ? '' : `${streamState} · `}
          <Age at={account.asOf} />
        </Figure>
      </div>
      <Figure name="Equity">{money(account.equity)}</Figure>
      <Figure name="Unrealised">
        <Profit value={account.unrealisedPnl} />
      </Figure>
    </section>
  );
}
