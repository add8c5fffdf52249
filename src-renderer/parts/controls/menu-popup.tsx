import { Menu as Base } from '@base-ui/react/menu';
import { useState } from 'react';
import { classes } from '../classes.ts';
import { Keys } from './button.tsx';
import type { MenuEntry, MenuProps } from './menu-entry.ts';
import css from './popup.module.css';

/** The list of a menu. Loaded when the first one opens. */
export default function MenuPopup({ name, at, entries, onClose }: MenuProps) {
  const [back] = useState(() => document.activeElement);
  return (
    <Base.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner
          className={css.positioner}
          anchor={at}
          side="bottom"
          align="start"
          sideOffset={4}
        >
          <Base.Popup
            className={classes(css.popup, css.menu)}
            aria-label={name}
            finalFocus={() => (back instanceof HTMLElement && back.isConnected ? back : true)}
          >
            {entries.map((entry, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a line and a caption have no name of their own
              <Entry key={index} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if ('line' in entry) return <Base.Separator className={css.line} />;
  if ('checked' in entry) {
    return (
      <Base.CheckboxItem
        className={css.item}
        checked={entry.checked}
        disabled={entry.disabled}
        onCheckedChange={entry.onToggle}
      >
        <span className={css.mark} aria-hidden="true">
          {entry.checked && '✓'}
        </span>
        {entry.label}
        {entry.note && <span className={css.note}>{entry.note}</span>}
      </Base.CheckboxItem>
    );
  }
  if ('options' in entry) {
    return (
      <Base.Group>
        <Base.GroupLabel className={css.caption}>{entry.label}</Base.GroupLabel>
        <Base.RadioGroup
          value={entry.value}
          onValueChange={(value) => entry.onPick(value as string)}
        >
          {entry.options.map(({ value, label }) => (
            <Base.RadioItem key={value} value={value} className={css.item}>
              <span className={css.mark} aria-hidden="true">
                {value === entry.value && '●'}
              </span>
              {label}
            </Base.RadioItem>
          ))}
        </Base.RadioGroup>
      </Base.Group>
    );
  }
  return (
    <Base.Item
      className={classes(css.item, entry.danger && css.danger)}
      disabled={entry.disabled}
      onClick={entry.choose}
    >
      {entry.label}
      {entry.keys && (
        <span className={css.end}>
          <Keys>{entry.keys}</Keys>
        </span>
      )}
    </Base.Item>
  );
}
