/** Where a room writes what happened. Lines hold no secret: see `redact`. */
export interface Log {
  info(text: string, facts?: Record<string, unknown>): void;
  warn(text: string, facts?: Record<string, unknown>): void;
  error(text: string, facts?: Record<string, unknown>): void;
}

export const silentLog: Log = { info() {}, warn() {}, error() {} };
