import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type {
  AnsweredRow,
  ApprovalRow,
  ProposalKind,
} from '../../../src-preload/contract/approvals.ts';
import { classes } from '../../parts/classes.ts';
import { Button } from '../../parts/controls/button.tsx';
import { PickButton } from '../../parts/controls/pick-button.tsx';
import { Badge } from '../../parts/figures/badge.tsx';
import { Light, type LightTone } from '../../parts/figures/light.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName, sideText, symbolParts } from '../../parts/names.ts';
import { clock, span } from '../../parts/time-text.ts';
import { useNow, useRows } from '../../state/use-desk.tsx';
import css from './queue.module.css';
import { answers, kinds, modesOf, notes, words, worthOf } from './words.ts';

const kindTone: Record<ProposalKind, 'plain' | 'amber' | 'red'> = {
  'no-stop': 'red',
  lowers: 'plain',
  ladder: 'plain',
  tidies: 'plain',
  adds: 'amber',
};

/** What waits, the most urgent first: each can be approved from here. */
export function Queue({
  rows,
  accounts,
  chosen,
  onChoose,
  onApprove,
}: {
  rows: readonly ApprovalRow[];
  accounts: readonly AccountRow[];
  chosen: string | null;
  onChoose: (id: string) => void;
  onApprove: (row: ApprovalRow) => void;
}) {
  const now = useNow();
  return (
    <>
      <div className={css.caption}>
        <span>{words.order}</span>
        <span>{modesOf(accounts)}</span>
      </div>
      <ol className={css.list}>
        {rows.map((row, n) => (
          <li
            key={row.id}
            className={classes(
              css.line,
              row.kind === 'no-stop' && css.alarm,
              row.id === chosen && css.chosen,
            )}
          >
            <PickButton
              chosen={row.id === chosen}
              data-proposal={row.id}
              onClick={() => onChoose(row.id)}
            >
              <span className={css.what}>
                <span className={css.number}>{n + 1}</span>
                <span className={css.title}>
                  <b>{symbolParts(row.symbol)[0]}</b>
                  <Text tone="mute" size="caption">
                    {sideText(row.side)} · {accountName(row.account)}
                  </Text>
                  <Badge tone={kindTone[row.kind]}>{kinds[row.kind]}</Badge>
                  {row.note && <Badge tone="amber">{notes[row.note.kind]}</Badge>}
                  <span className={css.age}>{span(now - row.proposedAt)}</span>
                </span>
                <span className={css.second}>{row.what}</span>
                <span className={css.third}>{worthOf(row)}</span>
              </span>
            </PickButton>
            <Button
              small
              busy={row.sending}
              aria-label={words.approveName(row)}
              onClick={() => onApprove(row)}
            >
              {row.kind === 'adds' ? words.approveAsk : words.approve}
            </Button>
          </li>
        ))}
      </ol>
    </>
  );
}

const answerTone: Record<AnsweredRow['how'], LightTone> = {
  confirmed: 'ok',
  dismissed: 'off',
  withdrawn: 'off',
  ended: 'off',
  replaced: 'wait',
};

/** What became of earlier ones, the newest first. */
export function Answered() {
  const answered = [...(useRows('answered')?.values() ?? [])].toSorted((a, b) => b.at - a.at);
  if (answered.length === 0) return null;
  return (
    <section className={css.answered} aria-label={words.answered}>
      <h2>{words.answered}</h2>
      <div className={css.past} tabIndex={0} role="group" aria-label={words.answered}>
        <ul>
          {answered.map(({ id, at, symbol, what, how, text }) => (
            <li key={id}>
              <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
              <Light tone={answerTone[how]} />
              <Text cut title={what}>
                {symbolParts(symbol)[0]}: {what}
              </Text>
              <Text cut tone="mute" title={text}>
                {answers[how]}
                {how !== 'confirmed' && how !== 'dismissed' ? `: ${text}` : ''}
              </Text>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
