import type { CommandInput, CommandName, CommandOutput } from './commands/index.ts';
import type { Push } from './slices.ts';

export type Answer<Value> =
  | { ok: true; value: Value }
  | { ok: false; error: { code: string; message: string } };

/** What a screen holds: `window.desk` in the desktop shell, the same over a WebSocket in the web shell. */
export interface DeskLink {
  call<Name extends CommandName>(
    command: Name,
    input: CommandInput<Name>,
  ): Promise<Answer<CommandOutput<Name>>>;
  /** Pushes of every slice; after subscribing each slice is sent whole once. Returns the way to stop. */
  subscribe(listener: (push: Push) => void): () => void;
}

/** How the web shell closes a socket whose first message was not its run's key. */
export const KEY_REFUSED = 4401;
