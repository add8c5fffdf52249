import { sameContent } from '../../domain/same-content.ts';
import type { Moment } from '../account-book.ts';
import { LIST_LAG, UNDER_WAY } from './lag.ts';
import {
  amongEquals,
  isGone,
  isPush,
  type Known,
  mayLag,
  type Newer,
  type Telling,
} from './newer.ts';
import { remembered } from './remembered.ts';

/** Ended things remembered: what a busy day ends, far more than a reconnect's overlap can bring again. */
const REMEMBERED = 1_000;
/** Far more than can be asked about at once. */
const DOUBTED_AT_ONCE = 1_000;

/** The things of one kind of an account, by id: what is known of each, and what is doubted. */
export interface Table<Row> {
  /** What is there: open positions, open orders. */
  there(): Row[];
  /** The last that was told of what is there or has ended. */
  row(id: string): Row | null;
  ended(id: string): Row | null;
  endedRows(): Row[];
  /**
   * Takes rows; answers those that changed, and the ids of pushes that only the venue can place. Such
   * a push is kept until `settle`.
   */
  take(rows: readonly Row[], by: Telling): { changed: Row[]; doubts: string[] };
  /** A whole list that was asked for at `asked` does not name these: they are gone where that is proved. */
  missing(listed: ReadonlySet<string>, asked: Moment): string[];
  /** Nobody knows of it any more. `sure`: its lists may go on naming it for a while. */
  drop(id: string, sure: boolean): void;
  /** Whether a list that does not name it proves that it is gone. */
  isGone(id: string, asked: Moment): boolean;
  /**
   * The venue was asked by name and `told` this of a thing. A push that was doubted before decides
   * where the answer is from before it; answers it then.
   */
  settle(id: string, told: Row | undefined, asked: Moment): Row[];
  pushedSince(moment: Moment, id: string): boolean;
}

export function createTable<Row extends object>(kind: {
  idOf(row: Row): string;
  /** False for a flat position, an ended order. */
  isThere(row: Row): boolean;
  /** Whether its absence from a list means anything: not of a symbol that is set aside. */
  concludes(row: Row): boolean;
  /** Above 0 when the second bears the later marks of time, 0 when both bear the same. */
  order(before: Row, now: Row): number;
  /** Equal in everything that bears on which is the newer one. */
  same(a: Row, b: Row): boolean;
  /** News of something unknown that the lists should have shown by now. */
  isLate(row: Row): boolean;
  /** So new that the lists need not show it yet: a push of it is believed and asked about. */
  isYoung(row: Row, pushedAt: number): boolean;
  /** The end of something that was not known is told too. */
  tellsEnds: boolean;
  next(): Moment;
  /** Whether an answer that may lag and is not what a push told can only be from after it. */
  isNews(): boolean;
  /** What is known of a thing has changed; `row` is the last that was told of it. */
  changed(id: string, row: Row): void;
}): Table<Row> {
  const there = new Map<string, Known<Row>>();
  const over = remembered<Known<Row>>(REMEMBERED);
  /** Gone from the venue's lists without a word. */
  const absent = remembered<Known<Row>>(REMEMBERED);
  const doubted = remembered<Known<Row>>(DOUBTED_AT_ONCE);
  /** How much had been told when the stream last spoke of a thing. */
  const pushed = remembered<number>(4 * REMEMBERED);

  /** An answer that was asked for before the last whole list tells nothing of what that does not name. */
  let wholeAskedAt = Number.NEGATIVE_INFINITY;

  const knownOf = (id: string): Known<Row> | undefined => there.get(id) ?? over.get(id);

  function place(row: Row, by: Telling, told: Moment): Newer {
    const id = kind.idOf(row);
    const before = knownOf(id);
    if (before !== undefined) {
      const order = kind.order(before.row, row);
      if (order !== 0) return order > 0 ? 'newer' : 'older';
      const twoPushes = isPush(by) && before.pushedAt !== null;
      if (!twoPushes && kind.same(before.row, row)) return 'newer';
      return amongEquals(before, row, by, kind.isNews);
    }
    if (!kind.isThere(row)) return 'newer';
    if (!isPush(by) && by.asked.at < wholeAskedAt) return 'older';
    const gone = absent.get(id);
    const isLater = gone === undefined || kind.order(gone.row, row) > 0;
    if (!isPush(by)) return isLater || !mayLag(gone, by.asked) ? 'newer' : 'older';
    // It may have been under way when the list without it came.
    const overtaken = gone !== undefined && told.at - gone.told.at <= UNDER_WAY;
    return overtaken || !isLater || kind.isLate(row) ? 'unclear' : 'newer';
  }

  function known(row: Row, by: Telling, told: Moment): Known<Row> {
    const before = knownOf(kind.idOf(row));
    const equal = before !== undefined && kind.order(before.row, row) === 0;
    // What an answer repeats was told when the stream told it.
    if (equal && !isPush(by)) return { ...before, row };
    const stays = before !== undefined && kind.isThere(before.row) && kind.isThere(row);
    return {
      row,
      pushedAt: isPush(by) ? by.pushedAt : null,
      told: isPush(by) ? told : by.asked,
      holdsUntil: isPush(by) ? told.at + LIST_LAG : by.asked.at,
      since: stays ? before.since : told.at,
      past: equal ? [...before.past, before.row].slice(-PAST) : [],
    };
  }

  function set(row: Row, by: Telling, told: Moment): boolean {
    const id = kind.idOf(row);
    const before = knownOf(id);
    const same = before !== undefined && sameContent(before.row, row);
    // Unchanged means untouched: whoever was given the row before still has the row of now.
    const is = known(same ? before.row : row, by, told);
    if (kind.isThere(row)) {
      over.delete(id);
      there.set(id, is);
    } else {
      there.delete(id);
      over.set(id, is);
    }
    if (!same) kind.changed(id, row);
    return !same && (before !== undefined || kind.tellsEnds || kind.isThere(row));
  }

  function drop(id: string, sure: boolean): void {
    const before = there.get(id);
    if (before === undefined) return;
    there.delete(id);
    const told = kind.next();
    absent.set(id, { ...before, told, holdsUntil: sure ? told.at + LIST_LAG : told.at });
    kind.changed(id, before.row);
  }

  return {
    there: () => [...there.values()].map(({ row }) => row),
    row: (id) => knownOf(id)?.row ?? null,
    ended: (id) => over.get(id)?.row ?? null,
    endedRows: () => [...over.values()].map(({ row }) => row),
    take(rows, by) {
      const told = kind.next();
      const changed = new Map<string, Row>();
      const doubts = new Set<string>();
      for (const row of rows) {
        const id = kind.idOf(row);
        if (isPush(by)) pushed.set(id, told.told);
        let verdict = place(row, by, told);
        if (verdict === 'unclear' && isPush(by)) {
          doubts.add(id);
          const unheard = knownOf(id) === undefined && !absent.has(id);
          if (unheard && kind.isYoung(row, by.pushedAt)) verdict = 'newer';
          else doubted.set(id, known(row, by, told));
        }
        if (verdict === 'newer' && set(row, by, told)) changed.set(id, row);
      }
      if (!isPush(by) && by.whole) wholeAskedAt = Math.max(wholeAskedAt, by.asked.at);
      return { changed: [...changed.values()], doubts: [...doubts] };
    },
    missing(listed, asked) {
      const gone = [...there]
        .filter(([id, is]) => !listed.has(id) && kind.concludes(is.row) && isGone(is, asked))
        .map(([id]) => id);
      for (const id of gone) drop(id, false);
      return gone;
    },
    drop,
    isGone(id, asked) {
      const is = there.get(id);
      return is !== undefined && isGone(is, asked);
    },
    settle(id, told, asked) {
      const push = doubted.get(id);
      if (push === undefined || push.told.told > asked.told) return [];
      doubted.delete(id);
      const before = knownOf(id);
      const isNewest = before === undefined || kind.order(before.row, push.row) >= 0;
      if (told === undefined || kind.order(told, push.row) <= 0 || !isNewest) return [];
      return set(push.row, { pushedAt: push.pushedAt ?? 0 }, push.told) ? [push.row] : [];
    },
    pushedSince: (moment, id) => (pushed.get(id) ?? 0) > moment.told,
  };
}

/** Pushes of one thing with the same marks of time; there are hardly ever two. */
const PAST = 10;
