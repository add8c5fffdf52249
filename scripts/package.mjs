import { parseArgs } from 'node:util';
import { Refusal, runScript } from './say.mjs';
import { runProgram, setUp, toolPath } from './setup.mjs';

const HELP = `Makes the installers for this platform in dist/.

  npm run package -- [--dir] [--electron DIR]

  --dir           only the unpacked application, which needs no packaging tools
  --electron DIR  an unpacked Electron runtime to use instead of fetching one
  --help          this text
`;

function read(args) {
  try {
    return parseArgs({
      args,
      options: {
        dir: { type: 'boolean' },
        electron: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Refusal(`${error.message.split(/[.\n]/)[0]}. See npm run package -- --help.`, 2);
  }
}

await runScript(async (args) => {
  const flags = read(args);
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const node = await setUp();
  return runProgram(node, [
    toolPath('electron-builder'),
    ...(flags.dir ? ['--dir'] : []),
    ...(flags.electron ? [`--config.electronDist=${flags.electron}`] : []),
    '--publish',
    'never',
  ]);
});
