import { useEffect, useMemo, useState } from 'react';
import type {
  BackupForecast,
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import type { Answer } from '../../../src-preload/contract/link.ts';
import type { BackupSettings } from '../../../src-preload/contract/settings.ts';
import { Tabs } from '../../parts/controls/tabs.tsx';
import type { Column } from '../../parts/data-table/columns.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { DialogTable } from '../../parts/dialogs/dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { DASH } from '../../parts/number-text.ts';
import { ago, dayAndClock } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import { className, sourceName, words } from './words.ts';

/** How long typing must rest before the desk is asked what it would do, ms. */
const RESTS_MS = 250;

/** What settings would do with the backups there are; asked anew as they are typed. */
export function Forecasts({ state, settings }: { state: BackupsState; settings: BackupSettings }) {
  const { call } = useActions();
  const [answer, setAnswer] = useState<{
    found: Answer<BackupForecast>;
    newest: string | undefined;
  } | null>(null);
  const asked = JSON.stringify({ ...settings, secondFolder: null });
  // Another backup, another answer.
  const newest = state.backups[0]?.id;
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      void (async () => {
        const given = await call('backups.forecast', { settings: JSON.parse(asked) });
        if (wanted) setAnswer({ found: given, newest });
      })();
    }, RESTS_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [call, asked, newest]);
  const found = answer?.found;
  if (found && !found.ok) {
    return (
      <Text as="p" tone="red" role="alert">
        {found.error.message}
      </Text>
    );
  }
  return (
    <Tabs
      name={words.policyTabs}
      pages={state.sources.map((source) => ({
        id: source.id,
        title: sourceName(source),
        content: <Forecast source={source} backups={state.backups} forecast={found?.value} />,
      }))}
    />
  );
}

/** A backup with what would become of it. */
interface Foreseen extends BackupRow {
  goesAt: number | undefined;
}

const columns: readonly Column<Foreseen>[] = [
  {
    id: 'when',
    name: words.forecastColumns.when,
    width: 104,
    fixed: true,
    cell: ({ madeAt }) => <Ago at={madeAt} />,
  },
  {
    id: 'kind',
    name: words.forecastColumns.kind,
    width: 130,
    cell: (backup) => <Text tone="mute">{className[backup.class]}</Text>,
  },
  {
    id: 'fate',
    name: words.forecastColumns.fate,
    width: 430,
    cell: ({ fate }) => (
      <Text tone={fate.keep ? 'mute' : 'amber'} title={fate.why}>
        {fate.why}
      </Text>
    ),
  },
  {
    id: 'goes',
    name: words.forecastColumns.goes,
    width: 100,
    cell: (backup) => <Goes backup={backup} />,
  },
];

const Ago = ({ at }: { at: number }) => ago(at, useNow());
const keyOf = ({ id }: BackupRow): string => id;

function Goes({ backup: { fate, goesAt } }: { backup: Foreseen }) {
  const now = useNow();
  if (!fate.keep) return <Text tone="amber">{words.nextBackup}</Text>;
  return goesAt === undefined ? <Text tone="faint">{DASH}</Text> : dayAndClock(goesAt, now);
}

function Forecast({
  source,
  backups,
  forecast,
}: {
  source: BackupSourceRow;
  backups: readonly BackupRow[];
  forecast: BackupForecast | undefined;
}) {
  const own = useMemo(
    () =>
      backups
        .filter((backup) => backup.source === source.id)
        .toSorted((a, b) => b.madeAt - a.madeAt)
        .map(
          (backup): Foreseen => ({
            ...backup,
            fate: forecast?.fates[backup.id] ?? backup.fate,
            goesAt: forecast?.goesAt[backup.id],
          }),
        ),
    [backups, source.id, forecast],
  );
  const going = own.filter(({ fate }) => !fate.keep).length;
  const soon = own.filter(({ fate, goesAt }) => fate.keep && goesAt !== undefined).length;
  return (
    <>
      <Text as="p" tone={going > 0 ? 'amber' : 'mute'}>
        {words.stays(own.length - going, going, soon)}
      </Text>
      <DialogTable>
        <DataTable
          name={words.forecastTable(sourceName(source))}
          columns={columns}
          rows={own}
          keyOf={keyOf}
          mostRows={8}
          empty={<Text tone="mute">{words.none}</Text>}
        />
      </DialogTable>
    </>
  );
}
