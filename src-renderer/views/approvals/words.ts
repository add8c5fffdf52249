import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type {
  AnsweredRow,
  ApprovalRow,
  ProposalKind,
  ProposalNote,
} from '../../../src-preload/contract/approvals.ts';
import { accountName, listed } from '../../parts/names.ts';
import { money, plural } from '../../parts/number-text.ts';

/** Every sentence about proposals. */
export const words = {
  reading: 'Reading the accounts…',
  readingMore: 'Proposals appear once the desk has been reached.',

  noStop: (n: number): string =>
    plural(
      n,
      'proposal protects a position that has no stop.',
      'proposals protect positions that have no stop.',
    ),
  more: (n: number): string => `${plural(n, 'more waits', 'more wait')}.`,
  wait: (n: number): string => plural(n, 'proposal waits for you.', 'proposals wait for you.'),
  nothing: 'Nothing waits for you.',
  account: 'Account',
  all: 'All',
  dismissAll: 'Dismiss all…',
  approveSafe: (n: number): string => `Approve the ${n} that add no risk…`,

  queue: 'Proposals',
  order: 'Most urgent first',
  answered: 'Answered since the start',
  foot: 'Approving several stops at the first one that is refused or not confirmed. What opens or adds to a position is never part of it.',

  emptyProposing: (accounts: readonly string[]): string =>
    `${named(accounts)} ${accounts.length === 1 ? 'is' : 'are'} in propose mode: what a position needs appears here before anything is sent.`,
  emptyNobody:
    'No account is in propose mode. In that mode Holdfast puts every step before you, with what will be sent and why, and sends nothing without you.',
  changeMode: (account: string): string => `Change mode of ${accountName(account)}…`,
  noneOfAccount: 'Nothing waits on this account.',

  position: (n: number, of: number): string => `${n} of ${of}`,
  previous: 'Previous proposal',
  next: 'Next proposal',
  openPosition: 'Open position',
  proposed: (time: string, age: string): string => `proposed ${time}, ${age}`,
  why: 'Why',
  ifNothing: 'If you do nothing',
  ifNothingMore: 'The proposal stays until something else is needed, or nothing more.',
  stopsBefore: 'Stops as they are',
  stopsAfter: 'Once it is done',
  liquidation: (price: string): string => `Liquidation ${price}`,
  sent: 'What will be sent',
  calls: (n: number, account: string): string => `${plural(n, 'call')} on ${accountName(account)}`,
  columns: {
    field: 'Field',
    now: 'Now at the exchange',
    value: 'Will be sent',
    meaning: 'What that means',
    fact: 'Fact',
    is: 'Value',
    age: 'Age',
    mustHold: 'Must hold when sent',
  },
  facts: 'Facts it rests on',
  chain: 'Between your yes and the exchange',
  steps: [
    ['Read again', 'position, orders, price'],
    ['Compare', 'the same steps, or none'],
    ['Save the intent', 'on the disk, under its id'],
    ['Send', 'once, what protects first'],
    ['Confirm', 'by the exchange’s own word'],
  ] as const,
  chainMore:
    'If other steps are needed by then, nothing is sent: the proposal comes back changed, or is withdrawn with the reason.',

  approve: 'Approve',
  approveAsk: 'Approve…',
  approveAndSend: 'Approve and send',
  approveAndSendAsk: 'Approve and send…',
  sending: 'Sending…',
  dismiss: 'Dismiss',
  dismissed: 'Dismissed; nothing was sent. It comes back when other steps are needed.',
  approveName: (row: ApprovalRow): string => `Approve: ${row.symbol}, ${row.what}`,

  askApprove: (n: number): string => `Approve ${plural(n, 'proposal')}?`,
  askApproveAction: (n: number): string => (n === 1 ? 'Approve and send' : `Approve and send ${n}`),
  askApproveText:
    'They are looked at again and sent one after the other, in this order. It stops at the first one that is not confirmed.',
  askAdds: 'This opens more, or gives more away if the stop is hit.',
  askDismiss: (n: number): string => `Dismiss ${plural(n, 'proposal')}?`,
  askDismissAction: (n: number): string => `Dismiss ${n}`,
  askDismissText: 'Nothing is sent. Each comes back when other steps are needed.',
  stopped: (done: number, of: number, why: string): string =>
    `${done} of ${of} confirmed, then it stopped. ${why}`,
  allDone: (n: number): string => `${plural(n, 'proposal')} confirmed by the exchange.`,
  allDismissed: (n: number): string => `${plural(n, 'proposal')} dismissed; nothing was sent.`,
  gone: 'They stand no more.',
  allFields: 'Every field',
};

const named = (accounts: readonly string[]): string => listed(accounts.map(accountName));

export const kinds: Record<ProposalKind, string> = {
  'no-stop': 'No stop',
  lowers: 'Lowers risk',
  ladder: 'Take-profits',
  tidies: 'Tidies up',
  adds: 'Adds risk',
};

export const notes: Record<ProposalNote['kind'], string> = {
  changed: 'Changed',
  refused: 'Refused',
  unknown: 'Outcome unknown',
  'not-sent': 'Not sent',
};

export const answers: Record<AnsweredRow['how'], string> = {
  confirmed: 'approved, confirmed',
  dismissed: 'dismissed by you',
  withdrawn: 'withdrawn',
  ended: 'withdrawn',
  replaced: 'came back changed',
};

/** What it is worth, in one line. */
export function worthOf({ kind, ifStopped, ifNothing }: ApprovalRow): string {
  const { before, after } = ifStopped;
  if (after === null) return ifNothing;
  if (kind === 'no-stop') return `if stopped ${money(after, true)}, now not all is covered`;
  if (before === null || before === after) return ifNothing;
  return `if stopped ${money(before, true)} → ${money(after, true)}`;
}

const modeTexts = {
  propose: (names: readonly string[]): string =>
    `${named(names)} ${names.length === 1 ? 'is' : 'are'} in propose: nothing is sent without you.`,
  armed: (names: readonly string[]): string =>
    `${named(names)} ${names.length === 1 ? 'is' : 'are'} armed.`,
};

/** What each account may do, in one line. */
export const modesOf = (accounts: readonly AccountRow[]): string =>
  (['propose', 'armed'] as const)
    .flatMap((mode) => {
      const names = accounts.filter((one) => one.mode === mode).map(({ id }) => id);
      return names.length === 0 ? [] : [modeTexts[mode](names)];
    })
    .join(' ');
