import { useCallback, useEffect, useMemo, useState } from 'react';
import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import { type ApprovalRow, mostUrgentFirst } from '../../../src-preload/contract/approvals.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Segmented } from '../../parts/controls/segmented.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { EmptyState } from '../../parts/layout/empty-state.tsx';
import { View, ViewHeader } from '../../parts/layout/view.tsx';
import { accountName } from '../../parts/names.ts';
import { useActions, useDesk, useRows } from '../../state/use-desk.tsx';
import css from './approvals-view.module.css';
import { Detail } from './detail.tsx';
import { Answered, Queue } from './queue.tsx';
import { useAnswers } from './use-answers.ts';
import { words } from './words.ts';

/** What accounts that propose would do: the queue, and beside it all there is to know of the chosen one. */
export function ApprovalsView() {
  const approvals = useRows('approvals');
  const accountRows = useRows('accounts');
  const { ask } = useActions();
  const [account, setAccount] = useState<string | null>(null);
  const all = useMemo(
    () => [...(approvals?.values() ?? [])].toSorted(mostUrgentFirst),
    [approvals],
  );
  const accounts = useMemo(() => [...(accountRows?.values() ?? [])], [accountRows]);
  const shown = useMemo(
    () => all.filter((row) => account === null || row.account === account),
    [all, account],
  );
  if (!approvals) {
    return (
      <EmptyState title={words.reading}>
        <p>{words.readingMore}</p>
      </EmptyState>
    );
  }
  const safe = shown.filter(({ kind }) => kind !== 'adds');
  return (
    <View>
      <ViewHeader title={<Sentence all={all} />}>
        {accounts.length > 1 && all.length > 0 && (
          <Segmented
            name={words.account}
            value={account}
            options={[
              { value: null, label: words.all },
              ...accounts.map(({ id }) => ({
                value: id,
                label: `${accountName(id)} ${all.filter((row) => row.account === id).length}`,
              })),
            ]}
            onChange={setAccount}
          />
        )}
        {shown.length > 1 && (
          <Button onClick={() => ask({ what: 'dismiss', proposals: shown.map(({ id }) => id) })}>
            {words.dismissAll}
          </Button>
        )}
        {safe.length > 1 && (
          <Button
            variant="primary"
            onClick={() => ask({ what: 'approve', proposals: safe.map(({ id }) => id) })}
          >
            {words.approveSafe(safe.length)}
          </Button>
        )}
      </ViewHeader>
      {all.length === 0 ? (
        <NothingWaits accounts={accounts} />
      ) : (
        <Chosen rows={shown} accounts={accounts} />
      )}
    </View>
  );
}

function Sentence({ all }: { all: readonly ApprovalRow[] }) {
  const naked = all.filter(({ kind }) => kind === 'no-stop').length;
  if (all.length === 0) return words.nothing;
  if (naked === 0) return words.wait(all.length);
  return (
    <>
      <Text tone="red">{words.noStop(naked)}</Text>
      {all.length > naked && ` ${words.more(all.length - naked)}`}
    </>
  );
}

/** The queue and the chosen one; the next takes its place when it stands no more. */
function Chosen({
  rows,
  accounts,
}: {
  rows: readonly ApprovalRow[];
  accounts: readonly AccountRow[];
}) {
  const [chosen, choose] = useState({ id: rows[0]?.id ?? '', at: 0 });
  const found = rows.findIndex(({ id }) => id === chosen.id);
  const at = found >= 0 ? found : Math.min(chosen.at, rows.length - 1);
  const row = rows[at];
  const pick = useCallback(
    (id: string) =>
      choose({
        id,
        at: Math.max(
          0,
          rows.findIndex((one) => one.id === id),
        ),
      }),
    [rows],
  );
  /** As many places on, and the focus with it. */
  const move = useCallback(
    (by: number) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
      if (!next) return;
      pick(next.id);
      document.querySelector<HTMLElement>(`[data-proposal="${next.id}"]`)?.focus();
    },
    [rows, at, pick],
  );
  const { approve, dismiss } = useAnswers(pick);
  useKeys({ row, move, approve, dismiss });
  return (
    <div className={css.split}>
      <section className={css.queue} aria-label={words.queue}>
        <Queue
          rows={rows}
          accounts={accounts}
          chosen={row?.id ?? null}
          onChoose={pick}
          onApprove={approve}
        />
        <Answered />
        <Text as="p" tone="mute" size="small">
          <span className={css.foot}>{words.foot}</span>
        </Text>
      </section>
      {row ? (
        <Detail
          key={row.id}
          row={row}
          place={{ at, of: rows.length }}
          onMove={move}
          onApprove={approve}
          onDismiss={dismiss}
        />
      ) : (
        <EmptyState title={words.noneOfAccount} />
      )}
    </div>
  );
}

/**
 * Up and down go through the queue from anywhere in the view; Enter approves the one whose line has the
 * focus, so that nothing is sent that was not gone to; D dismisses it.
 */
function useKeys(of: {
  row: ApprovalRow | undefined;
  move: (by: number) => void;
  approve: (row: ApprovalRow) => void;
  dismiss: (row: ApprovalRow) => void;
}): void {
  const { row, move, approve, dismiss } = of;
  const asking = useDesk((state) => state.asking !== null);
  useEffect(() => {
    if (asking) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : document.body;
      const onLine = target.closest('[data-proposal]');
      const free = target === document.body || onLine !== null;
      if (event.key === 'ArrowDown' && free) move(onLine ? 1 : 0);
      else if (event.key === 'ArrowUp' && free) move(onLine ? -1 : 0);
      else if (row && event.key === 'Enter' && onLine?.getAttribute('data-proposal') === row.id)
        approve(row);
      else if (row && event.key.toLowerCase() === 'd' && free) dismiss(row);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [asking, row, move, approve, dismiss]);
}

function NothingWaits({ accounts }: { accounts: readonly AccountRow[] }) {
  const { ask } = useActions();
  const proposing = accounts.filter(({ mode }) => mode === 'propose').map(({ id }) => id);
  return (
    <div className={css.nothing}>
      <EmptyState title={words.nothing}>
        {proposing.length > 0 ? (
          <p>{words.emptyProposing(proposing)}</p>
        ) : (
          <>
            <p>{words.emptyNobody}</p>
            {accounts.map(({ id }) => (
              <p key={id}>
                <Button onClick={() => ask({ what: 'mode', account: id })}>
                  {words.changeMode(id)}
                </Button>
              </p>
            ))}
          </>
        )}
      </EmptyState>
      <div className={css.past}>
        <Answered />
      </div>
    </div>
  );
}
