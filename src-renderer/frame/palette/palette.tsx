import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { matching, type PaletteEntry, paletteEntries } from './entries.ts';
import './palette.css';
import { useActions, useRows, useValue } from '../../state/use-desk.tsx';

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
    <Dialog title="Search or run" onClose={onClose}>
      <input
        className="input"
        role="combobox"
        aria-label="Search views and commands"
        aria-expanded="true"
        aria-controls={name}
        aria-activedescendant={found.length > 0 ? `${name}-${active}` : undefined}
        aria-autocomplete="list"
        data-first
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={walk}
      />
      <ul ref={list} id={name} className="palette-list" role="listbox" aria-label="Found">
        {found.map((entry, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above answers the keys
          <li
            key={`${entry.title} ${entry.command}`}
            id={`${name}-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => choose(entry)}
          >
            <span>{entry.title}</span>
            {entry.keys && <span className="kbd">{entry.keys}</span>}
            <span className="faint">{entry.group}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="mute">Nothing is called that.</p>}
    </Dialog>
  );
}
