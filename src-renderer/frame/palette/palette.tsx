import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { Keys } from '../../parts/controls/button.tsx';
import { SearchField } from '../../parts/controls/field.tsx';
import { Dialog, DialogBody } from '../../parts/dialogs/dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { useActions, useRows, useValue } from '../../state/use-desk.tsx';
import { words } from '../words.ts';
import { matching, type PaletteEntry, paletteEntries } from './entries.ts';
import css from './palette.module.css';

/** Search or run: every view and every command by a few letters (a combobox over a list). */
export function Palette({ onClose }: { onClose: () => void }) {
  const accounts = useRows('accounts');
  const approvals = useRows('approvals');
  const backups = useValue('backups');
  const settings = useValue('settings');
  const tools = useActions();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const name = useId();
  const entries = useMemo(
    () =>
      paletteEntries({
        accounts: [...(accounts?.values() ?? [])],
        proposals: approvals?.size ?? 0,
        backups,
        settings,
      }),
    [accounts, approvals, backups, settings],
  );
  const found = matching(entries, typed);
  const active = Math.min(at, found.length - 1);

  const choose = (entry: PaletteEntry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.choose(tools);
  };
  const walk = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1 };
    const to = moves[event.key];
    if (event.key === 'Enter') choose(found[active]);
    else if (to !== undefined && found.length > 0) {
      const next = (to + found.length) % found.length;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };

  return (
    <Dialog title={words.search} onClose={onClose}>
      <DialogBody>
        <SearchField
          name={words.searchName}
          wide
          role="combobox"
          aria-expanded="true"
          aria-controls={name}
          aria-activedescendant={found.length > 0 ? `${name}-${active}` : undefined}
          aria-autocomplete="list"
          data-first
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setAt(0);
          }}
          onKeyDown={walk}
        />
        <ul ref={list} id={name} className={css.list} role="listbox" aria-label={words.found}>
          {found.map((entry, index) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above answers the keys
            <li
              key={`${entry.title} ${entry.command}`}
              id={`${name}-${index}`}
              role="option"
              aria-selected={index === active}
              onClick={() => choose(entry)}
            >
              <span className={css.title}>{entry.title}</span>
              {entry.keys && <Keys>{entry.keys}</Keys>}
              <Text tone="faint" size="small">
                {entry.group}
              </Text>
            </li>
          ))}
        </ul>
        {found.length === 0 && (
          <Text as="p" tone="mute">
            {words.nothingFound}
          </Text>
        )}
      </DialogBody>
    </Dialog>
  );
}
