import { useMemo, useState } from 'react';
import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { rowKeys } from '../../../src-preload/contract/slices.ts';
import { accountName } from '../../parts/names.ts';
import { plural } from '../../parts/number-text.ts';
import { shownVerdict } from '../../parts/verdict-text.ts';
import { PositionPanel } from './position-panel.tsx';
import { PositionTable } from './position-table.tsx';
import { useSampledPositions } from './sample.ts';
import './positions.css';
import {
  useActions,
  useConnection,
  useNow,
  usePreferences,
  useRows,
  useValue,
} from '../../state/use-desk.tsx';

interface Filter {
  account: string | null;
  text: string;
  attention: boolean;
}

const inFilter = (row: PositionRow, filter: Filter): boolean =>
  (filter.account === null || row.account === filter.account) &&
  row.symbol.toLowerCase().includes(filter.text.trim().toLowerCase());

export function PositionsView() {
  const sample = useSampledPositions();
  const accountRows = useRows('accounts');
  const { density } = usePreferences();
  const culprits = useValue('verdict')?.culprits;
  const [filter, setFilter] = useState<Filter>({ account: null, text: '', attention: false });
  const [open, setOpen] = useState<string | null>(null);

  /** The focus goes back to the table, not to nowhere. */
  const close = (): void => {
    setOpen(null);
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };

  const positions = useMemo(() => (sample ? [...sample.values()] : null), [sample]);
  const accounts = useMemo(() => (accountRows ? [...accountRows.values()] : null), [accountRows]);
  const attention = useMemo(() => {
    const keys = new Set(culprits);
    return (positions ?? []).filter((row) => keys.has(rowKeys.positions(row)));
  }, [positions, culprits]);
  const looked = filter.attention ? attention : positions;
  const shown = useMemo(
    () => (looked ?? []).filter((row) => inFilter(row, filter)),
    [looked, filter],
  );

  return (
    <div
      className={open === null ? 'positions' : 'positions with-side'}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open !== null) close();
      }}
    >
      <section className="view">
        <VerdictLine
          accounts={accounts}
          attention={attention.length}
          filter={filter}
          onFilter={setFilter}
        />
        {positions && shown.length > 0 ? (
          <PositionTable key={density} rows={shown} open={open} onOpen={setOpen} />
        ) : (
          <NothingShown
            accounts={accounts}
            positions={positions}
            onClear={() => setFilter({ account: null, text: '', attention: false })}
          />
        )}
      </section>
      {open !== null && <PositionPanel id={open} onClose={close} />}
    </div>
  );
}

function VerdictLine({
  accounts,
  attention,
  filter,
  onFilter,
}: {
  accounts: AccountRow[] | null;
  /** How many positions someone should look at. */
  attention: number;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}) {
  const { ask } = useActions();
  const approvals = useRows('approvals')?.size ?? 0;
  const { severity, alarm, sentence } = shownVerdict(
    useConnection(),
    useValue('verdict'),
    useNow(),
  );
  return (
    <div className="verdict">
      <h1>
        {alarm && <span className={severity === 'critical' ? 'bad' : 'amber'}>{alarm}</span>}
        {sentence.slice(alarm.length)}
      </h1>
      {approvals > 0 && (
        <button type="button" className="link" onClick={() => ask({ what: 'proposals' })}>
          {plural(approvals, 'proposal waits', 'proposals wait')} for you
        </button>
      )}
      <div className="tools">
        <input
          className="input filter"
          type="search"
          data-filter=""
          placeholder="Symbol"
          aria-label="Show only symbols that contain"
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        />
        <div className="seg" role="group" aria-label="Account">
          {[null, ...(accounts ?? []).map(({ id }) => id)].map((id) => (
            <button
              key={id ?? ''}
              type="button"
              aria-pressed={filter.account === id}
              onClick={() => onFilter({ ...filter, account: id })}
            >
              {id === null ? 'All' : accountName(id)}
            </button>
          ))}
        </div>
        <div className="seg">
          <button
            type="button"
            aria-pressed={filter.attention}
            onClick={() => onFilter({ ...filter, attention: !filter.attention })}
          >
            Needs attention <b className={attention > 0 ? 'amber' : ''}>{attention}</b>
          </button>
        </div>
        <button type="button" className="btn" onClick={() => ask({ what: 'columns' })}>
          Columns
        </button>
      </div>
    </div>
  );
}

function NothingShown({
  accounts,
  positions,
  onClear,
}: {
  accounts: AccountRow[] | null;
  positions: PositionRow[] | null;
  onClear: () => void;
}) {
  if (!positions || !accounts) {
    return (
      <div className="empty">
        <h2>Reading the accounts…</h2>
        <p>Positions appear as soon as the desk has read them whole.</p>
      </div>
    );
  }
  if (positions.length > 0) {
    return (
      <div className="empty">
        <h2>No position fits the filter.</h2>
        <p>
          {plural(positions.length, 'position is', 'positions are')} hidden by it.{' '}
          <button type="button" className="link" onClick={onClear}>
            Show all
          </button>
        </p>
      </div>
    );
  }
  const problem = accounts.find((account) => account.problem !== null || account.asOf === null);
  if (problem) {
    return (
      <div className="empty">
        <h2>Positions are not known.</h2>
        <p>
          {problem.problem ?? problem.streamReason ?? 'The desk has not read this account yet.'}
        </p>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>No open positions.</h2>
      <p>
        Both accounts were read whole and hold none. A position opened at the exchange appears here
        at once.
      </p>
    </div>
  );
}
