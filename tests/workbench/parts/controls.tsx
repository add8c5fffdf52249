import { type ReactNode, useState } from 'react';
import { Button } from '../../../src-renderer/parts/controls/button.tsx';
import { Checkbox, Choices, Radios, Switch } from '../../../src-renderer/parts/controls/choice.tsx';
import { SearchField, TextField } from '../../../src-renderer/parts/controls/field.tsx';
import { MenuButton } from '../../../src-renderer/parts/controls/menu.tsx';
import { CellNumber, NumberField } from '../../../src-renderer/parts/controls/number-field.tsx';
import { Segmented, Toggle } from '../../../src-renderer/parts/controls/segmented.tsx';
import { Select } from '../../../src-renderer/parts/controls/select.tsx';
import { Tabs } from '../../../src-renderer/parts/controls/tabs.tsx';
import { Tooltip } from '../../../src-renderer/parts/controls/tooltip.tsx';
import type { Scenes } from '../parts.tsx';

/** Holds what is chosen, as a form would. */
function Held<Value>({
  first,
  children,
}: {
  first: Value;
  children: (value: Value, set: (value: Value) => void) => ReactNode;
}) {
  const [value, set] = useState(first);
  return children(value, set);
}

const modes = [
  { value: 'watch', label: 'watch' },
  { value: 'propose', label: 'propose' },
  { value: 'armed', label: 'armed', disabled: true },
];
const nothing = (): void => {};

export const scenes: Scenes = {
  'text-field': () => (
    <Held first="">
      {(value, set) => (
        <TextField label="Note" hint="Said beside the backup." value={value} onChange={set} />
      )}
    </Held>
  ),
  'text-field-refused': () => (
    <TextField label="Path" error="There is no such file." value="/nowhere" onChange={nothing} />
  ),
  'search-field': () => (
    <Held first="">
      {(value, set) => (
        <SearchField name="Show only symbols containing" value={value} onChange={set} />
      )}
    </Held>
  ),
  'number-field': () => (
    <Held<number | null> first={15}>
      {(value, set) => (
        <NumberField
          label="At least every"
          unit="min"
          value={value}
          hint="From 1 to 60"
          least={1}
          most={60}
          onChange={set}
        />
      )}
    </Held>
  ),
  'number-in-a-row': () => (
    <Held<number | null> first={15}>
      {(value, set) => (
        <>
          <CellNumber
            name="Seconds kept"
            value={value}
            onCommit={async (typed) => {
              if (typed <= 60) set(typed);
              return typed <= 60;
            }}
          />
          <output>{value}</output>
        </>
      )}
    </Held>
  ),
  select: () => (
    <Held first="watch">
      {(value, set) => <Select label="Mode" value={value} options={modes} onChange={set} />}
    </Held>
  ),
  checkboxes: () => (
    <Choices>
      <Held<boolean> first>
        {(value, set) => (
          <Checkbox checked={value} onChange={set}>
            Main
          </Checkbox>
        )}
      </Held>
      <Checkbox checked={false} disabled onChange={nothing}>
        Mirror
      </Checkbox>
    </Choices>
  ),
  switch: () => (
    <Held<boolean> first>
      {(value, set) => (
        <Switch on={value} onChange={set}>
          Cache
        </Switch>
      )}
    </Held>
  ),
  radios: () => (
    <Held first="watch">
      {(value, set) => <Radios name="Mode" options={modes} value={value} onChange={set} />}
    </Held>
  ),
  segmented: () => (
    <Held first="watch">
      {(value, set) => <Segmented name="Mode" options={modes} value={value} onChange={set} />}
    </Held>
  ),
  toggle: () => (
    <Held first={false}>
      {(value, set) => (
        <Toggle on={value} onChange={set}>
          Needs attention
        </Toggle>
      )}
    </Held>
  ),
  tabs: () => (
    <Tabs
      name="Position"
      pages={[
        { id: 'levels', title: 'Levels', content: <p>The levels</p> },
        { id: 'timeline', title: 'Timeline', content: <p>The timeline</p> },
      ]}
    />
  ),
  menu: () => (
    <Held first={{ said: '', pinned: false, theme: 'dark' }}>
      {(held, set) => (
        <>
          <MenuButton
            name="Backup"
            entries={() => [
              { label: 'Verify', choose: () => set({ ...held, said: 'verified' }), keys: 'V' },
              {
                label: 'Pinned',
                checked: held.pinned,
                onToggle: (pinned) => set({ ...held, pinned }),
              },
              {
                label: 'Theme',
                value: held.theme,
                options: [
                  { value: 'dark', label: 'Dark' },
                  { value: 'light', label: 'Light' },
                ],
                onPick: (theme) => set({ ...held, theme }),
              },
              { line: true },
              { label: 'Delete…', choose: nothing, danger: true },
              { label: 'Export…', choose: nothing, disabled: true },
            ]}
          >
            More
          </MenuButton>
          <output>{[held.said, held.pinned && 'pinned', held.theme].join(' ')}</output>
        </>
      )}
    </Held>
  ),
  tooltip: () => (
    <Tooltip text="Read everything again and compare">
      <Button>Sweep now</Button>
    </Tooltip>
  ),
};
