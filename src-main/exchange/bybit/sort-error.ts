/** What was being done: the same answer means different things to a cancel and to an amend. */
export type Call = 'read' | 'place' | 'amend' | 'cancel' | 'set';

/** What went wrong with one request. `sent` is false only when it surely never left. */
export type Trouble =
  | { from: 'answer'; code: number; text: string }
  | { from: 'http'; status: number }
  | { from: 'network'; sent: boolean; timedOut: boolean }
  | { from: 'garbage' };

/**
 * What follows: `done` the wanted state is there; `retry` it did not happen and may be repeated;
 * `ask` it may have happened, so look before anything else; `refused` this request is not possible;
 * `stop` nothing of this account will work until the operator acts.
 */
export type Verdict = 'done' | 'retry' | 'ask' | 'refused' | 'stop';

export interface Sorted {
  verdict: Verdict;
  /** The venue's code, an HTTP status, or 0 when there was no answer. */
  code: number;
  /** For the operator: what happened and what to do. */
  sentence: string;
  /**
   * What it comes from, where that matters to what follows: `odd` is not understood, `market` a price or a
   * margin of this moment, `gone` what it was about, `unamendable` the order's own kind.
   */
  cause:
    | 'clock'
    | 'rate'
    | 'ban'
    | 'failing'
    | 'mode'
    | 'odd'
    | 'market'
    | 'gone'
    | 'unamendable'
    | null;
}

type Entry = readonly [verdict: Verdict, sentence: string, cause?: Sorted['cause']];

const NOT_MODIFIED: Entry = ['done', 'It was already set that way.'];
const FUNDS: Entry = [
  'refused',
  'There is not enough free margin for this. Add funds or reduce the size.',
  'market',
];
const PAST_TRIGGER: Entry = [
  'refused',
  'The trigger price is on the wrong side of the current price, or the price has moved past it.',
  'market',
];
const STOPPED_BY_VENUE = 'The exchange has blocked this account or region. Contact its support.';

/** Codes whose meaning does not depend on the call (protocol reference, section 3). */
const ANSWERS: Readonly<Record<number, Entry>> = {
  [-1]: ['retry', 'The exchange rejected the timestamp.', 'clock'],
  10002: ['retry', 'The exchange rejected the timestamp: the clock is off.', 'clock'],
  10000: [
    'ask',
    'The exchange timed out; whether the request took effect is not known yet.',
    'failing',
  ],
  10016: [
    'ask',
    'The exchange had an internal error; whether the request took effect is not known yet.',
    'failing',
  ],
  10019: [
    'ask',
    'The exchange is restarting; whether the request took effect is not known yet.',
    'failing',
  ],
  10014: ['ask', 'The exchange has had this request before; its result is being looked up.'],
  10003: [
    'stop',
    'The API key is not valid here: it was deleted, mistyped, or belongs to another environment (live, testnet, demo). Enter the key again.',
  ],
  10004: [
    'stop',
    'The exchange rejected the signature: the API secret does not belong to this key. Enter both again.',
  ],
  10005: [
    'stop',
    'The API key lacks a permission that this needs. Allow contract orders and positions for it on the exchange’s site.',
  ],
  10006: [
    'retry',
    'Too many requests in one second; waiting for the exchange’s limit to reset.',
    'rate',
  ],
  10007: ['stop', 'The exchange did not accept the API key. Enter it again.'],
  10008: ['stop', STOPPED_BY_VENUE],
  10009: ['stop', STOPPED_BY_VENUE],
  10010: [
    'stop',
    'The API key is bound to IP addresses other than this machine’s. Add this address on the exchange’s site.',
  ],
  10017: ['refused', 'The exchange does not know this call. Please report this.'],
  10018: [
    'retry',
    'Too many requests from this address; all requests are paused for a while.',
    'ban',
  ],
  10024: ['stop', STOPPED_BY_VENUE],
  10027: ['stop', 'The exchange has banned this account from trading. Contact its support.'],
  10028: [
    'stop',
    'This works only on unified trading accounts. Upgrade the account on the exchange’s site.',
  ],
  10029: ['refused', 'The API key may not trade this symbol.'],
  10032: ['refused', 'Demo accounts do not offer this.'],
  33004: ['stop', 'The API key has expired. Create a new one and enter it.'],
  34040: NOT_MODIFIED,
  110003: ['refused', 'The price is outside the range the exchange currently allows.', 'market'],
  110004: FUNDS,
  110006: FUNDS,
  110007: FUNDS,
  110009: [
    'refused',
    'The symbol already has as many conditional orders as the exchange allows. Cancel one first.',
  ],
  110012: FUNDS,
  110013: ['refused', 'The leverage is higher than the position’s size allows.'],
  110017: [
    'refused',
    'There is no position left for this reduce-only order: it is already closed or on the other side.',
    'gone',
  ],
  110020: [
    'refused',
    'The symbol already has as many open orders as the exchange allows. Cancel some first.',
  ],
  110024: ['refused', 'The position mode cannot be changed while a position is open.'],
  110025: NOT_MODIFIED,
  110026: NOT_MODIFIED,
  110027: NOT_MODIFIED,
  110028: ['refused', 'The position mode cannot be changed while orders are open.'],
  110029: ['refused', 'This symbol has no hedge mode.'],
  110043: NOT_MODIFIED,
  110044: FUNDS,
  110045: FUNDS,
  110051: FUNDS,
  110052: FUNDS,
  110053: FUNDS,
  110059: [
    'refused',
    'The take-profit or stop of a partly filled order cannot be changed.',
    'unamendable',
  ],
  110060: ['refused', 'The take-profit or stop of this order cannot be changed.', 'unamendable'],
  110061: [
    'refused',
    'The position already has as many partial take-profits and stops as the exchange allows.',
  ],
  110072: ['done', 'The exchange has already accepted this order.'],
  110079: ['retry', 'The exchange is still processing the order.'],
  110090: ['refused', 'The position would become larger than its leverage allows.'],
  110092: PAST_TRIGGER,
  110093: PAST_TRIGGER,
  110094: ['refused', 'The order’s value is below the exchange’s minimum.'],
  110120: ['refused', 'The price is below the exchange’s current limit.', 'market'],
  110121: ['refused', 'The price is above the exchange’s current limit.', 'market'],
  140025: NOT_MODIFIED,
  140043: NOT_MODIFIED,
};

const GONE = new Set([110001, 110008, 110010]);

/** Sorts one trouble. Pure: the same trouble in the same call always gives the same answer. */
export function sortError(trouble: Trouble, call: Call): Sorted {
  switch (trouble.from) {
    case 'answer':
      return sortAnswer(trouble.code, trouble.text, call);
    case 'http':
      return sortStatus(trouble.status, call);
    case 'network':
      return sortNetwork(trouble, call);
    default:
      return inDoubt(0, 'The exchange’s answer could not be read.', call);
  }
}

function sortAnswer(code: number, text: string, call: Call): Sorted {
  if (GONE.has(code)) return sortGone(code, call);
  if (code === 10001) return sortParameters(text);
  if (code === 429) return inDoubt(code, 'The exchange is overloaded.', call);
  const entry = ANSWERS[code];
  if (entry === undefined) {
    return sorted(code, [
      'refused',
      `The exchange refused this: ${text || 'no reason given'} (${code}).`,
    ]);
  }
  if (entry[0] === 'ask') return inDoubt(code, entry[1], call, entry[2]);
  return sorted(code, entry);
}

/** Already gone is what a cancel wanted (P31); an amend or a read learns that it cannot be. */
const sortGone = (code: number, call: Call): Sorted =>
  sorted(code, [
    call === 'cancel' ? 'done' : 'refused',
    'The order is no longer open: it was filled or cancelled, or never existed.',
    call === 'cancel' ? null : 'gone',
  ]);

/** 10001 is told apart by its text only. */
function sortParameters(text: string): Sorted {
  if (/not modified/i.test(text)) return sorted(10001, NOT_MODIFIED);
  if (/position idx not match position mode/i.test(text)) {
    return sorted(10001, [
      'refused',
      'The symbol’s position mode (one-way or hedge) is not the expected one; it is being read again.',
      'mode',
    ]);
  }
  if (/zero position/i.test(text)) {
    return sorted(10001, ['refused', 'There is no position any more.', 'gone']);
  }
  if (/base_price/i.test(text)) {
    return sorted(10001, ['refused', `The price has passed it: ${text}.`, 'market']);
  }
  if (/exceeds minimum limit/i.test(text)) {
    return sorted(10001, ['refused', 'The quantity is below the exchange’s minimum.']);
  }
  return sorted(10001, ['refused', `The exchange refused a value: ${text || 'no reason given'}.`]);
}

function sortStatus(status: number, call: Call): Sorted {
  if (status === 403) {
    return sorted(status, [
      'retry',
      'The exchange has blocked this address for sending too many requests (HTTP 403). All requests are paused for 10 minutes.',
      'ban',
    ]);
  }
  if (status === 401) {
    return sorted(status, [
      'stop',
      'The exchange did not accept the API key (HTTP 401). Enter it again.',
    ]);
  }
  if (status === 404)
    return sorted(status, [
      'refused',
      'The exchange does not know this address (HTTP 404). Check the account’s URLs.',
    ]);
  if (status === 400)
    return sorted(status, ['refused', 'The exchange could not read the request (HTTP 400).']);
  return inDoubt(status, `The exchange failed (HTTP ${status}).`, call);
}

function sortNetwork(trouble: { sent: boolean; timedOut: boolean }, call: Call): Sorted {
  if (!trouble.sent) {
    return sorted(0, [
      call === 'read' ? 'retry' : 'refused',
      'The exchange could not be reached; nothing was sent. Check the connection.',
      'failing',
    ]);
  }
  return inDoubt(
    0,
    trouble.timedOut
      ? 'The exchange did not answer in time.'
      : 'The connection broke before the answer came.',
    call,
  );
}

/** No answer to a question may be asked again; no answer to a write must be looked up first. */
const inDoubt = (
  code: number,
  sentence: string,
  call: Call,
  cause: Sorted['cause'] = 'failing',
): Sorted => ({ verdict: call === 'read' ? 'retry' : 'ask', code, sentence, cause });

const sorted = (code: number, [verdict, sentence, cause = null]: Entry): Sorted => ({
  verdict,
  code,
  sentence,
  cause,
});
