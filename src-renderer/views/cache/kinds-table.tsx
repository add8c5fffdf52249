import { useState } from 'react';
import type { CacheKindRow } from '../../../src-preload/contract/cache.ts';
import { count, DASH, percent } from '../../parts/number-text.ts';
import { span } from '../../parts/time-text.ts';
import { useActions } from '../../state/use-desk.tsx';

const shareOfHits = ({ hits, coalesced, misses }: CacheKindRow): number | null => {
  const all = hits + coalesced + misses;
  return all === 0 ? null : (hits + coalesced) / all;
};

const columns: { name: string; why?: string; value: (row: CacheKindRow) => string }[] = [
  {
    name: 'Age',
    value: (row) => (row.ageMs === null ? DASH : span(row.ageMs)),
    why: 'How old the held answer is now',
  },
  { name: 'Hits', value: (row) => count(row.hits) },
  { name: 'Misses', value: (row) => count(row.misses) },
  {
    name: 'Coalesced',
    why: 'Shared a call that was already under way',
    value: (row) => count(row.coalesced),
  },
  { name: 'Hit rate', value: (row) => percent(shareOfHits(row), 1) },
  {
    name: 'Refused as stale',
    why: 'Too old for what was asked',
    value: (row) => count(row.refusedStale),
  },
  { name: 'Invalidated', value: (row) => count(row.invalidations) },
  { name: 'Calls', value: (row) => count(row.restCalls) },
  { name: 'Calls saved', value: (row) => count(row.callsSaved) },
  {
    name: 'Sweep differences',
    why: 'Found wrong by a full read',
    value: (row) => count(row.sweepDifferences),
  },
];

/** What is held of every kind, and what that saved. */
export function KindsTable({ kinds }: { kinds: readonly CacheKindRow[] }) {
  const { run } = useActions();
  return (
    <div className="card table">
      <table className="plain-table">
        <caption className="unseen">Cache by account and kind</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Account</th>
            <th scope="col" className="num" title="How long an answer may be used, seconds">
              Kept for, s
            </th>
            {columns.map(({ name, why }) => (
              <th key={name} scope="col" className="num" title={why}>
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((row) => (
            <tr key={`${row.account}/${row.kind}`}>
              <th scope="row">{row.kind}</th>
              <td className="mute">{row.account}</td>
              <td className="num">
                <KeptFor row={row} />
              </td>
              {columns.map(({ name, value }) => (
                <td
                  key={name}
                  className={
                    name === 'Sweep differences' && row.sweepDifferences > 0 ? 'num amber' : 'num'
                  }
                >
                  {value(row)}
                </td>
              ))}
              <td className="num">
                <button
                  type="button"
                  className="btn small plain"
                  aria-label={`Invalidate ${row.kind} of ${row.account}`}
                  onClick={() =>
                    void run(
                      'cache.invalidate',
                      { account: row.account, kind: row.kind },
                      () =>
                        `Forgot ${row.kind} of ${row.account}; the next question asks the exchange.`,
                    )
                  }
                >
                  Invalidate
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Seconds an answer is kept; a change is sent when the field is left or Enter is pressed. */
function KeptFor({ row }: { row: CacheKindRow }) {
  const { run } = useActions();
  const [draft, setDraft] = useState<string | null>(null);
  const now = String(row.ttlMs / 1000);
  const send = async (): Promise<void> => {
    const seconds = Number(draft);
    if (draft !== null && draft !== now && seconds > 0) {
      await run(
        'settings.update',
        { ttlSeconds: { [row.kind]: seconds } },
        () => `${row.kind} is now kept for ${seconds} s.`,
      );
    }
    setDraft(null);
  };
  return (
    <input
      className="input seconds"
      inputMode="numeric"
      aria-label={`Seconds ${row.kind} of ${row.account} is kept`}
      value={draft ?? now}
      onChange={(event) => setDraft(event.target.value.replace(/\D/g, ''))}
      onBlur={() => void send()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}
