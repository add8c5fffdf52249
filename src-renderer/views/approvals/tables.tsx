import type { ProposedFact, ProposedStep } from '../../../src-preload/contract/approvals.ts';
import { PlainTable } from '../../parts/data-table/plain-table.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { age } from '../../parts/time-text.ts';
import { useNow } from '../../state/use-desk.tsx';
import css from './tables.module.css';
import { words } from './words.ts';

const { columns } = words;

/** Every call as it would go out, field by field. */
export const Calls = ({ steps }: { steps: readonly ProposedStep[] }) => (
  <ol className={css.calls}>
    {steps.map(({ text, call, fields }, n) => (
      <li key={JSON.stringify(fields)}>
        <p>
          {steps.length > 1 && `${n + 1}. `}
          {text}{' '}
          <Text tone="mute" mono>
            {call}
          </Text>
        </p>
        <PlainTable
          name={text}
          columns={[
            { name: columns.field, width: '124px' },
            { name: columns.now, width: '136px' },
            { name: columns.value, width: '136px' },
            { name: columns.meaning, gives: true },
          ]}
          rows={fields.map(({ field, now, value, meaning, matters }) => ({
            key: field,
            matters,
            cells: [
              <Text key="field" mono>
                {field}
              </Text>,
              <Text key="now" mono tone={now === 'none' ? 'red' : 'mute'}>
                {now}
              </Text>,
              <Text key="value" mono strong>
                {value}
              </Text>,
              <Text key="meaning" tone="mute">
                {meaning}
              </Text>,
            ],
          }))}
        />
      </li>
    ))}
  </ol>
);

/** What it rests on, how old that is, and what must still be true of it. */
export function FactsTable({ facts }: { facts: readonly ProposedFact[] }) {
  const now = useNow();
  return (
    <PlainTable
      name={words.facts}
      columns={[
        { name: columns.fact, width: '124px' },
        { name: columns.is, gives: true },
        { name: columns.age, width: '60px', numeric: true },
        { name: columns.mustHold, width: '230px' },
      ]}
      rows={facts.map(({ fact, value, asOf, mustHold, alarming }, n) => ({
        key: `${fact} ${n}`,
        cells: [
          <Text key="fact" tone="mute">
            {fact}
          </Text>,
          <Text key="value" tone={alarming ? 'red' : undefined}>
            {value}
          </Text>,
          <Text key="age" tone="faint">
            {age(asOf, now)}
          </Text>,
          <Text key="holds" tone="mute">
            {mustHold}
          </Text>,
        ],
      }))}
    />
  );
}
