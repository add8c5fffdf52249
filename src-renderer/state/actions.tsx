import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from 'react';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../src-preload/contract/link.ts';
import { useDesk } from './desk-context.tsx';

export interface Toast {
  id: number;
  text: string;
  failed: boolean;
}

type RunCommand = <Name extends CommandName>(
  command: Name,
  input: CommandInput<Name>,
  done: (value: CommandOutput<Name>) => string,
) => Promise<Answer<CommandOutput<Name>>>;

interface Actions {
  toasts: Toast[];
  dismiss(id: number): void;
  /** Runs a command; says `done` of its value, or the refusal's own sentence. */
  run: RunCommand;
  /** The same for a place that shows the refusal itself. */
  attempt: RunCommand;
}

const ActionsContext = createContext<Actions | null>(null);

const SHOWN_MS = 6_000;
const FAILED_SHOWN_MS = 20_000;

export function ActionsProvider({ children }: { children: ReactNode }) {
  const { client } = useDesk();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);

  const dismiss = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  );
  const say = useCallback(
    (text: string, failed = false) => {
      lastId.current += 1;
      const id = lastId.current;
      setToasts((shown) => [...shown.slice(-3), { id, text, failed }]);
      setTimeout(() => dismiss(id), failed ? FAILED_SHOWN_MS : SHOWN_MS);
    },
    [dismiss],
  );
  const attempt: RunCommand = useCallback(
    async (command, input, done) => {
      const answer = await client.call(command, input);
      if (answer.ok) say(done(answer.value));
      return answer;
    },
    [client, say],
  );
  const run: RunCommand = useCallback(
    async (command, input, done) => {
      const answer = await attempt(command, input, done);
      if (!answer.ok) say(answer.error.message, true);
      return answer;
    },
    [attempt, say],
  );
  const actions = useMemo(
    () => ({ toasts, dismiss, run, attempt }),
    [toasts, dismiss, run, attempt],
  );
  return <ActionsContext value={actions}>{children}</ActionsContext>;
}

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error('useActions is used outside of ActionsProvider.');
  return actions;
}
