import { runNamed } from '../support/runner.ts';

await runNamed(
  {
    command: 'crash',
    folder: import.meta.dirname,
    what: 'Kill tests: a program is killed again and again, and nothing may be lost.',
    kills: 100,
    aimsMustBeMet: true,
  },
  process.argv.slice(2),
);
