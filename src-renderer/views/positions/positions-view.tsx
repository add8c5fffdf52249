import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { rowKeys } from '../../../src-preload/contract/slices.ts';
import { Button } from '../../parts/controls/button.tsx';
import type { MenuEntry } from '../../parts/controls/menu-entry.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { EmptyState } from '../../parts/layout/empty-state.tsx';
import { View, WithPanel } from '../../parts/layout/view.tsx';
import { accountName } from '../../parts/names.ts';
import { useActions, useDesk, useRows, useValue } from '../../state/use-desk.tsx';
import { AwayPanel } from './away-panel.tsx';
import { positionColumns } from './columns.tsx';
import { PositionPanel } from './position-panel.tsx';
import { type Filter, PositionsHeader } from './positions-header.tsx';
import { useSampledPositions } from './sample.ts';
import { totalsCells } from './totals-cells.tsx';
import { words } from './words.ts';

const everything: Filter = { account: null, text: '', attention: false };
const firstSort = { id: 'nearest', desc: false };
const ties = ['symbol', 'account'];
const isUnprotected = (row: PositionRow): boolean => row.protection.state === 'none';
const isDoubtful = (row: PositionRow): boolean => row.doubtful;

export function PositionsView() {
  const sample = useSampledPositions();
  const accountRows = useRows('accounts');
  const culprits = useValue('verdict')?.culprits;
  const { ask, open: setOpen } = useActions();
  const open = useDesk(({ opened }) => opened);
  const [filter, setFilter] = useState(everything);

  /** The focus goes back to the table, not to nowhere. */
  const close = (): void => {
    setOpen(null);
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };

  const positions = useMemo(() => (sample ? [...sample.values()] : null), [sample]);
  const accounts = useMemo(() => (accountRows ? [...accountRows.values()] : null), [accountRows]);
  /** Those without a stop come first, then what else the verdict names, however the table is sorted. */
  const rank = useMemo(() => {
    const named = new Set(culprits);
    return (row: PositionRow): number =>
      isUnprotected(row) ? 0 : named.has(rowKeys.positions(row)) ? 1 : 2;
  }, [culprits]);
  const attention = useMemo(
    () => (positions ?? []).filter((row) => rank(row) < 2),
    [positions, rank],
  );
  const fits = useCallback(
    (row: PositionRow): boolean =>
      (filter.account === null || row.account === filter.account) &&
      row.symbol.toLowerCase().includes(filter.text.trim().toLowerCase()),
    [filter],
  );
  const menuOf = useCallback(
    (row: PositionRow): MenuEntry[] => [
      { label: words.details, keys: 'Enter', choose: () => setOpen(rowKeys.positions(row)) },
      { line: true },
      {
        label: words.onlyThisSymbol(row.symbol),
        choose: () => setFilter({ ...everything, text: row.symbol }),
      },
      {
        label: words.onlyThisAccount(accountName(row.account)),
        choose: () => setFilter({ ...everything, account: row.account }),
      },
      {
        label: words.copySymbol,
        choose: () => void navigator.clipboard.writeText(row.symbol),
      },
      { line: true },
      {
        label: words.changeMode(accountName(row.account)),
        choose: () => ask({ what: 'mode', account: row.account }),
      },
    ],
    [ask, setOpen],
  );

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape closes the panel from anywhere in the view
    <div
      style={{ display: 'contents' }}
      onKeyDown={(event) => {
        const inside = event.currentTarget.contains(event.target as Node);
        if (event.key === 'Escape' && inside && open !== null) close();
      }}
    >
      <WithPanel panel={open !== null && <PositionPanel id={open} onClose={close} />}>
        <View>
          <PositionsHeader
            accounts={accounts}
            attention={attention.length}
            filter={filter}
            onFilter={setFilter}
          />
          <AwayPanel />
          {positions ? (
            <DataTable
              id="positions"
              name={words.table}
              columns={positionColumns}
              rows={filter.attention ? attention : positions}
              keyOf={rowKeys.positions}
              slice="positions"
              filter={fits}
              firstSort={firstSort}
              rank={rank}
              ties={ties}
              foot={totalsCells}
              alarms={isUnprotected}
              dims={isDoubtful}
              selected={open}
              onSelect={setOpen}
              menuOf={menuOf}
              empty={
                <NothingShown
                  accounts={accounts}
                  hidden={positions.length}
                  onClear={() => setFilter(everything)}
                />
              }
              fills
            />
          ) : (
            <EmptyState title={words.reading}>
              <p>{words.readingMore}</p>
            </EmptyState>
          )}
        </View>
      </WithPanel>
    </div>
  );
}

function NothingShown({
  accounts,
  hidden,
  onClear,
}: {
  accounts: readonly AccountRow[] | null;
  hidden: number;
  onClear: () => void;
}): ReactNode {
  if (hidden > 0) {
    return (
      <EmptyState title={words.noneMatch}>
        <p>
          {words.hidden(hidden)}{' '}
          <Button variant="link" onClick={onClear}>
            {words.showAll}
          </Button>
        </p>
      </EmptyState>
    );
  }
  const problem = accounts?.find((account) => account.problem !== null || account.asOf === null);
  if (problem) {
    return (
      <EmptyState title={words.notKnown}>
        <p>{problem.problem ?? problem.streamReason ?? words.notReadYet}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={words.noneOpen}>
      <p>{words.noneOpenMore}</p>
    </EmptyState>
  );
}
