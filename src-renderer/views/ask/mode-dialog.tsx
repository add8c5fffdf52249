import { useState } from 'react';
import type { Mode } from '../../../src-preload/contract/words.ts';
import { Radios } from '../../parts/controls/choice.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import { FormDialog } from '../../parts/dialogs/form-dialog.tsx';
import { modeMeaning } from '../../parts/figures/badge.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName } from '../../parts/names.ts';
import { useActions, useRow } from '../../state/use-desk.tsx';
import { words } from './words.ts';

const modes: readonly Mode[] = ['watch', 'propose', 'armed'];

/** Chooses how far an account may go on its own. Arming needs the account's name, typed. */
export function ModeDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const row = useRow('accounts', account);
  const { attempt } = useActions();
  const [mode, setMode] = useState<Mode>(row?.mode ?? 'watch');
  const [typed, setTyped] = useState('');
  if (!row) return null;
  const name = accountName(account);
  const arming = mode === 'armed' && row.mode !== 'armed';
  return (
    <FormDialog
      title={words.modeTitle(name)}
      action={words.setTo(mode)}
      ready={mode !== row.mode && (!arming || typed === account)}
      onSubmit={() =>
        attempt(
          'account.setMode',
          { account, mode, ...(arming ? { confirm: typed } : {}) },
          (value) => words.modeSet(name, value.mode, value.saved),
        )
      }
      onClose={onClose}
    >
      <Radios
        name={words.mode}
        value={mode}
        options={modes.map((each) => ({
          value: each,
          disabled: each !== 'watch' && row.readOnly === true,
          label: (
            <>
              <b>{each}</b> <Text tone="mute">{modeMeaning[each]}</Text>
            </>
          ),
        }))}
        onChange={setMode}
      />
      {row.readOnly === true && (
        <Text as="p" tone="mute">
          {words.readOnly}
        </Text>
      )}
      {arming && (
        <TextField
          label={words.typeToArm(account)}
          hint={row.venue === 'live' ? words.realMoney : undefined}
          value={typed}
          onChange={setTyped}
        />
      )}
    </FormDialog>
  );
}
