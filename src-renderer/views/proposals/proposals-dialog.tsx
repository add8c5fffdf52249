import { Button } from '../../parts/controls/button.tsx';
import { Dialog, DialogBody, DialogFooter, DialogList } from '../../parts/dialogs/dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName } from '../../parts/names.ts';
import { useActions, useRows } from '../../state/use-desk.tsx';
import { Proposal } from './proposal.tsx';
import { words } from './words.ts';

export function ProposalsDialog({ onClose }: { onClose: () => void }) {
  const approvals = useRows('approvals');
  const { run } = useActions();
  const waiting = [...(approvals?.values() ?? [])].toSorted((a, b) => a.proposedAt - b.proposedAt);
  const approveAll = async (): Promise<void> => {
    for (const { id, what } of waiting) {
      const answer = await run('approvals.approve', { id }, () => words.approved(what));
      if (!answer.ok) break;
    }
  };
  return (
    <Dialog title={waiting.length === 0 ? words.none : words.title} onClose={onClose}>
      <DialogBody>
        {waiting.length === 0 ? (
          <Text as="p" tone="mute">
            {words.noneMore}
          </Text>
        ) : (
          <DialogList name={words.title} paragraphs tall>
            {waiting.map((proposal) => (
              <li key={proposal.id}>
                <Text as="h3">
                  {proposal.symbol} <Text tone="mute">{accountName(proposal.account)}</Text>
                </Text>
                <Proposal proposal={proposal} />
              </li>
            ))}
          </DialogList>
        )}
      </DialogBody>
      <DialogFooter>
        {waiting.length > 1 && (
          <Button onClick={() => void approveAll()}>{words.approveAll(waiting.length)}</Button>
        )}
        <Button data-first onClick={onClose}>
          {words.close}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
