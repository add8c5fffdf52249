import {
  type AnsweredRow,
  type ApprovalAnswer,
  mostUrgentFirst,
  type ProposalNote,
} from '../../../src-preload/contract/approvals.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { Failure } from '../../domain/failure.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { TimelineRecord } from '../../persistence/records.ts';
import type { Difference } from '../goals/difference.ts';
import type { Facts } from '../goals/facts.ts';
import { unknownIn, whatChanged, whyGone } from './changed.ts';
import { type Proposal, proposalOf } from './proposal.ts';
import { each, told } from './sentences.ts';
import { type Leg, type ProposalRow, rowOf, type Standing } from './standing.ts';

export type { Leg };

/** What came of planning a leg again and sending what was approved. */
export type Carried =
  | { state: 'confirmed' | 'nothing' }
  | { state: 'refused' | 'unknown' /** A sentence. */; why: string };

/** What the operator dismissed, by leg: the proposal's id. Saved, so that a restart asks no more than before. */
export type Dismissed = Readonly<Record<string, string>>;

export interface ProposalsOptions {
  clock: Clock;
  /**
   * Has the leg planned at once on fresh facts, which ends in `offer` or `lapse`, and resolves when what
   * was to be sent has been. `nothing`: nothing was sent.
   */
  plan: (leg: Leg) => Promise<Carried>;
  dismissed: Dismissed;
  saveDismissed: (dismissed: Dismissed) => void;
  /** A line of the position's story. */
  tell: (line: TimelineRecord) => void;
  onChange: () => void;
}

/**
 * What accounts that propose would do, for the operator to approve: one proposal a leg, the difference as
 * it is now. Nothing of it is kept over a restart: what is still needed is worked out and offered anew.
 */
export interface Proposals {
  /**
   * What a leg needs, worked out on one fresh set of facts: stands as its proposal, takes the place of
   * another one, or withdraws it when nothing is to be sent. `send` only where exactly these steps were
   * approved, and the facts are not older than that.
   */
  offer(difference: Difference, facts: Facts): 'send' | 'wait';
  /** Nothing is asked for the leg any more: it is over, or its account does not propose. */
  lapse(leg: Leg, why: string): void;
  /** The same for a whole account. */
  lapseAll(account: AccountId, why: string): void;
  /** What stands and is not dismissed, the most urgent first. */
  rows(): ProposalRow[];
  /** The last 100 that stand no more, newest first. */
  answered(): readonly AnsweredRow[];
  /**
   * Plans again on fresh facts and sends if the steps are the same. Throws REFUSED for one that was answered
   * or ended with its position or mode, NOT_FOUND for one that never was.
   */
  approve(id: string): Promise<ApprovalAnswer>;
  /** It stays away until other steps are needed. Throws as `approve` does, and BUSY while it is sent. */
  dismiss(id: string): void;
}

const ANSWERED_KEPT = 100;
const NOT_KNOWN = 'What the exchange has now is not known.';

export function createProposals(options: ProposalsOptions): Proposals {
  const { clock } = options;
  const standing = new Map<PositionKey, Standing>();
  let dismissed: Dismissed = options.dismissed;
  let answered: AnsweredRow[] = [];
  let count = 0;

  function offer(difference: Difference, facts: Facts): 'send' | 'wait' {
    const key = positionKey(facts);
    const before = standing.get(key);
    const unknown = unknownIn(difference, before?.proposal, dismissed[key] !== undefined);
    if (before) before.unknown = unknown;
    if (unknown !== null) return 'wait';
    if (difference.steps.length === 0) {
      undismiss(key);
      if (before) withdraw(before, whyGone(before.proposal, difference, facts));
      return 'wait';
    }
    const proposal = proposalOf(difference.steps, facts);
    if (dismissed[key] !== proposal.id) undismiss(key);
    if (before?.proposal.id === proposal.id) {
      before.proposal = proposal;
      before.row = null;
      options.onChange();
      return isApproved(before, facts) ? 'send' : 'wait';
    }
    stand(key, proposal, before ? replace(before, proposal) : null);
    return 'wait';
  }

  /** Approved as it stands, and these facts were taken since. */
  function isApproved({ approval }: Standing, facts: Facts): boolean {
    if (approval === null || approval.used || facts.at < approval.at) return false;
    approval.used = true;
    return true;
  }

  function stand(key: PositionKey, proposal: Proposal, note: ProposalNote | null): void {
    const { account, symbol, positionIdx } = proposal.facts;
    const leg: Leg = { account, symbol, positionIdx };
    const rest = { note, approval: null, unknown: null, row: null };
    const one: Standing = { key, leg, proposal, proposedAt: clock.now(), ...rest };
    standing.set(key, one);
    if (isShown(one)) tell(one, 'would-do', told('Proposed', proposal.what, ''));
    options.onChange();
  }

  /** Ends it for another one; what to say with that one when this was approved and is not sent now. */
  function replace(before: Standing, by: Proposal): ProposalNote | null {
    standing.delete(before.key);
    if (before.approval?.used) return null;
    const why = whatChanged(before.proposal, by);
    if (isShown(before)) remember(before, 'replaced', why);
    if (before.approval === null) return null;
    tell(before, 'decided', told('Not sent', before.proposal.what, why));
    return { kind: 'changed', at: clock.now(), sentence: `Nothing was sent. ${why}` };
  }

  function withdraw(one: Standing, why: string, how: 'withdrawn' | 'ended' = 'withdrawn'): void {
    standing.delete(one.key);
    options.onChange();
    // What was sent has an answer of its own, and of what was dismissed nobody waits to hear.
    if (one.approval?.used || !isShown(one)) return;
    tell(one, 'seen', told('Withdrawn', one.proposal.what, why));
    remember(one, how, why);
  }

  function remember({ leg, proposal }: Standing, how: AnsweredRow['how'], text: string): void {
    count += 1;
    const { id, what } = proposal;
    const row = { id: `${id}/${count}`, proposal: id, at: clock.now(), ...leg, what, how, text };
    answered = [row, ...answered].slice(0, ANSWERED_KEPT);
  }

  function tell(
    { key, leg, proposal }: Standing,
    stage: TimelineRecord['stage'],
    text: string,
  ): void {
    const at = clock.now();
    const id = [key, 'proposal', proposal.id, stage, at].join('/');
    options.tell({ id, ...leg, at, stage, text, detail: proposal.why });
  }

  function undismiss(key: PositionKey): void {
    if (dismissed[key] === undefined) return;
    const { [key]: _, ...rest } = dismissed;
    dismissed = rest;
    options.saveDismissed(dismissed);
  }

  const isShown = ({ key, proposal }: Standing): boolean => dismissed[key] !== proposal.id;

  const shown = (id: string): Standing | undefined =>
    [...standing.values()].find((one) => one.proposal.id === id && isShown(one));

  /** What there is to say of one that does not stand; throws where nothing of it may be sent. */
  function past(id: string): ApprovalAnswer {
    const row = answered.find(({ proposal }) => proposal === id);
    if (!row) throw new Failure('NOT_FOUND', `There is no proposal "${id}".`);
    const now = standing.get(positionKey(row));
    if (row.how === 'replaced' && now && isShown(now)) {
      const text = `Nothing was sent. ${row.text}`;
      if (now.note === null) note(now, 'changed', text);
      return { id: now.proposal.id, outcome: 'changed', text };
    }
    if (row.how === 'withdrawn' || row.how === 'replaced')
      return { id, outcome: 'lapsed', text: notNeeded(row.text) };
    const text = `This proposal stands no more, and nothing was sent now. ${row.text}`;
    throw new Failure('REFUSED', text);
  }

  async function carryOut(one: Standing): Promise<ApprovalAnswer> {
    tell(one, 'decided', told('Approved', one.proposal.what, ''));
    try {
      return answerTo(one, await options.plan(one.leg));
    } finally {
      // An approval that was not used is over: it must not send something minutes later.
      one.approval = null;
      one.row = null;
      options.onChange();
    }
  }

  function answerTo(one: Standing, carried: Carried): ApprovalAnswer {
    const { id, what } = one.proposal;
    const now = standing.get(one.key);
    switch (carried.state) {
      case 'refused':
      case 'unknown':
        if (now) note(now, carried.state, carried.why);
        return { id, outcome: carried.state, text: carried.why };
      case 'nothing':
        // A look that was under way may have used the approval: then none of its steps is needed any more.
        if (!one.approval?.used || now === one) return notSent(one, now);
        break;
      default:
    }
    if (now === one) standing.delete(one.key);
    remember(one, 'confirmed', 'Approved, and confirmed by the exchange.');
    return { id, outcome: 'confirmed', text: told('Confirmed by the exchange', what, '') };
  }

  /** Nothing went out: it is not needed any more, something else is, or it could not be looked at. */
  function notSent(one: Standing, now: Standing | undefined): ApprovalAnswer {
    const { id } = one.proposal;
    if (now === undefined) {
      const why = answered.find(({ proposal }) => proposal === id)?.text ?? '';
      return { id, outcome: 'lapsed', text: notNeeded(why) };
    }
    if (now !== one && now.note)
      return { id: now.proposal.id, outcome: 'changed', text: now.note.sentence };
    const text = `Nothing was sent, and the proposal stands. ${now.unknown ?? NOT_KNOWN}`;
    note(now, 'not-sent', text);
    return { id, outcome: 'not-sent', text };
  }

  function note(one: Standing, kind: ProposalNote['kind'], sentence: string): void {
    one.note = { at: clock.now(), kind, sentence };
    one.row = null;
    options.onChange();
  }

  function lapse(leg: Leg, why: string): void {
    const one = standing.get(positionKey(leg));
    if (one) withdraw(one, why, 'ended');
  }

  return {
    offer,
    lapse,
    lapseAll(account, why) {
      for (const { leg } of standing.values()) if (leg.account === account) lapse(leg, why);
    },
    rows: () =>
      [...standing.values()]
        .filter(isShown)
        .map((one) => (one.row ??= rowOf(one)))
        .sort(mostUrgentFirst),
    answered: () => answered,
    async approve(id) {
      const one = shown(id);
      if (!one) return past(id);
      if (one.approval) return one.approval.answer;
      const { promise, resolve, reject } = Promise.withResolvers<ApprovalAnswer>();
      one.approval = { at: clock.now(), used: false, answer: promise };
      one.note = null;
      one.row = null;
      options.onChange();
      carryOut(one).then(resolve, reject);
      return promise;
    },
    dismiss(id) {
      const one = shown(id);
      if (!one) return void past(id);
      if (one.approval)
        throw new Failure('BUSY', 'It was approved and is on its way: wait for its outcome.');
      dismissed = { ...dismissed, [one.key]: id };
      options.saveDismissed(dismissed);
      const text = told('Dismissed', one.proposal.what, 'Nothing was sent.');
      tell(one, 'decided', text);
      remember(one, 'dismissed', 'Nothing was sent. It comes back when other steps are needed.');
      options.onChange();
      return undefined;
    },
  };
}

const notNeeded = (why: string): string =>
  each(['Nothing was sent: it is not needed any more.', why]);
