import { useMemo } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { Figure, Profit } from '../../parts/figure.tsx';
import { isFilled } from '../../parts/ladder.tsx';
import { accountName, sideText, symbolParts } from '../../parts/names.ts';
import { DASH, exact, percent, quantity } from '../../parts/number-text.ts';
import { ago } from '../../parts/time-text.ts';
import { Proposal } from '../proposals/proposal.tsx';
import { Average } from './columns.tsx';
import { coveredShare, distanceTo } from './figures.ts';
import { ladderAgainstSize, levelsOf } from './levels.ts';
import { Timeline } from './timeline.tsx';
import './position-panel.css';
import { useNow, useRow, useRows } from '../../state/use-desk.tsx';

/** One position: where it stands between its levels, what is intended, and what happened. */
export function PositionPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const row = useRow('positions', id);
  const approvals = useRows('approvals');
  if (!row) return <ClosedPanel id={id} onClose={onClose} />;
  const [base] = symbolParts(row.symbol);
  const proposals = [...(approvals?.values() ?? [])].filter(
    ({ account, symbol }) => account === row.account && symbol === row.symbol,
  );
  return (
    <aside className="side" aria-label={`Position ${row.symbol}`}>
      <header>
        <h2>
          {base}{' '}
          <span className="side-word">
            {sideText[row.side]} · {accountName(row.account)}
          </span>
        </h2>
        <p className="mute">{standing(row)}</p>
        <CloseButton onClose={onClose} />
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-label="Details">
        {proposals.map((proposal) => (
          <section className="sec" key={proposal.id}>
            <h3>Proposal</h3>
            <Proposal proposal={proposal} />
          </section>
        ))}
        <section className="sec">
          <Facts row={row} id={id} />
        </section>
        <section className="sec">
          <h3>Levels</h3>
          <Levels row={row} />
        </section>
        <section className="sec">
          <h3>What happened</h3>
          <Timeline account={row.account} symbol={row.symbol} positionIdx={row.positionIdx} />
        </section>
      </div>
    </aside>
  );
}

/** What is left to show of a position that closed while it was looked at: how it came to that. */
function ClosedPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const [account = '', symbol = '', positionIdx] = id.split('/');
  const [base] = symbolParts(symbol);
  return (
    <aside className="side" aria-label={`Position ${symbol}`}>
      <header>
        <h2>
          {base} <span className="side-word">{accountName(account)}</span>
        </h2>
        <p className="mute">This position is no longer open.</p>
        <CloseButton onClose={onClose} />
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-label="Details">
        <section className="sec">
          <h3>What happened</h3>
          <Timeline account={account} symbol={symbol} positionIdx={Number(positionIdx)} />
        </section>
      </div>
    </aside>
  );
}

const CloseButton = ({ onClose }: { onClose: () => void }) => (
  <button
    type="button"
    className="btn small plain close"
    onClick={onClose}
    aria-keyshortcuts="Escape"
  >
    Close
  </button>
);

const phaseWords: Record<PositionRow['phase'], string> = {
  adopted: 'Adopted as it was found',
  building: 'Building',
  protected: 'Protected',
  'taking-profit': 'Taking profit',
  closed: 'Closed',
};

function standing(row: PositionRow): string {
  const hit = row.takeProfits.filter(isFilled).length;
  const stop = !row.stop ? 'no stop' : row.breakevenMoved ? 'stop at breakeven' : 'stop in place';
  const ladder =
    row.takeProfits.length > 0 ? `${hit} of ${row.takeProfits.length} filled` : 'no take-profits';
  return [phaseWords[row.phase], ladder, stop].join(' · ');
}

function Facts({ row, id }: { row: PositionRow; id: string }) {
  const monitor = useRow('monitors', id);
  const now = useNow();
  const { state } = row.protection;
  const ladder = ladderAgainstSize(row);
  return (
    <div className="facts">
      <Figure name="Size / intended">
        {quantity(row.size)} / {monitor ? quantity(monitor.targetSize) : DASH}
      </Figure>
      <Figure name="Unrealised">
        <Profit value={row.unrealisedPnl} />
      </Figure>
      <Figure name="If stopped" title="P&L if the stop is hit at its price, fees aside">
        <Profit value={row.profitIfStopped} />
      </Figure>
      <Figure name="Take-profits left">
        {ladder.text === 'none' ? (
          'none'
        ) : (
          <span className={ladder.text === '= size' ? '' : 'amber'}>
            {quantity(ladder.left)} {ladder.text}
          </span>
        )}
      </Figure>
      <Figure name="Stop covers">
        <span className={state === 'none' ? 'bad' : state === 'full' ? '' : 'amber'}>
          {state === 'none'
            ? 'nothing'
            : state === 'unknown'
              ? 'not checked'
              : percent(coveredShare(row), 0)}
        </span>
      </Figure>
      <Figure name="Liquidation">
        {exact(row.liquidationPrice, row.priceDecimals)}
        {row.liquidationPrice !== null && (
          <span className="mute"> · {percent(distanceTo(row, row.liquidationPrice), 0)}</span>
        )}
      </Figure>
      <Figure name="Leverage">{row.leverage === null ? DASH : `${quantity(row.leverage)}×`}</Figure>
      <Figure name="Watched">{row.urgency}</Figure>
      <Figure name="Last seen">
        {ago(row.asOf, now)}, {row.source}
      </Figure>
    </div>
  );
}

function Levels({ row }: { row: PositionRow }) {
  const orders = useRows('orders');
  const orderList = useMemo(() => [...(orders?.values() ?? [])], [orders]);
  return (
    <table className="levels" aria-label="Levels, highest price first">
      <thead>
        <tr>
          <th scope="col">Level</th>
          <th scope="col" className="num">
            Price
          </th>
          <th scope="col" className="num">
            Quantity
          </th>
          <th scope="col" className="num">
            Filled
          </th>
          <th scope="col" className="num">
            Away
          </th>
        </tr>
      </thead>
      <tbody>
        {levelsOf(row, orderList).map((level) => (
          <tr key={level.name} className={level.done ? `${level.kind} done` : level.kind}>
            <th scope="row">
              {level.name}
              {level.done && ' ✓ filled'}
            </th>
            <td className="num">
              <Average price={level.price} decimals={row.priceDecimals} />
            </td>
            <td className="num">{level.quantity === null ? '' : quantity(level.quantity)}</td>
            <td className="num mute">{level.filled === null ? '' : quantity(level.filled)}</td>
            <td className="num mute">
              {level.kind === 'mark' ? 'now' : level.done ? '' : percent(level.distance, 2)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
