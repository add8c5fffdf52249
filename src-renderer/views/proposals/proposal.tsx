import { useState } from 'react';
import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import { Button, ButtonRow } from '../../parts/controls/button.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import css from './proposal.module.css';
import { words } from './words.ts';

/** One action that waits for the operator: what would be sent, why, and the two answers. */
export function Proposal({ proposal }: { proposal: ApprovalRow }) {
  const { run } = useActions();
  const now = useNow();
  const [busy, setBusy] = useState<'approve' | 'dismiss' | null>(null);
  const { id, what, why, order, proposedAt } = proposal;
  const answer = async (given: 'approve' | 'dismiss'): Promise<void> => {
    setBusy(given);
    await (given === 'approve'
      ? run('approvals.approve', { id }, () => words.approved(what))
      : run('approvals.dismiss', { id }, () => words.dismissed));
    setBusy(null);
  };
  return (
    <div className={css.proposal}>
      <p>
        <b>{what}</b> <Text tone="mute">{ago(proposedAt, now)}</Text>
      </p>
      <Text as="p" tone="mute">
        {why}
      </Text>
      <Text as="p" tone="mute" mono>
        {Object.entries(order)
          .map(([field, value]) => `${field} ${value}`)
          .join(' · ')}
      </Text>
      <ButtonRow>
        <Button
          variant="primary"
          small
          busy={busy === 'approve'}
          disabled={busy !== null}
          onClick={() => void answer('approve')}
        >
          {words.approve}
        </Button>
        <Button
          small
          busy={busy === 'dismiss'}
          disabled={busy !== null}
          onClick={() => void answer('dismiss')}
        >
          {words.dismiss}
        </Button>
      </ButtonRow>
    </div>
  );
}
