import { useCallback, useMemo } from 'react';
import type {
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import { Button } from '../../parts/controls/button.tsx';
import type { MenuEntry } from '../../parts/controls/menu-entry.ts';
import { ColumnsButton } from '../../parts/data-table/column-menu.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { EmptyState } from '../../parts/layout/empty-state.tsx';
import { ViewHeader } from '../../parts/layout/view.tsx';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow, useRows } from '../../state/use-desk.tsx';
import { backupColumns } from './columns.tsx';
import { useBackupActions } from './use-backup-actions.ts';
import { vaultVerdict } from './verdict-words.ts';
import { words } from './words.ts';

const keyOf = ({ id }: BackupRow): string => id;
const firstSort = { id: 'when', desc: true };

/** The backups of one source, newest first. */
export function BackupList({
  state,
  source,
  backups,
  chosen,
  onChoose,
}: {
  state: BackupsState;
  source: BackupSourceRow | null;
  backups: readonly BackupRow[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const { run, ask } = useActions();
  const { restore, verify, pin, copyOut, remove } = useBackupActions();
  const now = useNow();
  const monitors = useRows('monitors')?.size ?? null;
  const timeline = useRows('timeline');
  const latestAt = useMemo(
    () =>
      [...(timeline?.values() ?? [])].reduce<number | null>(
        (at, row) => Math.max(at ?? 0, row.at),
        null,
      ),
    [timeline],
  );
  const verdict = vaultVerdict(state, { monitors, latestAt }, now);
  const newest = state.backups.reduce((at, { madeAt }) => Math.max(at, madeAt), 0);
  const menuOf = useCallback(
    (backup: BackupRow): MenuEntry[] =>
      source
        ? [
            {
              label: words.restore,
              disabled: backup.verifyError !== null,
              choose: () => restore(backup, source),
            },
            { label: words.verify, choose: () => verify(backup) },
            { label: backup.pinned ? words.unpin : words.pin, choose: () => pin(backup) },
            { label: words.export, choose: () => copyOut(backup) },
            { line: true },
            { label: words.delete, danger: true, choose: () => remove(backup) },
          ]
        : [],
    [source, restore, verify, pin, copyOut, remove],
  );

  return (
    <>
      <ViewHeader
        title={
          <Text
            tone={verdict.tone === 'bad' ? 'red' : verdict.tone === 'look' ? 'amber' : undefined}
          >
            {verdict.text}
          </Text>
        }
        more={newest > 0 && <Text tone="mute">{words.newest(ago(newest, now))}</Text>}
      >
        <ColumnsButton table="backups" columns={backupColumns} />
        <Button onClick={() => ask({ what: 'policy' })}>{words.policy}</Button>
        <Button
          variant="primary"
          disabled={state.running !== null || source === null}
          onClick={() => source && ask({ what: 'create', source })}
        >
          {words.backUpNow}
        </Button>
      </ViewHeader>
      <DataTable
        id="backups"
        name={words.table}
        columns={backupColumns}
        rows={backups}
        keyOf={keyOf}
        firstSort={firstSort}
        alarms={isDamaged}
        selected={chosen}
        onSelect={onChoose}
        menuOf={menuOf}
        empty={
          <EmptyState title={words.none}>
            <p>
              {words.noneMore}{' '}
              <Button
                variant="link"
                onClick={() =>
                  source && void run('backups.create', { source: source.id }, () => words.backedUp)
                }
              >
                {words.now}
              </Button>
              .
            </p>
          </EmptyState>
        }
        fills
      />
    </>
  );
}

const isDamaged = ({ verifyError }: BackupRow): boolean => verifyError !== null;
