import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { AlertRecord } from '../persistence/records.ts';

/** Something the operator should hear, in one plain sentence. */
export interface Alert {
  severity: 'critical' | 'warning' | 'info';
  /** What kind of thing it is; with the subject it says which alerts are "the same". */
  rule: string;
  account: AccountId | null;
  symbol: string | null;
  text: string;
  /** What it says had ended since it was said before: it is told however short a time ago that was. */
  anew?: boolean;
}

export interface Alerts {
  raise(alert: Alert): void;
  /** Newest first. */
  recent(): readonly AlertRecord[];
}

/** The same rule on the same subject is not repeated within this time (P50). */
const COOL_DOWN_MS = 30 * 60_000;
const KEPT = 200;

/** Takes what the rooms have to say, drops repetitions, keeps and passes on the rest. */
export function createAlerts(options: {
  clock: Clock;
  log: Log;
  newId: () => string;
  /** The newest alerts of earlier runs, newest first. */
  known: readonly AlertRecord[];
  save: (alert: AlertRecord) => void;
  onChange: () => void;
}): Alerts {
  const { clock } = options;
  let recent = options.known.slice(0, KEPT);
  /** In ticks: a clock set back must not make what was said before look new. */
  const lastAt = new Map<string, number>();

  return {
    raise({ anew = false, ...alert }) {
      const ticks = clock.ticks();
      const subject = `${alert.rule}/${alert.account ?? ''}/${alert.symbol ?? ''}`;
      const before = lastAt.get(subject);
      if (!anew && before !== undefined && ticks - before < COOL_DOWN_MS) return;
      lastAt.set(subject, ticks);
      for (const [key, at] of lastAt) if (ticks - at >= COOL_DOWN_MS) lastAt.delete(key);
      const record: AlertRecord = { ...alert, id: options.newId(), at: clock.now(), owed: [] };
      recent = [record, ...recent].slice(0, KEPT);
      options.log.warn(alert.text, {
        rule: alert.rule,
        account: alert.account,
        symbol: alert.symbol,
      });
      options.save(record);
      options.onChange();
    },
    recent: () => recent,
  };
}
