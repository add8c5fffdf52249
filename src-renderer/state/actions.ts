import type { StoreApi } from 'zustand/vanilla';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import type { Answer, DeskLink } from '../../src-preload/contract/link.ts';
import type { PreferencesChange } from '../../src-preload/contract/preferences.ts';
import type { Asking } from './asking.ts';
import type { DeskState } from './desk-state.ts';

export type RunCommand = <Name extends CommandName>(
  command: Name,
  input: CommandInput<Name>,
  done: (value: CommandOutput<Name>) => string,
) => Promise<Answer<CommandOutput<Name>>>;

/** What a screen can do; the same functions for as long as the page lives. */
export interface Actions {
  /** Sends a command; whoever calls says what became of it. */
  call: DeskLink['call'];
  /** Sends a command; a toast says `done` of its value, or the refusal's own sentence. */
  run: RunCommand;
  /** The same for a place that shows the refusal itself. */
  attempt: RunCommand;
  /** A toast. */
  say(text: string, failed?: boolean): void;
  dismiss(toast: number): void;
  ask(asking: Asking): void;
  close(): void;
  /** Goes to a view in this window; the next window opens with it too. */
  show(view: string): void;
  /** Shows one position beside the positions, or none. */
  open(position: string | null): void;
  /** Changes how the screens look, here at once and in every other window. */
  prefer(change: PreferencesChange): void;
}

const SHOWN_MS = 6_000;
const FAILED_SHOWN_MS = 20_000;
/** More at once hide the data they speak of. */
const MOST_TOASTS = 4;

export function createActions(options: {
  store: StoreApi<DeskState>;
  call: DeskLink['call'];
  prefer: (change: PreferencesChange) => void;
  after: (ms: number, run: () => void) => unknown;
}): Actions {
  const { store, call, prefer, after } = options;
  let lastToast = 0;

  const dismiss = (id: number): void =>
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  const say = (text: string, failed = false): void => {
    lastToast += 1;
    const id = lastToast;
    store.setState(({ toasts }) => ({
      toasts: [...toasts.slice(1 - MOST_TOASTS), { id, text, failed }],
    }));
    after(failed ? FAILED_SHOWN_MS : SHOWN_MS, () => dismiss(id));
  };
  const attempt: RunCommand = async (command, input, done) => {
    const answer = await call(command, input);
    if (answer.ok) say(done(answer.value));
    return answer;
  };
  return {
    call,
    say,
    attempt,
    async run(command, input, done) {
      const answer = await attempt(command, input, done);
      if (!answer.ok) say(answer.error.message, true);
      return answer;
    },
    dismiss,
    ask: (asking) => store.setState({ asking }),
    close: () => store.setState({ asking: null }),
    show(view) {
      store.setState({ view });
      prefer({ view });
    },
    open: (opened) => store.setState({ opened }),
    prefer,
  };
}
