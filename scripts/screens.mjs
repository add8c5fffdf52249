import { readFlags } from './flags.mjs';
import { projectNode } from './node.mjs';
import { runScript } from './say.mjs';
import { installed, runProgram, toolPath } from './setup.mjs';

const HELP = `A workbench of every part, view and dialog in every state, light and dark, each at an
address of its own. What is shown follows its source as it is edited.

  npm run screens -- [--port N]

  --port N  port on 127.0.0.1 (default: the first free one from 5174)
  --help    this text
`;

await runScript(async (args) => {
  const flags = readFlags('npm run screens', args, { port: { type: 'string' } });
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await installed();
  const port =
    flags.port === undefined ? ['--port', '5174'] : ['--port', flags.port, '--strictPort'];
  const vite = [toolPath('vite'), '--config', 'tests/workbench/vite.config.ts', ...port];
  return runProgram(await projectNode(), vite);
});
