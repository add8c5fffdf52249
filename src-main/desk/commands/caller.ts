import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  commands,
} from '../../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';

/** What carries each command out. Throws a `Failure` with a sentence when it will not. */
export type Handlers = {
  [Name in CommandName]: (
    input: CommandInput<Name>,
  ) => CommandOutput<Name> | Promise<CommandOutput<Name>>;
};

/** Checks a call's input against the contract and carries it out; never throws. */
export function createCaller(
  handlers: Handlers,
  log: Log,
): (command: string, input: unknown) => Promise<Answer<unknown>> {
  return async (command, input) => {
    if (!Object.hasOwn(commands, command)) {
      return refusal('NOT_FOUND', `There is no command "${command}".`);
    }
    const name = command as CommandName;
    const checked = commands[name].input.safeParse(input ?? {});
    if (!checked.success) {
      const issue = checked.error.issues[0];
      return refusal('BAD_INPUT', `${issue?.path.join('.') || name}: ${issue?.message}`);
    }
    try {
      const handler = handlers[name] as (input: unknown) => unknown;
      return { ok: true, value: await handler(checked.data) };
    } catch (error) {
      if (error instanceof Failure) return refusal(error.code, error.message);
      log.error('A command failed', { command, error: sentenceOf(error) });
      return refusal('UNEXPECTED', `That failed: ${sentenceOf(error)}`);
    }
  };
}

const refusal = (code: string, message: string): Answer<never> => ({
  ok: false,
  error: { code, message },
});
