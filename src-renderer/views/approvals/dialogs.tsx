import { useState } from 'react';
import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { DialogList } from '../../parts/dialogs/dialog.tsx';
import { FormDialog } from '../../parts/dialogs/form-dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName, symbolParts } from '../../parts/names.ts';
import { useActions, useRows } from '../../state/use-desk.tsx';
import { words, worthOf } from './words.ts';

/** Those of the ids that stand, as they stood when it was asked. */
function useAsked(ids: readonly string[]): readonly ApprovalRow[] {
  const approvals = useRows('approvals');
  const [asked] = useState(() => ids.flatMap((id) => approvals?.get(id) ?? []));
  return asked;
}

const List = ({ rows }: { rows: readonly ApprovalRow[] }) => (
  <DialogList name={words.queue} paragraphs tall>
    {rows.map((row) => (
      <li key={row.id}>
        <p>
          <b>{symbolParts(row.symbol)[0]}</b> <Text tone="mute">{accountName(row.account)}</Text>{' '}
          {row.what}
        </p>
        <Text as="p" tone="mute" size="small">
          {worthOf(row)}
        </Text>
      </li>
    ))}
  </DialogList>
);

const done: Answer<null> = { ok: true, value: null };

/** One confirmation for all of them; it ends with the first that is not confirmed by the exchange. */
export function ApproveDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { call, say } = useActions();
  const rows = useAsked(ids);
  const count = rows.length;
  const approveAll = async (): Promise<Answer<unknown>> => {
    for (const [n, { id }] of rows.entries()) {
      // One after the other: what is not confirmed ends it.
      const answer = await call('approvals.approve', { id });
      const why = !answer.ok
        ? answer.error.message
        : answer.value.outcome === 'confirmed' || answer.value.outcome === 'lapsed'
          ? null
          : answer.value.text;
      if (why !== null) {
        const message = count === 1 ? why : words.stopped(n, count, why);
        return { ok: false, error: { code: 'NOT_READY', message } };
      }
    }
    say(words.allDone(count));
    return done;
  };
  return (
    <FormDialog
      title={words.askApprove(count)}
      action={words.askApproveAction(count)}
      busyAction={words.sending}
      ready={count > 0}
      cautious
      onSubmit={approveAll}
      onClose={onClose}
    >
      <p>
        {rows.some(({ kind }) => kind === 'adds') ? (
          <Text tone="amber">{words.askAdds}</Text>
        ) : (
          words.askApproveText
        )}
      </p>
      {count > 0 ? <List rows={rows} /> : <p>{words.gone}</p>}
    </FormDialog>
  );
}

/** The same for saying no to all of them. */
export function DismissDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { call, say } = useActions();
  const rows = useAsked(ids);
  const count = rows.length;
  const dismissAll = async (): Promise<Answer<unknown>> => {
    for (const { id } of rows) {
      const answer = await call('approvals.dismiss', { id });
      // One that stands no more needs no answer.
      if (!answer.ok && answer.error.code !== 'NOT_FOUND') return answer;
    }
    say(words.allDismissed(count));
    return done;
  };
  return (
    <FormDialog
      title={words.askDismiss(count)}
      action={words.askDismissAction(count)}
      ready={count > 0}
      cautious
      onSubmit={dismissAll}
      onClose={onClose}
    >
      <p>{words.askDismissText}</p>
      {count > 0 ? <List rows={rows} /> : <p>{words.gone}</p>}
    </FormDialog>
  );
}
