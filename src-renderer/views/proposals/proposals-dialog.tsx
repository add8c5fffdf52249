import { Dialog } from '../../parts/dialog.tsx';
import { accountName } from '../../parts/names.ts';
import { useActions, useRows } from '../../state/use-desk.tsx';
import { Proposal } from './proposal.tsx';

export function ProposalsDialog({ onClose }: { onClose: () => void }) {
  const approvals = useRows('approvals');
  const { run } = useActions();
  const waiting = [...(approvals?.values() ?? [])].toSorted((a, b) => a.proposedAt - b.proposedAt);
  const approveAll = async (): Promise<void> => {
    for (const { id, what } of waiting) {
      const answer = await run('approvals.approve', { id }, () => `Approved: ${what}.`);
      if (!answer.ok) break;
    }
  };
  return (
    <Dialog title={waiting.length === 0 ? 'No proposal waits' : 'Proposals'} onClose={onClose}>
      {waiting.length === 0 && (
        <p className="mute">
          An account in propose mode puts its actions here before anything is sent.
        </p>
      )}
      {waiting.map((proposal) => (
        <section key={proposal.id}>
          <h3>
            {proposal.symbol} <span className="mute">{accountName(proposal.account)}</span>
          </h3>
          <Proposal proposal={proposal} />
        </section>
      ))}
      <footer>
        {waiting.length > 1 && (
          <button type="button" className="btn" onClick={() => void approveAll()}>
            Approve all {waiting.length}
          </button>
        )}
        <button type="button" className="btn" data-first onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
