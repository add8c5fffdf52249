import { readFlags } from './flags.mjs';
import { runScript } from './say.mjs';
import { runProgram, setUp, toolPath } from './setup.mjs';

const HELP = `Makes the installers for this platform in dist/.

  npm run package -- [--dir] [--electron DIR]

  --dir           only the unpacked application, which needs no packaging tools
  --electron DIR  an unpacked Electron runtime to use instead of fetching one
  --help          this text
`;

await runScript(async (args) => {
  const flags = readFlags('npm run package', args, {
    dir: { type: 'boolean' },
    electron: { type: 'string' },
  });
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
