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
  /** Which of several it is about at its symbol: a leg, an order, a level. */
  about?: string;
  text: string;
  /** What it says had ended since it was said before: it is told however short a time ago that was. */
  anew?: boolean;
}

export interface Alerts {
  raise(alert: Alert): void;
  /** Newest first. */
  recent(): readonly AlertRecord[];
}

/** The same rule on the same subject is not repeated within this time (P50, M5): what is critical comes again while it stands. */
const COOL_DOWN_MS: Readonly<Record<Alert['severity'], number>> = {
  critical: 5 * 60_000,
  warning: 30 * 60_000,
  info: 30 * 60_000,
};
const LONGEST_MS = Math.max(...Object.values(COOL_DOWN_MS));
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
    raise({ anew = false, about, ...alert }) {
      const ticks = clock.ticks();
      const subject = JSON.stringify([alert.rule, alert.account, alert.symbol, about]);
      const before = lastAt.get(subject);
      if (!anew && before !== undefined && ticks - before < COOL_DOWN_MS[alert.severity]) return;
      lastAt.set(subject, ticks);
      for (const [key, at] of lastAt) if (ticks - at >= LONGEST_MS) lastAt.delete(key);
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
