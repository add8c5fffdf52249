import { programs } from './programs.mjs';
import { Refusal, runScript } from './say.mjs';
import { runDesk, runProgram, setUp } from './setup.mjs';

await runScript(async ([name, ...args]) => {
  const program = programs[name];
  if (!program) {
    throw new Refusal(
      `There is no program "${name}". The programs are ${Object.keys(programs).join(', ')}.`,
      2,
    );
  }
  const node = await setUp();
  const run = name === 'serve' ? runDesk : runProgram;
  return run(node, [...program, ...args]);
});
