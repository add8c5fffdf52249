import { useMemo, useState } from 'react';
import type { AwayRow } from '../../../src-preload/contract/away.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName, symbolParts } from '../../parts/names.ts';
import { clock, day } from '../../parts/time-text.ts';
import { useActions, useNow, useRows } from '../../state/use-desk.tsx';
import css from './away-panel.module.css';
import { words } from './words.ts';

/** What happened while Holdfast was off, over the positions until the operator has read it. */
export function AwayPanel() {
  const rows = useRows('away');
  const { run } = useActions();
  const [busy, setBusy] = useState(false);
  const accounts = useMemo(() => byAccount([...(rows?.values() ?? [])]), [rows]);
  if (!rows || rows.size === 0) return null;
  const dismiss = async (): Promise<void> => {
    setBusy(true);
    await run('away.dismiss', {}, ({ dismissed }) => words.away.dismissed(dismissed));
    setBusy(false);
  };
  return (
    <section className={css.away} aria-label={words.away.title}>
      <header>
        <h2>{words.away.title}</h2>
        <Text tone="mute">{words.away.more(rows.size)}</Text>
        <div className={css.tools}>
          <Button small busy={busy} onClick={() => void dismiss()}>
            {words.away.dismiss}
          </Button>
        </div>
      </header>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={words.away.title}>
        {accounts.map(([account, happened]) => (
          <section key={account} className={css.account} aria-label={accountName(account)}>
            <h3>
              {accountName(account)} <Text tone="faint">{happened.length}</Text>
            </h3>
            <ol>
              {happened.map((row) => (
                <Happened key={row.id} row={row} />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </section>
  );
}

function Happened({ row: { at, symbol, text } }: { row: AwayRow }) {
  const now = useNow();
  return (
    <li>
      <time dateTime={new Date(at).toISOString()}>
        {day(at, now) && `${day(at, now)}, `}
        {clock(at)}
      </time>
      <b>{symbolParts(symbol)[0]}</b>
      <span>{text}</span>
    </li>
  );
}

/** The oldest first, as it came about. */
function byAccount(rows: readonly AwayRow[]): [account: string, rows: AwayRow[]][] {
  const inOrder = rows.toSorted((a, b) => a.at - b.at);
  return Object.entries(Object.groupBy(inOrder, ({ account }) => account)).map(
    ([account, happened = []]) => [account, happened],
  );
}
