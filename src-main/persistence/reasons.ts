/**
 * Every reason to save, classified once. `critical` is on the disk before the caller goes on;
 * `routine` waits in memory and goes out at most once per interval, or with the next critical commit.
 */
export const reasons = {
  'monitor-created': 'critical',
  'monitor-removed': 'critical',
  'position-closed': 'critical',
  'take-profit-hit': 'critical',
  'stop-hit': 'critical',
  'breakeven-moved': 'critical',
  'phase-change': 'critical',
  fill: 'critical',
  intent: 'critical',
  settings: 'critical',
  mode: 'critical',
  operation: 'critical',
  alert: 'critical',
  preferences: 'critical',
  shutdown: 'critical',
  mark: 'routine',
  checked: 'routine',
  equity: 'routine',
  cycle: 'routine',
  timeline: 'routine',
  delivery: 'routine',
} as const satisfies Record<string, 'critical' | 'routine'>;

export type SaveReason = keyof typeof reasons;
