import { runNamed } from '../support/runner.ts';

await runNamed(
  {
    command: 'bench',
    folder: import.meta.dirname,
    what: 'Benchmarks: each measures the program and its baseline in the same run.',
    kills: null,
    aimsMustBeMet: false,
  },
  process.argv.slice(2),
);
