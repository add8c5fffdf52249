import { Refusal, runScript } from './say.mjs';
import { runProgram, setUp } from './setup.mjs';

/** Which program stands behind each command of package.json. */
const programs = {
  serve: ['out/main/serve.js'],
  exchange: ['out/main/cli.js', 'exchange'],
  backups: ['out/main/cli.js', 'backups'],
  doctor: ['out/main/cli.js', 'doctor'],
  bench: ['tests/bench/main.ts'],
  crash: ['tests/crash/main.ts'],
};

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
