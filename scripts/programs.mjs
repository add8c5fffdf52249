/**
 * What Node is given to run the web shell. A young generation of 4 MB keeps the desk at about 140 MB
 * resident, where Node's own choice takes it to 165 MB.
 */
export const webShell = ['--max-semi-space-size=4', 'out/main/serve.js'];

/** Which program stands behind each command of package.json. */
export const programs = {
  serve: webShell,
  exchange: ['out/main/cli.js', 'exchange'],
  backups: ['out/main/cli.js', 'backups'],
  doctor: ['out/main/cli.js', 'doctor'],
  bench: ['tests/bench/main.ts'],
  crash: ['tests/crash/main.ts'],
  model: ['--max-semi-space-size=32', 'tests/engine-model/main.ts'],
  soak: ['--expose-gc', '--max-semi-space-size=32', 'tests/soak/main.ts'],
};
