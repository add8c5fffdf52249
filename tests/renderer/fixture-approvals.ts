import type {
  AnsweredRow,
  ApprovalAnswer,
  ApprovalRow,
  ProposalKind,
  ProposedField,
  ProposedStep,
} from '../../src-preload/contract/approvals.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';

const MINUTE = 60_000;

/** What the mirror of a fixture desk proposes: one of each kind, the most urgent first. */
export function fixtureApprovals(positions: readonly PositionRow[], now: number): ApprovalRow[] {
  const open = positions.filter((row) => row.account === 'mirror' && row.side !== null);
  const written = [noStop, toBreakeven, laddered, adding];
  return written.flatMap((write, n) => {
    const row = open[n + 1];
    return row ? [write(row, `a${n + 1}`, now)] : [];
  });
}

/** What became of earlier ones. */
export function fixtureAnswered(now: number): AnsweredRow[] {
  const told: [string, string, AnsweredRow['how'], string, number][] = [
    [
      'SOLUSDT',
      'Change take-profit 1 from 6.2 to 6.6.',
      'confirmed',
      'Approved, and confirmed by the exchange.',
      94,
    ],
    ['AVAXUSDT', 'Move the stop from 23.9 to 24.55.', 'withdrawn', 'The position is closed.', 204],
    [
      'ARBUSDT',
      'Close 3150 of the long at market.',
      'dismissed',
      'Nothing was sent. It comes back when other steps are needed.',
      269,
    ],
  ];
  return told.map(([symbol, what, how, text, minutes], n) => ({
    id: `answered-${n}`,
    proposal: `past-${n}`,
    at: now - minutes * MINUTE,
    account: 'mirror',
    symbol,
    positionIdx: 0,
    what,
    how,
    text,
  }));
}

/** What a desk answers to an approval: a ladder has changed by then, the rest is done. */
export function answerTo(
  proposal: ApprovalRow,
  now: number,
): { answer: ApprovalAnswer; row: AnsweredRow; instead: ApprovalRow[] } {
  const { id, account, symbol, positionIdx, what, kind } = proposal;
  const isChanged = kind === 'ladder';
  const text = isChanged
    ? 'The size is 2090, it was 2080. Other steps are needed than were proposed.'
    : 'Approved, and confirmed by the exchange.';
  const row: AnsweredRow = {
    id: `${id}/${now}`,
    proposal: id,
    at: now,
    account,
    symbol,
    positionIdx,
    what,
    how: isChanged ? 'replaced' : 'confirmed',
    text,
  };
  if (!isChanged) {
    const done = `Confirmed by the exchange: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
    return { answer: { id, outcome: 'confirmed', text: done }, row, instead: [] };
  }
  const sentence = `Nothing was sent. ${text}`;
  const anew: ApprovalRow = {
    ...proposal,
    id: `${id}-anew`,
    what: 'Change take-profit 1 from 1250 to 1776, and 3 more steps.',
    kind: 'lowers',
    proposedAt: now,
    note: { at: now, kind: 'changed', sentence },
  };
  return { answer: { id: anew.id, outcome: 'changed', text: sentence }, row, instead: [anew] };
}

const field = (
  name: string,
  value: string,
  meaning = '',
  at: string | null = null,
): ProposedField => ({ field: name, now: at, value, meaning, matters: at !== null });

const placeOf = ({ symbol, positionIdx }: PositionRow): ProposedField[] => [
  field('category', 'linear', 'USDT perpetuals'),
  field('symbol', symbol),
  field('positionIdx', String(positionIdx), 'one-way mode'),
];

const stopCall = (row: PositionRow, to: string, from: string): ProposedStep => ({
  text: from === 'none' ? `Set a stop at ${to}.` : `Move the stop from ${from} to ${to}.`,
  call: 'position/trading-stop',
  fields: [
    ...placeOf(row),
    field('tpslMode', 'Full', 'the whole position, whatever its size becomes'),
    field('stopLoss', to, '', from),
    field('slTriggerBy', 'LastPrice', 'set off by the last price'),
  ],
});

function rowOf(
  row: PositionRow,
  of: { id: string; kind: ProposalKind; what: string; why: string; steps: ProposedStep[] } & Pick<
    ApprovalRow,
    'ifNothing' | 'ifStopped'
  >,
  now: number,
  age: number,
): ApprovalRow {
  const { account, symbol, positionIdx, side, size, entryPrice, markPrice } = row;
  const order = (of.steps[0]?.fields ?? []).map(({ field: name, value }) => [name, value]);
  return {
    ...of,
    account,
    symbol,
    positionIdx,
    side,
    order: Object.fromEntries(order),
    facts: [
      {
        fact: 'Position',
        value: `${side} ${size} at ${entryPrice}`,
        asOf: now,
        mustHold: `still ${side}, any size`,
        alarming: false,
      },
      {
        fact: 'Its stop',
        value: of.kind === 'no-stop' ? 'none' : (row.stop?.price ?? 'none'),
        asOf: now,
        mustHold: 'not yet where it is to be',
        alarming: of.kind === 'no-stop',
      },
      {
        fact: 'Price',
        value: markPrice ?? '',
        asOf: now - 400,
        mustHold: `${side === 'long' ? 'above' : 'below'} the stop`,
        alarming: false,
      },
      {
        fact: 'Tick and step',
        value: '0.001 and 0.1, at least 0.1',
        asOf: now,
        mustHold: 'unchanged',
        alarming: false,
      },
    ],
    factsAt: now,
    proposedAt: now - age,
    liquidation: { price: row.liquidationPrice ?? '0', result: '-85.67' },
    sending: false,
    note: null,
  };
}

const noStop = (row: PositionRow, id: string, now: number): ApprovalRow =>
  rowOf(
    row,
    {
      id,
      kind: 'no-stop',
      what: `Set a stop at ${row.stop?.price}.`,
      why: 'The position has no stop, and this is where it was planned.',
      steps: [stopCall(row, row.stop?.price ?? '', 'none')],
      ifNothing: `${row.symbol} stays without a stop.`,
      ifStopped: { before: null, after: '-30.29' },
    },
    now,
    2.7 * MINUTE,
  );

const toBreakeven = (row: PositionRow, id: string, now: number): ApprovalRow =>
  rowOf(
    row,
    {
      id,
      kind: 'lowers',
      what: `Move the stop from ${row.stop?.price} to ${row.entryPrice}, and cancel the entry for 22 at ${row.entryPrice}.`,
      why: 'The first take-profit was hit.',
      steps: [
        stopCall(row, row.entryPrice ?? '', row.stop?.price ?? ''),
        {
          text: `Cancel the entry for 22 at ${row.entryPrice}.`,
          call: 'order/cancel',
          fields: [...placeOf(row).slice(0, 2), field('orderId', '9aac161b-8ed6-450d', '', '')],
        },
      ],
      ifNothing: `The stop stays at ${row.stop?.price}. The entry for 22 at ${row.entryPrice} stays open and may fill.`,
      ifStopped: { before: '-3.62', after: '0.21' },
    },
    now,
    19 * MINUTE,
  );

const laddered = (row: PositionRow, id: string, now: number): ApprovalRow =>
  rowOf(
    row,
    {
      id,
      kind: 'ladder',
      what: 'Change take-profit 1 from 1250 to 1768, and 3 more steps.',
      why: "The playbook's shares are 85 / 5 / 5 / 5.",
      steps: [1768, 104, 104, 104].map((quantity, n) => ({
        text: `Change take-profit ${n + 1} from ${Math.round(quantity / 1.41)} to ${quantity}.`,
        call: 'order/amend',
        fields: [
          ...placeOf(row).slice(0, 2),
          field('orderId', `c1f0${n}3aa-77d4-4d12`),
          field(
            'qty',
            String(quantity),
            'in all, what is filled included',
            String(Math.round(quantity / 1.41)),
          ),
        ],
      })),
      ifNothing: 'The take-profits stay as they are, for 1470 of 2080.',
      ifStopped: { before: '-22.10', after: '-22.10' },
    },
    now,
    11 * MINUTE,
  );

const adding = (row: PositionRow, id: string, now: number): ApprovalRow =>
  rowOf(
    row,
    {
      id,
      kind: 'adds',
      what: `Add 860 to the ${row.side} at market.`,
      why: 'The mirror holds less than its part of the main account.',
      steps: [
        {
          text: `Add 860 to the ${row.side} at market.`,
          call: 'order/create',
          fields: [
            ...placeOf(row),
            field('side', row.side === 'long' ? 'Buy' : 'Sell'),
            field('orderType', 'Market', 'at the best prices there are'),
            field('qty', '860', '', ''),
          ],
        },
      ],
      ifNothing: 'Nothing is added to the position.',
      ifStopped: { before: '-16.70', after: '-23.67' },
    },
    now,
    9 * MINUTE,
  );
