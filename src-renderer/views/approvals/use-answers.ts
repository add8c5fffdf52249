import { useCallback } from 'react';
import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import { useActions } from '../../state/use-desk.tsx';
import { words } from './words.ts';

/**
 * The two answers to a proposal. What opens more is asked about once more; where something else is needed
 * by then, `show` gets the proposal that says what.
 */
export function useAnswers(show: (id: string) => void): {
  approve: (row: ApprovalRow) => void;
  dismiss: (row: ApprovalRow) => void;
} {
  const { ask, call, run, say } = useActions();
  const approve = useCallback(
    ({ id, kind, sending }: ApprovalRow) => {
      if (sending) return;
      if (kind === 'adds') {
        ask({ what: 'approve', proposals: [id] });
        return;
      }
      void call('approvals.approve', { id }).then((answer) => {
        if (!answer.ok) return say(answer.error.message, true);
        const { outcome, text, id: now } = answer.value;
        say(text, outcome === 'refused' || outcome === 'unknown');
        if (outcome === 'changed') show(now);
        return undefined;
      });
    },
    [ask, call, say, show],
  );
  const dismiss = useCallback(
    ({ id, sending }: ApprovalRow) => {
      if (!sending) void run('approvals.dismiss', { id }, () => words.dismissed);
    },
    [run],
  );
  return { approve, dismiss };
}
