import { useState } from 'react';
import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';

/** One action that waits for the operator: what would be sent, why, and the two answers. */
export function Proposal({ proposal }: { proposal: ApprovalRow }) {
  const { run } = useActions();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const { id, what, why, order, proposedAt } = proposal;
  const answer = async (approve: boolean): Promise<void> => {
    setBusy(true);
    await (approve
      ? run('approvals.approve', { id }, () => `Approved: ${what}.`)
      : run('approvals.dismiss', { id }, () => 'Dismissed; nothing was sent.'));
    setBusy(false);
  };
  return (
    <div className="proposal">
      <b>{what}</b> <span className="mute">{ago(proposedAt, now)}</span>
      <p className="mute">{why}</p>
      <p className="mono">
        {Object.entries(order)
          .map(([field, value]) => `${field} ${value}`)
          .join(' · ')}
      </p>
      <div className="row-of-buttons">
        <button
          type="button"
          className="btn small primary"
          disabled={busy}
          onClick={() => void answer(true)}
        >
          Approve
        </button>
        <button
          type="button"
          className="btn small"
          disabled={busy}
          onClick={() => void answer(false)}
        >
          Dismiss
        </button>
      </div>
    </div>
  );
}
