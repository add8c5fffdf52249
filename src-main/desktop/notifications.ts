import { Notification } from 'electron';
import type { AlertRow } from '../../src-preload/contract/alerts.ts';
import type { DeskCalls } from '../desk/desk.ts';

/**
 * Shows each new critical alert and warning once as a notification of the system; a click shows the
 * window. Those that stood when the desk started are on the screen already.
 */
export function setupNotifications(desk: DeskCalls, showWindow: () => void): () => void {
  let seen: Set<string> | null = null;
  return desk.subscribe((push) => {
    if (push.slice !== 'alerts') return;
    const rows = 'whole' in push ? push.whole : push.changed;
    const fresh = seen === null ? [] : rows.filter((row) => !seen?.has(row.id));
    seen = new Set([...(seen ?? []), ...rows.map((row) => row.id)]);
    for (const alert of fresh.filter((row) => row.severity !== 'info')) notify(alert, showWindow);
  });
}

function notify(alert: AlertRow, showWindow: () => void): void {
  if (!Notification.isSupported()) return;
  const where = [alert.symbol, alert.account].filter(Boolean).join(' on ');
  const notification = new Notification({
    title: where || 'Holdfast',
    body: alert.text,
    urgency: alert.severity === 'critical' ? 'critical' : 'normal',
  });
  notification.on('click', showWindow);
  notification.show();
}
