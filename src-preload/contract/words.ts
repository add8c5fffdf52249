/** The words both sides share, said once. */

/** What Holdfast may do for an account: only look, propose for approval, or act by itself. */
export type Mode = 'watch' | 'propose' | 'armed';

export type Role = 'main' | 'mirror';

/** Where an account lives. `practice` is the embedded exchange, `custom` any compatible venue. */
export type Venue = 'practice' | 'custom' | 'demo' | 'testnet' | 'live';

export type Side = 'long' | 'short';

export type OrderSide = 'Buy' | 'Sell';

/** 0 one-way, 1 hedge long, 2 hedge short (Bybit's `positionIdx`). */
export type PositionIdx = 0 | 1 | 2;

/** How soon a monitor is looked at again. */
export type Urgency = 'critical' | 'urgent' | 'active' | 'stable' | 'dormant';

/** Where a monitor is in its life. */
export type Phase = 'adopted' | 'building' | 'protected' | 'taking-profit' | 'closed';

/** How a position is covered by stops. `unknown`: there is a stop, but what it covers is not known. */
export type ProtectionState = 'full' | 'part' | 'none' | 'unknown';

/** How it stands with all positions together; `unknown` where it cannot be said. */
export type VerdictSeverity = 'ok' | 'attention' | 'critical' | 'unknown';

/** The private stream's life: only in `ready` are the account's events known to be complete. */
export type StreamState =
  | 'off'
  | 'connecting'
  | 'authenticating'
  | 'syncing'
  | 'ready'
  | 'down'
  | 'refused';

/** Who told a fact. */
export type Source = 'stream' | 'rest';

export type BackupClass = 'routine' | 'latest' | 'manual' | 'before-restore' | 'before-upgrade';

export type Severity = 'critical' | 'warning' | 'info';
