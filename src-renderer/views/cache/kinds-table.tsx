import type { CacheKindRow } from '../../../src-preload/contract/cache.ts';
import { Button } from '../../parts/controls/button.tsx';
import { CellNumber } from '../../parts/controls/number-field.tsx';
import { ColumnsButton } from '../../parts/data-table/column-menu.tsx';
import type { Column } from '../../parts/data-table/columns.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Panel } from '../../parts/layout/panel.tsx';
import { count, DASH, percent } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';
import { useActions } from '../../state/use-desk.tsx';
import { words } from './words.ts';

const shareOfHits = ({ hits, coalesced, misses }: CacheKindRow): number | null => {
  const all = hits + coalesced + misses;
  return all === 0 ? null : (hits + coalesced) / all;
};

const counted = (
  id: string,
  name: string,
  value: (row: CacheKindRow) => number,
  width: number,
  hint?: string,
): Column<CacheKindRow> => ({
  id,
  name,
  width,
  numeric: true,
  ...(hint ? { hint } : {}),
  value,
  cell: (row) => count(value(row)),
});

const kindColumns: readonly Column<CacheKindRow>[] = [
  {
    id: 'kind',
    name: words.kind,
    width: 104,
    fixed: true,
    value: ({ kind }) => kind,
    cell: ({ kind }) => <b>{kind}</b>,
  },
  {
    id: 'account',
    name: words.account,
    width: 72,
    value: ({ account }) => account,
    cell: ({ account }) => <Text tone="mute">{account}</Text>,
  },
  {
    id: 'keptFor',
    name: words.keptFor,
    hint: words.keptForHint,
    width: 84,
    numeric: true,
    value: ({ ttlMs }) => ttlMs,
    cell: (row) => <KeptFor row={row} />,
  },
  {
    id: 'age',
    name: words.age,
    hint: words.ageHint,
    width: 62,
    numeric: true,
    value: ({ ageMs }) => ageMs ?? undefined,
    cell: ({ ageMs }) => (ageMs === null ? DASH : span(ageMs)),
  },
  counted('hits', words.hits, ({ hits }) => hits, 72),
  counted('misses', words.misses, ({ misses }) => misses, 64),
  counted('coalesced', words.coalesced, ({ coalesced }) => coalesced, 80, words.coalescedHint),
  {
    id: 'hitRate',
    name: words.hitRate,
    width: 72,
    numeric: true,
    value: (row) => shareOfHits(row) ?? undefined,
    cell: (row) => percent(shareOfHits(row), 1),
  },
  counted(
    'refusedStale',
    words.refusedStale,
    ({ refusedStale }) => refusedStale,
    108,
    words.refusedStaleHint,
  ),
  counted('invalidated', words.invalidated, ({ invalidations }) => invalidations, 84),
  counted('calls', words.callsColumn, ({ restCalls }) => restCalls, 60),
  counted('callsSaved', words.callsSaved, ({ callsSaved }) => callsSaved, 88),
  {
    ...counted(
      'sweepDifferences',
      words.sweepDifferences,
      ({ sweepDifferences }) => sweepDifferences,
      122,
      words.sweepDifferencesHint,
    ),
    cell: ({ sweepDifferences }) => (
      <Text tone={sweepDifferences > 0 ? 'amber' : undefined}>{count(sweepDifferences)}</Text>
    ),
  },
  {
    id: 'invalidate',
    name: words.invalidate,
    width: 98,
    numeric: true,
    cell: (row) => <Invalidate row={row} />,
  },
];

const keyOf = ({ account, kind }: CacheKindRow): string => `${account}/${kind}`;

/** What is held of every kind, and what that saved. */
export const KindsTable = ({ kinds }: { kinds: readonly CacheKindRow[] }) => (
  <Panel
    title={words.kinds}
    flush
    aside={<ColumnsButton table="cache-kinds" columns={kindColumns} small />}
  >
    <DataTable
      id="cache-kinds"
      name={words.kindsTable}
      columns={kindColumns}
      rows={kinds}
      keyOf={keyOf}
      empty={null}
    />
  </Panel>
);

function Invalidate({ row: { account, kind } }: { row: CacheKindRow }) {
  const { run } = useActions();
  return (
    <Button
      variant="quiet"
      small
      aria-label={`${words.invalidate} ${kind} of ${account}`}
      onClick={() =>
        void run('cache.invalidate', { account, kind }, () => words.forgot(kind, account))
      }
    >
      {words.invalidate}
    </Button>
  );
}

/** Seconds an answer is kept; a change is sent when the field is left or Enter is pressed. */
function KeptFor({ row: { account, kind, ttlMs } }: { row: CacheKindRow }) {
  const { run } = useActions();
  return (
    <CellNumber
      name={words.keptForField(kind, account)}
      value={ttlMs / 1000}
      onCommit={async (seconds) => {
        const answer = await run('settings.update', { ttlSeconds: { [kind]: seconds } }, () =>
          words.keptForSet(kind, seconds),
        );
        return answer.ok;
      }}
    />
  );
}
