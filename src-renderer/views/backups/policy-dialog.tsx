import { useState } from 'react';
import type {
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import { Button } from '../../parts/controls/button.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import { NumberField } from '../../parts/controls/number-field.tsx';
import { Tabs } from '../../parts/controls/tabs.tsx';
import type { Column } from '../../parts/data-table/columns.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Dialog, DialogBody, DialogFooter, DialogTable } from '../../parts/dialogs/dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow, useValue } from '../../state/use-desk.tsx';
import css from './policy-dialog.module.css';
import { className, sourceName, words } from './words.ts';

/** What would be kept, and why, if old backups were cleared away now; and the three figures that decide. */
export function PolicyDialog({ state, onClose }: { state: BackupsState; onClose: () => void }) {
  const settings = useValue('settings');
  return (
    <Dialog title={words.policyTitle} wide onClose={onClose}>
      <DialogBody>
        {settings && <PolicyForm policy={settings.backup} />}
        <Text as="p" tone="mute">
          {words.policyAlways}
        </Text>
        <Tabs
          name={words.policyTabs}
          pages={state.sources.map((source) => ({
            id: source.id,
            title: sourceName(source),
            content: <Forecast source={source} backups={state.backups} />,
          }))}
        />
      </DialogBody>
      <DialogFooter>
        <Button data-first onClick={onClose}>
          {words.close}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

const forecastColumns: readonly Column<BackupRow>[] = [
  {
    id: 'when',
    name: words.forecastColumns.when,
    width: 120,
    fixed: true,
    cell: ({ madeAt }) => <Ago at={madeAt} />,
  },
  {
    id: 'kind',
    name: words.forecastColumns.kind,
    width: 110,
    cell: (backup) => <Text tone="mute">{className[backup.class]}</Text>,
  },
  {
    id: 'fate',
    name: words.forecastColumns.fate,
    width: 360,
    cell: ({ fate }) => (
      <Text tone={fate.keep ? 'mute' : 'amber'} title={fate.why}>
        {fate.why}
      </Text>
    ),
  },
];

const Ago = ({ at }: { at: number }) => ago(at, useNow());
const keyOf = ({ id }: BackupRow): string => id;

function Forecast({ source, backups }: { source: BackupSourceRow; backups: readonly BackupRow[] }) {
  const own = backups
    .filter((backup) => backup.source === source.id)
    .toSorted((a, b) => b.madeAt - a.madeAt);
  const going = own.filter(({ fate }) => !fate.keep).length;
  return (
    <>
      <Text as="p" tone="mute">
        {words.stays(own.length - going, going)}
      </Text>
      <DialogTable>
        <DataTable
          name={words.forecastTable(sourceName(source))}
          columns={forecastColumns}
          rows={own}
          keyOf={keyOf}
          mostRows={8}
          empty={<Text tone="mute">{words.none}</Text>}
        />
      </DialogTable>
    </>
  );
}

type Policy = SettingsState['backup'];
type Calendar = NonNullable<Policy['calendar']>;

const fields: {
  name: 'keepRoutine' | 'minimumMinutes' | 'sizeLimitMB';
  label: string;
  unit: string;
}[] = [
  { name: 'keepRoutine', label: words.keepRoutine, unit: words.newestUnit },
  { name: 'minimumMinutes', label: words.minimumMinutes, unit: words.minutes },
  { name: 'sizeLimitMB', label: words.sizeLimit, unit: words.megabytes },
];
const spans: { name: keyof Calendar; label: string }[] = [
  { name: 'everythingHours', label: words.calendarAll },
  { name: 'hourly', label: words.calendarHourly },
  { name: 'daily', label: words.calendarDaily },
  { name: 'weekly', label: words.calendarWeekly },
  { name: 'monthly', label: words.calendarMonthly },
];
const NONE: Calendar = { everythingHours: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0 };

/** The forecast below follows once the desk has taken the new figures. */
function PolicyForm({ policy }: { policy: Policy }) {
  const { run } = useActions();
  const [draft, setDraft] = useState<Policy>(policy);
  const changed = JSON.stringify(draft) !== JSON.stringify(policy);
  const calendar = draft.calendar ?? NONE;
  return (
    <form
      className={css.policy}
      onSubmit={(event) => {
        event.preventDefault();
        void run('settings.update', { backup: draft }, () => words.changed);
      }}
    >
      {fields.map(({ name, label, unit }) => (
        <NumberField
          key={name}
          label={label}
          unit={unit}
          value={draft[name]}
          least={1}
          onChange={(value) => {
            if (value !== null) setDraft({ ...draft, [name]: value });
          }}
        />
      ))}
      {spans.map(({ name, label }) => (
        <NumberField
          key={name}
          label={label}
          unit=""
          value={calendar[name]}
          least={0}
          onChange={(value) => {
            if (value !== null) setDraft({ ...draft, calendar: { ...calendar, [name]: value } });
          }}
        />
      ))}
      <TextField
        label={words.secondFolder}
        value={draft.secondFolder ?? ''}
        onChange={(text) => setDraft({ ...draft, secondFolder: text === '' ? null : text })}
      />
      <Button submit disabled={!changed}>
        {words.change}
      </Button>
    </form>
  );
}
