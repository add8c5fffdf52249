import { useState } from 'react';
import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import type { BackupCalendar, BackupSettings } from '../../../src-preload/contract/settings.ts';
import { TextField } from '../../parts/controls/field.tsx';
import { NumberField } from '../../parts/controls/number-field.tsx';
import { FormDialog } from '../../parts/dialogs/form-dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow, useValue } from '../../state/use-desk.tsx';
import { Forecasts } from './forecast.tsx';
import css from './policy-dialog.module.css';
import { words } from './words.ts';

/** What is kept: the figures that decide, what they would do, and where copies go. */
export function PolicyDialog({ state, onClose }: { state: BackupsState; onClose: () => void }) {
  const settings = useValue('settings');
  return settings && <PolicyForm policy={settings.backup} state={state} onClose={onClose} />;
}

const fields: {
  name: 'keepRoutine' | 'minimumMinutes' | 'sizeLimitMB';
  label: string;
  unit: string;
  least: number;
  most: number;
}[] = [
  {
    name: 'keepRoutine',
    label: words.keepRoutine,
    unit: words.newestUnit,
    least: 1,
    most: 1000,
  },
  {
    name: 'minimumMinutes',
    label: words.minimumMinutes,
    unit: words.minutes,
    least: 1,
    most: 1440,
  },
  {
    name: 'sizeLimitMB',
    label: words.sizeLimit,
    unit: words.megabytes,
    least: 10,
    most: 1_000_000,
  },
];
const spans: { name: keyof BackupCalendar; label: string; unit: string }[] = [
  { name: 'everythingHours', label: words.calendarAll, unit: words.hours },
  { name: 'hourly', label: words.calendarHourly, unit: words.hours },
  { name: 'daily', label: words.calendarDaily, unit: words.days },
  { name: 'weekly', label: words.calendarWeekly, unit: words.weeks },
  { name: 'monthly', label: words.calendarMonthly, unit: words.months },
];
const NONE: BackupCalendar = { everythingHours: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0 };

function PolicyForm({
  policy,
  state,
  onClose,
}: {
  policy: BackupSettings;
  state: BackupsState;
  onClose: () => void;
}) {
  const { attempt } = useActions();
  const [draft, setDraft] = useState<BackupSettings>(policy);
  const [folder, setFolder] = useState(policy.secondFolder ?? '');
  const settings = { ...draft, secondFolder: folder.trim() === '' ? null : folder.trim() };
  const changed = JSON.stringify(settings) !== JSON.stringify(policy);
  const failing = state.second !== null && state.second.lastFailure !== null;
  const calendar = draft.calendar ?? NONE;
  return (
    <FormDialog
      title={words.policyTitle}
      action={words.change}
      busyAction={words.changing}
      // A folder that failed may be tried again as it is.
      ready={changed || failing}
      cautious
      wide
      onClose={onClose}
      onSubmit={() => attempt('settings.update', { backup: settings }, () => words.changed)}
    >
      <div className={css.figures}>
        {fields.map(({ name, label, unit, least, most }) => (
          <NumberField
            key={name}
            label={label}
            unit={unit}
            value={draft[name]}
            least={least}
            most={most}
            onChange={(value) => {
              if (value !== null) setDraft({ ...draft, [name]: value });
            }}
          />
        ))}
      </div>
      <Text as="p" tone="mute">
        {words.calendar}
      </Text>
      <div className={css.figures}>
        {spans.map(({ name, label, unit }) => (
          <NumberField
            key={name}
            label={label}
            unit={unit}
            value={calendar[name]}
            least={0}
            most={1000}
            onChange={(value) => {
              if (value !== null) setDraft({ ...draft, calendar: { ...calendar, [name]: value } });
            }}
          />
        ))}
      </div>
      <TextField
        label={words.secondFolder}
        hint={
          <SecondHint state={state} unchanged={settings.secondFolder === policy.secondFolder} />
        }
        value={folder}
        onChange={setFolder}
      />
      <Text as="p" tone="mute">
        {words.policyAlways}
      </Text>
      <Forecasts state={state} settings={settings} />
    </FormDialog>
  );
}

/** How the copies of the folder in force are; of another one nothing is known yet. */
function SecondHint({ state, unchanged }: { state: BackupsState; unchanged: boolean }) {
  const now = useNow();
  const { second } = state;
  if (!second || !unchanged) return words.secondHint;
  const newest = words.secondNewest(second.newestAt === null ? null : ago(second.newestAt, now));
  if (second.lastFailure === null && !second.sameDisk) return `${newest}.`;
  return <Text tone="amber">{second.lastFailure ?? `${newest}. ${words.secondSameDisk}`}</Text>;
}
