import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { Figure, Figures, Profit } from '../../parts/figures/figure.tsx';
import { isFilled } from '../../parts/figures/ladder.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Section, SidePanel } from '../../parts/layout/panel.tsx';
import { accountName, sideText, symbolParts } from '../../parts/names.ts';
import { DASH, exact, percent, quantity } from '../../parts/number-text.ts';
import { ago, clockMinute } from '../../parts/time-text.ts';
import { useNow, useRow, useRows } from '../../state/use-desk.tsx';
import { Proposal } from '../approvals/proposal.tsx';
import { coveredShare, distanceTo } from './figures.ts';
import { LevelTable } from './level-table.tsx';
import { ladderAgainstSize } from './levels.ts';
import { Needs } from './needs.tsx';
import css from './position-panel.module.css';
import { Timeline } from './timeline.tsx';
import { words } from './words.ts';

/** One position: where it stands between its levels, what is intended, and what happened. */
export function PositionPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const row = useRow('positions', id);
  const approvals = useRows('approvals');
  const mode = useRow('accounts', row?.account ?? '')?.mode;
  if (!row) return <ClosedPanel id={id} onClose={onClose} />;
  const { account, symbol, positionIdx, side } = row;
  const proposals = [...(approvals?.values() ?? [])].filter(
    (proposal) =>
      proposal.account === account &&
      proposal.symbol === symbol &&
      proposal.positionIdx === positionIdx,
  );
  return (
    <SidePanel
      name={words.panel.name(symbol)}
      title={<Title symbol={symbol} more={`${sideText(side)} · ${accountName(account)}`} />}
      subtitle={standing(row)}
      onClose={onClose}
    >
      {proposals.map((proposal) => (
        <Section key={proposal.id} title={words.panel.proposal}>
          <Proposal proposal={proposal} />
        </Section>
      ))}
      {row.needs && mode && <Needs needs={row.needs} mode={mode} />}
      {row.notUnderstood && <NotUnderstood what={row.notUnderstood} />}
      {row.contractTrouble && (
        <Section title={words.panel.contract}>
          <Text as="p" tone="amber">
            {row.contractTrouble}
          </Text>
        </Section>
      )}
      <Section>
        <Facts row={row} id={id} />
      </Section>
      <Section title={words.panel.levels}>
        <LevelTable row={row} />
      </Section>
      <Section title={words.panel.history}>
        <Timeline account={account} symbol={symbol} positionIdx={positionIdx} />
      </Section>
    </SidePanel>
  );
}

/** What is left to show of a position that closed while it was looked at: how it came to that. */
function ClosedPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const [account = '', symbol = '', positionIdx] = id.split('/');
  return (
    <SidePanel
      name={words.panel.name(symbol)}
      title={<Title symbol={symbol} more={accountName(account)} />}
      subtitle={words.panel.closed}
      onClose={onClose}
    >
      <Section title={words.panel.history}>
        <Timeline account={account} symbol={symbol} positionIdx={Number(positionIdx)} />
      </Section>
    </SidePanel>
  );
}

const Title = ({ symbol, more }: { symbol: string; more: string }) => (
  <>
    {symbolParts(symbol)[0]}{' '}
    <Text tone="mute" size="caption">
      {more}
    </Text>
  </>
);

/** What the exchange wrote that is not understood, as it stands there. */
function NotUnderstood({ what }: { what: NonNullable<PositionRow['notUnderstood']> }) {
  return (
    <Section title={words.panel.notUnderstood}>
      <div className={css.odd}>
        <Text as="p" tone="amber">
          {what.sentence}
        </Text>
        <Figures across="three">
          {what.oddities.map(({ kind, field, raw }) => (
            <Figure key={`${kind} ${field} ${raw}`} name={words.panel.oddField(kind, field)}>
              <code>{raw}</code>
            </Figure>
          ))}
        </Figures>
        <Text as="p" tone="mute">
          {words.panel.since(clockMinute(what.since))}
        </Text>
      </div>
    </Section>
  );
}

function standing(row: PositionRow): string {
  if (row.notUnderstood) return words.panel.notUnderstoodStanding;
  const hit = row.takeProfits.filter(isFilled).length;
  const { noStop, stopAtBreakeven, stopInPlace, filled, noTakeProfits } = words.panel;
  const stop = !row.stop ? noStop : row.breakevenMoved ? stopAtBreakeven : stopInPlace;
  const ladder = row.takeProfits.length > 0 ? filled(hit, row.takeProfits.length) : noTakeProfits;
  return [words.phases[row.phase], ladder, stop].join(' · ');
}

function Facts({ row, id }: { row: PositionRow; id: string }) {
  const monitor = useRow('monitors', id);
  const now = useNow();
  const { state } = row.protection;
  const ladder = ladderAgainstSize(row);
  return (
    <Figures across="three">
      <Figure name={words.panel.size}>
        {quantity(row.size)} / {monitor ? quantity(monitor.targetSize) : DASH}
      </Figure>
      <Figure name={words.panel.unrealised}>
        <Profit value={row.unrealisedPnl} />
      </Figure>
      <Figure name={words.panel.ifStopped} hint={words.panel.ifStoppedHint}>
        <Profit value={row.profitIfStopped} />
      </Figure>
      <Figure name={words.panel.takeProfitsLeft}>
        {ladder.text === 'none' ? (
          'none'
        ) : (
          <Text tone={ladder.text === '= size' ? undefined : 'amber'}>
            {quantity(ladder.left)} {ladder.text}
          </Text>
        )}
      </Figure>
      <Figure name={words.panel.stopCovers}>
        <Text tone={state === 'none' ? 'red' : state === 'full' ? undefined : 'amber'}>
          {state === 'none'
            ? words.panel.nothing
            : state === 'unknown'
              ? row.notUnderstood
                ? words.panel.notKnown
                : words.notChecked
              : percent(coveredShare(row), 0)}
        </Text>
      </Figure>
      <Figure name={words.panel.liquidation}>
        {exact(row.liquidationPrice, row.priceDecimals)}
        {row.liquidationPrice !== null && (
          <Text tone="mute"> · {percent(distanceTo(row, row.liquidationPrice), 0)}</Text>
        )}
      </Figure>
      <Figure name={words.panel.leverage}>
        {row.leverage === null ? DASH : `${quantity(row.leverage)}×`}
      </Figure>
      <Figure name={words.panel.urgency}>{row.urgency}</Figure>
      <Figure name={words.panel.lastSeen}>
        {ago(row.asOf, now)}, {row.source}
      </Figure>
    </Figures>
  );
}
