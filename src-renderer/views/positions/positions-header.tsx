import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import { Button } from '../../parts/controls/button.tsx';
import { SearchField } from '../../parts/controls/field.tsx';
import { Segmented, Toggle } from '../../parts/controls/segmented.tsx';
import { ColumnsButton } from '../../parts/data-table/column-menu.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { ViewHeader } from '../../parts/layout/view.tsx';
import { accountName } from '../../parts/names.ts';
import { shownVerdict } from '../../parts/verdict-text.ts';
import { useActions, useConnection, useNow, useRows, useValue } from '../../state/use-desk.tsx';
import { positionColumns } from './columns.tsx';
import { words } from './words.ts';

/** Which positions are shown. */
export interface Filter {
  /** `null`: of every account. */
  account: string | null;
  text: string;
  /** Only those someone should look at. */
  attention: boolean;
}

/** The verdict, and what chooses among the positions. */
export function PositionsHeader({
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
  const { show } = useActions();
  const approvals = useRows('approvals')?.size ?? 0;
  const { severity, alarm, sentence } = shownVerdict(
    useConnection(),
    useValue('verdict'),
    useNow(),
  );
  return (
    <ViewHeader
      title={
        <>
          {alarm && <Text tone={severity === 'critical' ? 'red' : 'amber'}>{alarm}</Text>}
          {sentence.slice(alarm.length)}
        </>
      }
      more={
        approvals > 0 && (
          <Button variant="link" onClick={() => show('approvals')}>
            {words.proposalsWaiting(approvals)}
          </Button>
        )
      }
    >
      <SearchField
        name={words.filterName}
        placeholder={words.filterPlaceholder}
        data-filter=""
        value={filter.text}
        onChange={(text) => onFilter({ ...filter, text })}
      />
      <Segmented
        name={words.accountFilter}
        value={filter.account}
        options={[
          { value: null, label: words.allAccounts },
          ...(accounts ?? []).map(({ id }) => ({ value: id, label: accountName(id) })),
        ]}
        onChange={(account) => onFilter({ ...filter, account })}
      />
      <Toggle on={filter.attention} onChange={(on) => onFilter({ ...filter, attention: on })}>
        {words.needsAttention}{' '}
        <Text as="b" tone={attention > 0 ? 'amber' : undefined}>
          {attention}
        </Text>
      </Toggle>
      <ColumnsButton table="positions" columns={positionColumns} />
    </ViewHeader>
  );
}
