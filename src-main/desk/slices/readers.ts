import type { AlertRow } from '../../../src-preload/contract/alerts.ts';
import type { MonitorRow } from '../../../src-preload/contract/positions.ts';
import type { SliceName } from '../../../src-preload/contract/slices.ts';
import type { CacheChange } from '../../cache/change.ts';
import type { Mode } from '../../domain/account.ts';
import type { Monitor } from '../../domain/monitor.ts';
import type { AlertRecord } from '../../persistence/records.ts';
import type { Parts } from '../parts.ts';
import { accountRow } from './accounts.ts';
import { approvalRows } from './approvals.ts';
import { backupsState } from './backups.ts';
import { historyRow } from './history.ts';
import { orderRow } from './orders.ts';
import { createPositionRows } from './positions.ts';
import type { SliceReaders } from './publish.ts';
import { verdictState } from './verdict.ts';

const NEWEST = { cycles: 1000, history: 500, timeline: 500, operations: 100 };

/** How every slice is read from the rooms. */
export function sliceReaders(parts: Parts): SliceReaders {
  const { cache, loop, store, vault } = parts;
  const modeOf = parts.modes.of;
  const positions = createPositionRows(parts);
  return {
    accounts: () => ({
      rows: parts.configs.map((config) =>
        accountRow(config, {
          cache,
          mode: modeOf(config.id),
          key: parts.keys.get(config.id) ?? null,
          now: parts.clock.now(),
        }),
      ),
    }),
    positions: () => ({ rows: positions() }),
    orders: () => ({
      rows: cache.accounts.flatMap((account) => cache.held(account, 'orders').rows.map(orderRow)),
    }),
    monitors: () => ({
      rows: loop.monitors().map((monitor) => monitorRow(monitor, modeOf(monitor.account))),
    }),
    approvals: () => ({ rows: approvalRows(parts) }),
    answered: () => ({ rows: [...parts.proposals.answered()] }),
    away: () => ({ rows: [...parts.away.rows()] }),
    cycles: () => ({ rows: loop.cycles().slice(0, NEWEST.cycles) }),
    alerts: () => ({
      rows: parts.alerts.recent().map(alertRow),
    }),
    history: () => ({
      rows: store
        .closedTrades({ limit: NEWEST.history })
        .flatMap((trade) => historyRow(trade) ?? []),
    }),
    operations: () => ({ rows: store.operations(NEWEST.operations) }),
    timeline: () => ({ rows: store.timeline({ limit: NEWEST.timeline }) }),
    verdict: () => verdictState(parts, positions()),
    cache: () => cache.statistics(),
    saves: () => store.statistics(),
    backups: () => backupsState(vault),
    statistics: () => ({ asOf: null, figures: {} }),
    settings: () => parts.settings(),
    preferences: () => parts.preferences.state(),
    health: () => parts.health.state(),
  };
}

/** The slices that may differ after a change of what is known. */
export function slicesMovedBy({ kind }: CacheChange): SliceName[] {
  if (kind === 'wallet') return ['accounts'];
  if (kind === 'stream') return ['accounts', 'health', 'positions', 'verdict'];
  return kind === 'orders' ? ['orders', 'positions', 'verdict'] : ['positions', 'verdict'];
}

const monitorRow = (monitor: Monitor, mode: Mode): MonitorRow => ({
  account: monitor.account,
  symbol: monitor.symbol,
  side: monitor.side,
  positionIdx: monitor.positionIdx,
  phase: monitor.phase,
  mode,
  targetSize: monitor.targetSize,
  size: monitor.size,
  openedAt: monitor.openedAt,
  updatedAt: monitor.updatedAt,
});

const alertRow = (alert: AlertRecord): AlertRow => ({
  id: alert.id,
  severity: alert.severity,
  rule: alert.rule,
  account: alert.account,
  symbol: alert.symbol,
  text: alert.text,
  at: alert.at,
});
