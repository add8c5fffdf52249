import { useMemo, useState } from 'react';
import type { CommandOutput } from '../../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../../src-preload/contract/link.ts';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { rowKeys } from '../../../src-preload/contract/slices.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Checkbox, Choices } from '../../parts/controls/choice.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import type { Column } from '../../parts/data-table/columns.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import {
  Dialog,
  DialogBody,
  DialogFooter,
  DialogList,
  DialogTable,
} from '../../parts/dialogs/dialog.tsx';
import { FormDialog } from '../../parts/dialogs/form-dialog.tsx';
import { venueName } from '../../parts/figures/badge.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName, listed } from '../../parts/names.ts';
import { quantity } from '../../parts/number-text.ts';
import { useActions, useRows } from '../../state/use-desk.tsx';
import { SymbolName } from '../positions/columns.tsx';
import { newClick } from './click.ts';
import { includedWords, usuallyIncluded } from './panic-words.ts';
import { words } from './words.ts';

const WORD = 'PANIC';

const closingColumns: readonly Column<PositionRow>[] = [
  {
    id: 'symbol',
    name: words.panicColumns.symbol,
    width: 180,
    fixed: true,
    cell: (row) => <SymbolName row={row} />,
  },
  {
    id: 'account',
    name: words.panicColumns.account,
    width: 100,
    cell: ({ account }) => <Text tone="mute">{accountName(account)}</Text>,
  },
  {
    id: 'size',
    name: words.panicColumns.size,
    width: 100,
    numeric: true,
    cell: ({ size }) => quantity(size),
  },
];

/** Closes everything of the chosen accounts: lists what that is, asks for one word, shows the receipts. */
export function PanicDialog({ onClose }: { onClose: () => void }) {
  const { call } = useActions();
  const accounts = [...(useRows('accounts')?.values() ?? [])];
  const positions = useRows('positions');
  const orders = [...(useRows('orders')?.values() ?? [])];
  const [chosen, setChosen] = useState(() => usuallyIncluded(accounts));
  const [typed, setTyped] = useState('');
  // Pressed again after an answer that was lost, it is the same wish.
  const [click] = useState(newClick);
  const [answer, setAnswer] = useState<Answer<CommandOutput<'panic'>> | null>(null);
  const acting = new Set(
    accounts.filter(({ id, mode }) => chosen.includes(id) && mode !== 'watch').map(({ id }) => id),
  );
  const actingIds = [...acting].join(' ');
  const included = useMemo(
    () =>
      [...(positions?.values() ?? [])].filter(({ account }) =>
        actingIds.split(' ').includes(account),
      ),
    [positions, actingIds],
  );
  const leftOut = included.filter(({ notUnderstood }) => notUnderstood !== null);
  const closing = included.filter(({ notUnderstood }) => notUnderstood === null);
  const cancelling = orders.filter(({ account }) => acting.has(account)).length;

  if (answer) {
    return (
      <Dialog title={words.panicDone} onClose={onClose}>
        <DialogBody>
          <Receipts answer={answer} />
        </DialogBody>
        <DialogFooter>
          <Button data-first onClick={onClose}>
            {words.close}
          </Button>
        </DialogFooter>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={words.panicTitle}
      action={words.panicAction(closing.length)}
      busyAction={words.panicBusy}
      destroys
      ready={chosen.length > 0 && typed.trim().toUpperCase() === WORD}
      closesWhenDone={false}
      onSubmit={async () => {
        const said = await call('panic', { accounts: [...chosen], confirm: WORD, click });
        setAnswer(said);
        return said;
      }}
      onClose={onClose}
    >
      <p>{includedWords(accounts, chosen)}</p>
      <Choices>
        {accounts.map(({ id, venue, mode }) => (
          <Checkbox
            key={id}
            checked={chosen.includes(id)}
            onChange={(on) => setChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
          >
            {accountName(id)}{' '}
            <Text tone="mute">
              {venueName[venue]}, {mode}
            </Text>
          </Checkbox>
        ))}
      </Choices>
      <p>
        <b>{words.panicWhat(closing.length, cancelling)}</b>{' '}
        <Text tone="mute">{words.panicFinal}</Text>
      </p>
      {leftOut.length > 0 && (
        <p>
          <Text tone="amber">
            {words.panicLeftOut(listed(leftOut.map(({ symbol }) => symbol)))}
          </Text>
        </p>
      )}
      <DialogTable>
        <DataTable
          name={words.panicTable}
          columns={closingColumns}
          rows={closing}
          keyOf={rowKeys.positions}
          mostRows={8}
          empty={<Text tone="mute">{words.panicNothing}</Text>}
        />
      </DialogTable>
      <TextField label={words.panicType(WORD)} value={typed} onChange={setTyped} data-first />
    </FormDialog>
  );
}

/** What the desk read back from the exchange, account by account, or its refusal. */
function Receipts({ answer }: { answer: Answer<CommandOutput<'panic'>> }) {
  if (!answer.ok) {
    return (
      <p role="alert">
        <Text as="b" tone="red">
          {words.notDone}
        </Text>{' '}
        {answer.error.message}
      </p>
    );
  }
  return (
    <DialogList role="alert" paragraphs>
      {answer.value.receipts.map(({ account, positions, orders, text }) => (
        <li key={account}>
          <b>
            {accountName(account)}:{' '}
            <Text tone={positions + orders > 0 ? 'amber' : undefined}>
              {words.left(positions, orders)}
            </Text>
          </b>
          <Text as="p" tone="mute">
            {text}
          </Text>
        </li>
      ))}
    </DialogList>
  );
}
