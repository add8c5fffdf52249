import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import { Button, ButtonRow } from '../../parts/controls/button.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import css from './proposal.module.css';
import { useAnswers } from './use-answers.ts';
import { words, worthOf } from './words.ts';

/** A proposal in short, beside its position: what, why, and the two answers. */
export function Proposal({ proposal }: { proposal: ApprovalRow }) {
  const { show } = useActions();
  const { approve, dismiss } = useAnswers(stay);
  const now = useNow();
  const { what, why, note, proposedAt, sending, kind } = proposal;
  return (
    <div className={css.proposal}>
      <p>
        <b>{what}</b> <Text tone="mute">{ago(proposedAt, now)}</Text>
      </p>
      {note && (
        <Text as="p" tone="amber">
          {note.sentence}
        </Text>
      )}
      <Text as="p" tone="mute">
        {why}
      </Text>
      <Text as="p" tone="mute">
        {worthOf(proposal)}
      </Text>
      <ButtonRow>
        <Button variant="primary" small busy={sending} onClick={() => approve(proposal)}>
          {kind === 'adds' ? words.approveAsk : words.approve}
        </Button>
        <Button small disabled={sending} onClick={() => dismiss(proposal)}>
          {words.dismiss}
        </Button>
        <Button small variant="quiet" onClick={() => show('approvals')}>
          {words.allFields}
        </Button>
      </ButtonRow>
    </div>
  );
}

/** The one that takes its place is shown at the same place. */
const stay = (): void => {};
