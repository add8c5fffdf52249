import type { Alert } from '../../alerts/alerts.ts';
import type { AccountId, Mode } from '../../domain/account.ts';
import { plural } from '../../domain/words.ts';
import type { GatewayStatus } from '../../exchange/gateway.ts';

/** A stream that is down for longer than this is told, ms. */
const STREAM_DOWN_MS = 30_000;

/** What the operator must hear of an account's line to the venue, from how it is now. */
export function lineAlerts(
  account: AccountId,
  status: Pick<
    GatewayStatus,
    'stream' | 'streamReason' | 'stoppedUntil' | 'clockTrusted' | 'clockOffsetMs'
  >,
  /** How long the stream has been down, ms of a clock that is never set; and the time. */
  { downMs, now }: { downMs: number; now: number },
): Alert[] {
  const alerts: Alert[] = [];
  const tell = (severity: Alert['severity'], rule: string, text: string): void =>
    void alerts.push({ severity, rule, account, symbol: null, text });
  if (status.stoppedUntil !== null && status.stoppedUntil > now) {
    const minutes = Math.ceil((status.stoppedUntil - now) / 60_000);
    tell(
      'critical',
      'banned',
      `Bybit has asked this address to pause, so nothing can be sent for ${account} for another ${minutes} min. Its stops on the exchange stay in force. Make other programs on this address send less.`,
    );
  }
  if (status.stream !== 'ready' && downMs >= STREAM_DOWN_MS) {
    const why = status.streamReason ? ` ${status.streamReason}` : '';
    tell(
      'warning',
      'stream-down',
      `The stream of ${account} has been down for ${Math.round(downMs / 1000)} s.${why} Meanwhile, figures are read at intervals.`,
    );
  }
  if (!status.clockTrusted && status.clockOffsetMs !== null) {
    tell(
      'critical',
      'clock-off',
      `This machine's clock is ${Math.round(status.clockOffsetMs / 1000)} s off the exchange's, so no request can be signed for ${account}. Set the clock right.`,
    );
  }
  return alerts;
}

/** So many differences of one sweep mean that the stream cannot be trusted: acting on it ends. */
const DIFFERENCES_TO_DISARM = 5;

/** What follows from a full comparison that found what the stream had not told. */
export function afterSweep(
  account: AccountId,
  differences: number,
  mode: Mode,
): { disarm: boolean; alert: Alert } {
  const disarm = differences >= DIFFERENCES_TO_DISARM && mode === 'armed';
  const found = `A full comparison found ${plural(differences, 'difference')} on ${account} that the stream had not reported. The figures are correct again.`;
  return {
    disarm,
    alert: {
      severity: disarm ? 'critical' : 'warning',
      rule: disarm ? 'disarmed' : 'sweep-differences',
      account,
      symbol: null,
      text: disarm
        ? `${found} ${account} is now in watch mode; arm it again when you trust it.`
        : found,
    },
  };
}
