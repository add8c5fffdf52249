import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import { positionKeyOf } from '../../../src-preload/contract/slices.ts';
import { Button, ButtonRow } from '../../parts/controls/button.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Banner } from '../../parts/layout/banner.tsx';
import { Section } from '../../parts/layout/panel.tsx';
import { accountName, sideText, symbolParts } from '../../parts/names.ts';
import { ago, clock } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import css from './detail.module.css';
import { Calls, FactsTable } from './tables.tsx';
import { notes, words } from './words.ts';
import { Worth } from './worth.tsx';

/** All there is to know of one proposal before it is answered. */
export function Detail({
  row,
  place,
  onMove,
  onApprove,
  onDismiss,
}: {
  row: ApprovalRow;
  place: { at: number; of: number };
  onMove: (by: number) => void;
  onApprove: (row: ApprovalRow) => void;
  onDismiss: (row: ApprovalRow) => void;
}) {
  const { kind, note, why, sending } = row;
  const asks = kind === 'adds';
  return (
    <aside className={css.detail} aria-label={row.what}>
      <Head row={row} place={place} onMove={onMove} />
      <div className={css.scroll} tabIndex={0} role="group" aria-label={row.what}>
        {note && (
          <Banner tone={note.kind === 'refused' ? 'critical' : 'look'} title={notes[note.kind]}>
            {note.sentence}
          </Banner>
        )}
        <Section>
          <div className={css.two}>
            <div>
              <h3>{words.why}</h3>
              <p>{why}</p>
            </div>
            <div>
              <h3>{words.ifNothing}</h3>
              <p>
                <Text as="b" tone={kind === 'no-stop' ? 'red' : undefined}>
                  {row.ifNothing}
                </Text>{' '}
                {words.ifNothingMore}
              </p>
            </div>
          </div>
          <Worth row={row} />
        </Section>
        <Section title={`${words.sent}: ${words.calls(row.steps.length, row.account)}`}>
          <Calls steps={row.steps} />
        </Section>
        <Section title={words.facts}>
          <FactsTable facts={row.facts} />
        </Section>
        <Section title={words.chain}>
          <ol className={css.chain}>
            {words.steps.map(([step, more]) => (
              <li key={step}>
                <b>{step}</b>
                {more}
              </li>
            ))}
          </ol>
          <Text as="p" tone="faint" size="small">
            {words.chainMore}
          </Text>
        </Section>
      </div>
      <footer>
        <ButtonRow>
          <Button variant="primary" keys="Enter" busy={sending} onClick={() => onApprove(row)}>
            {sending ? words.sending : asks ? words.approveAndSendAsk : words.approveAndSend}
          </Button>
          <Button keys="D" aria-keyshortcuts="D" disabled={sending} onClick={() => onDismiss(row)}>
            {words.dismiss}
          </Button>
        </ButtonRow>
      </footer>
    </aside>
  );
}

function Head({
  row,
  place: { at, of },
  onMove,
}: {
  row: ApprovalRow;
  place: { at: number; of: number };
  onMove: (by: number) => void;
}) {
  const { open, show } = useActions();
  const now = useNow();
  const { symbol, side, account, proposedAt } = row;
  return (
    <header>
      <div>
        <h2>{row.what}</h2>
        <Text tone="mute">
          <Text as="b" tone="plain">
            {symbolParts(symbol)[0]}
          </Text>{' '}
          {sideText(side)} · {accountName(account)} ·{' '}
          {words.proposed(clock(proposedAt), ago(proposedAt, now))}
        </Text>
      </div>
      <div className={css.tools}>
        <Text tone="faint" size="small">
          {words.position(at + 1, of)}
        </Text>
        <Button small aria-label={words.previous} disabled={at === 0} onClick={() => onMove(-1)}>
          ↑
        </Button>
        <Button small aria-label={words.next} disabled={at + 1 === of} onClick={() => onMove(1)}>
          ↓
        </Button>
        <Button
          small
          onClick={() => {
            open(positionKeyOf(row));
            show('positions');
          }}
        >
          {words.openPosition}
        </Button>
      </div>
    </header>
  );
}
