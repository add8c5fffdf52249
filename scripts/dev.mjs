import { createInterface } from 'node:readline';
import { serveScreens } from './dev-server.mjs';
import { readFlags } from './flags.mjs';
import { projectNode } from './node.mjs';
import { runScript, say } from './say.mjs';
import { installed, runProgram } from './setup.mjs';

const HELP = `The desk and its screens from their source: a screen follows its file as it is edited, the desk
starts anew when one of its own changes.

  npm run dev -- [--data DIR] [--accounts FILE] [--port N]

  --data DIR       where its data lives (default: dev-data, in the project)
  --accounts FILE  connects the accounts in this file (mode 0600) instead of the
                   practice exchange
  --port N         port of the screens on 127.0.0.1 (default: the first free one from 5173)
  --help           this text
`;

await runScript(async (args) => {
  const flags = readFlags('npm run dev', args, {
    data: { type: 'string' },
    accounts: { type: 'string' },
    port: { type: 'string' },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await installed();
  const node = await projectNode();
  const screens = await serveScreens(flags.port);
  say(`screens: ${screens.url}`);
  const desk = [
    '--watch',
    '--watch-preserve-output',
    'src-main/serve.ts',
    `--data=${flags.data ?? 'dev-data'}`,
    ...(flags.accounts === undefined ? [] : [`--accounts=${flags.accounts}`]),
  ];
  return runProgram(node, desk, {
    stdio: ['inherit', 'pipe', 'inherit'],
    onStart(child) {
      createInterface(child.stdout).on('line', (line) => {
        const ready = line.startsWith('{"event":"ready"');
        if (ready) void screens.follow(JSON.parse(line).url);
        say(ready ? 'the desk is ready.' : line);
      });
    },
  });
});
