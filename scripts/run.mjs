import { programs } from './programs.mjs';
import { Refusal, runScript } from './say.mjs';
import { runProgram, setUp } from './setup.mjs';

await runScript(async ([name, ...args]) => {
  const program = programs[name];
  if (!program) {
    throw new Refusal(
      `There is no program "${name}"; there are ${Object.keys(programs).join(', ')}.`,
      2,
    );
  }
  const node = await setUp();
  return runProgram(node, [...program, ...args]);
});
