import { statSync } from 'node:fs';
import { Failure, sentenceOf } from '../domain/failure.ts';
import type { Finding } from './examine.ts';
import {
  askVerdict,
  examineDatabase,
  examineDisk,
  examineRunning,
  examineVault,
  examineVerdict,
} from './examine.ts';
import { dataFolderOf, readFlags } from './flags.ts';
import { examineOperations, listOperations, newestOperations } from './operations.ts';
import { runningDesk } from './running-desk.ts';
import { doctorSnapshot, type ListedContract } from './snapshot/doctor-snapshot.ts';
import { type CommandIo, terminal } from './terminal.ts';

const HELP = `Checks everything that keeps your state safe.

  --data DIR        the data folder (default: the application-data folder)
  --snapshot FILE   look at a monitor snapshot of the old system instead: what would be done
                    about each position in it; nothing is asked of an exchange
  --json            answer as one JSON object

It checks the database, the backups, the disk and whether every operation has ended, lists the last
operations and, while Holdfast is running, also checks the clock, the keys, the streams, and whether
every position is protected. The exit code is 0 when all is well and 1 when something needs attention.
`;

/** `npm run doctor`. Changes nothing, so it may run at any time. Answers the exit code. */
export async function runDoctor(
  argv: string[],
  io: CommandIo = terminal(),
  contracts: () => ReadonlyMap<string, ListedContract> = () => new Map(),
): Promise<number> {
  const flags = flagsOf(argv);
  if (!flags) {
    io.out(HELP);
    return 0;
  }
  if (flags.snapshot !== null)
    return (await doctorSnapshot(flags.snapshot, contracts(), flags.json, io.out)) ? 0 : 1;
  const call = await runningDesk(flags.data);
  const verdict = call && (await askVerdict(call));
  const operations = await newestOperations(flags.data, call).catch(() => []);
  const now = Date.now();
  const parts: [what: string, look: () => Promise<Finding[]>][] = [
    ['database', () => examineDatabase(flags.data)],
    ['backups', () => examineVault(flags.data, now)],
    ['operations', async () => examineOperations(operations, { now, running: call !== null })],
    ['disk', () => examineDisk(flags.data)],
    ...(call ? [['desk', () => examineRunning(call)] as const satisfies [string, unknown]] : []),
    ...(verdict
      ? [['positions', async () => examineVerdict(verdict)] as const satisfies [string, unknown]]
      : []),
  ];
  const findings: Finding[] = [];
  for (const [what, look] of parts) {
    const failed = (error: unknown): Finding[] => [{ what, text: sentenceOf(error) }];
    findings.push(...(await look().catch(failed)));
  }
  const healthy = findings.length === 0;
  const checked = parts.map(([what]) => what);
  if (flags.json) {
    const dataFolder = flags.data;
    io.out(
      `${JSON.stringify({ healthy, running: call !== null, verdict: verdict?.sentence ?? null, dataFolder, checked, findings, operations })}\n`,
    );
  } else {
    for (const { what, text } of findings) io.out(`${what}: ${text}\n`);
    if (operations.length > 0) io.out('Last operations (UTC):\n');
    for (const line of listOperations(operations)) io.out(`  ${line}\n`);
    if (healthy) io.out(`All is well: ${checked.join(', ')}.\n`);
    if (healthy && verdict) io.out(`${verdict.sentence}\n`);
  }
  return healthy ? 0 : 1;
}

function flagsOf(argv: string[]): { data: string; snapshot: string | null; json: boolean } | null {
  const { values } = readFlags(argv, {
    data: { type: 'string' },
    snapshot: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return null;
  const data = dataFolderOf(values.data);
  const { snapshot = null, json } = values;
  if (snapshot !== null || statSync(data, { throwIfNoEntry: false })?.isDirectory()) {
    return { data, snapshot, json };
  }
  throw new Failure('DATA_FOLDER', `There is no data folder ${data}. Check --data.`);
}
