import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BackupPreview } from '../../src-preload/contract/backups.ts';
import type { Backup } from '../backup/files/manifest.ts';
import { isDataFolder } from '../backup/files/place.ts';
import { exitCodes, Failure } from '../domain/failure.ts';
import { plural } from '../domain/words.ts';
import { dataFolderOf, readFlags } from './flags.ts';
import { runningDesk } from './running-desk.ts';
import { type CommandIo, terminal } from './terminal.ts';
import type { VaultOperator } from './vault-operator.ts';
import { onFolder, plainLog, throughDesk } from './vault-operator.ts';

const HELP = `Backups: verified copies of the database and of protected files.

  list                  the backups, newest first
  create [--source ID] [--note TEXT]
  show ID               what it contains and what restoring it would change
  verify ID | --all     read back and check
  restore ID [DIR]      go back to that state; the current one is backed up first. A protected file
                        may go to another folder
  undo                  undo the last restore
  dismiss-undo          keep what was restored; its undo is no longer offered
  forecast              what would be kept and why, and when each would go in the coming day
  pin ID | unpin ID     a pinned backup is never deleted
  delete ID
  export ID DIR         copy one, with its manifest, to a folder
  import FILE           add a backup from elsewhere

  --data DIR   the data folder (default: the application-data folder)
  --json       answer as one JSON object
  --yes        do not ask before restore, undo, delete and import
`;

/** How many words follow each verb, and whether it replaces or destroys. */
const verbs: Record<string, { words: number; asks?: (word: string) => string }> = {
  list: { words: 0 },
  create: { words: 0 },
  show: { words: 1 },
  verify: { words: 1 },
  restore: {
    words: 1,
    asks: (id) => `Restore ${id}? Your current state is backed up first.`,
  },
  forecast: { words: 0 },
  'dismiss-undo': { words: 0 },
  undo: { words: 0, asks: () => 'Undo the last restore?' },
  pin: { words: 1 },
  unpin: { words: 1 },
  delete: { words: 1, asks: (id) => `Delete ${id} for good?` },
  export: { words: 2 },
  import: { words: 1, asks: (file) => `Add ${file} to the backups?` },
};

interface Asked {
  verb: string;
  words: string[];
  data: string;
  json: boolean;
  yes: boolean;
  all: boolean;
  source: string | undefined;
  note: string | undefined;
}

/** `npm run backups -- VERB ...`. Answers the exit code; throws a `Failure` with its own. */
export async function runBackups(argv: string[], io: CommandIo = terminal()): Promise<number> {
  const asked = read(argv);
  if (!asked) {
    io.out(HELP);
    return 0;
  }
  await confirm(asked, io);
  const call = await runningDesk(asked.data);
  if (!call) requireData(asked);
  const log = plainLog(io.err);
  const operator = call
    ? throughDesk(call)
    : await onFolder(asked.data, { programVersion: io.programVersion, log });
  try {
    return await carryOut(asked, operator, io);
  } finally {
    await operator.close();
  }
}

/** A folder of anything else is neither locked nor changed; only an import may begin a new one. */
function requireData({ verb, words, data }: Asked): void {
  if (verb === 'import') {
    const [file = ''] = words;
    if (existsSync(file)) return;
    throw new Failure('NOT_FOUND', `There is no file ${resolve(file)}. Check its path.`);
  }
  if (!isDataFolder(data)) {
    throw new Failure('DATA_FOLDER', `There is no data of Holdfast in ${data}. Check --data.`);
  }
}

function read(argv: string[]): Asked | null {
  const { values, positionals } = readFlags(
    argv,
    {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      source: { type: 'string' },
      note: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    { allowed: true },
  );
  if (values.help) return null;
  const [verb, ...words] = positionals;
  const there = `The verbs are ${Object.keys(verbs).join(', ')}.`;
  if (verb === undefined) throw new Failure('BAD_USAGE', `Say what to do. ${there}`);
  const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!known) throw new Failure('BAD_USAGE', `There is no verb "${verb}". ${there}`);
  const expected =
    verb === 'verify' && values.all
      ? 0
      : verb === 'restore' && words.length === 2
        ? 2
        : known.words;
  if (words.length !== expected || words.includes('')) {
    const wants = ['no word', 'one word', 'two words'][expected];
    throw new Failure('BAD_USAGE', `"${verb}" takes ${wants} after it. See --help.`);
  }
  const { json, yes, all, source, note } = values;
  return { verb, words, data: dataFolderOf(values.data), json, yes, all, source, note };
}

async function confirm({ verb, words, yes }: Asked, io: CommandIo): Promise<void> {
  const question = verbs[verb]?.asks?.(words[0] ?? '');
  if (!question || yes) return;
  if (!io.ask) {
    throw new Failure(
      'NOT_CONFIRMED',
      `"${verb}" needs a yes: add --yes, or run it on a terminal.`,
    );
  }
  const answer = await io.ask(`${question} Type yes to go on: `);
  if (answer.trim().toLowerCase() !== 'yes') {
    throw new Failure('NOT_CONFIRMED', 'Nothing was done.');
  }
}

async function carryOut(asked: Asked, operator: VaultOperator, io: CommandIo): Promise<number> {
  const [word = '', second = ''] = asked.words;
  const say = (value: object, text: string): number => {
    io.out(asked.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    return 0;
  };
  const row = (backup: Backup): number => say(backup, lineOf(backup));
  switch (asked.verb) {
    case 'list': {
      const found = await operator.list();
      return say(found, found.backups.map(lineOf).join('\n') || 'There are no backups yet.');
    }
    case 'create': {
      const { source, note } = asked;
      return row(await operator.create({ ...(source && { source }), ...(note && { note }) }));
    }
    case 'show': {
      const preview = await operator.show(word);
      return say(preview, pageOf(preview));
    }
    case 'verify':
      return verify(asked, operator, io);
    case 'restore': {
      const report = await operator.restore(word, second === '' ? undefined : resolve(second));
      return say(report, report.text);
    }
    case 'undo': {
      const report = await operator.undo();
      return say(report, report.text);
    }
    case 'dismiss-undo':
      return say(await operator.dismissUndo(), 'The undo is not offered any more.');
    case 'forecast': {
      const found = await operator.forecast();
      const lines = Object.entries(found.fates).map(([id, { keep, why }]) => {
        const at = found.goesAt[id];
        const soon = at === undefined ? 'stays' : `goes at ${when(at)}`;
        return `${id}  ${keep ? soon : 'goes after the next backup'}  ${why}`;
      });
      return say(found, lines.join('\n') || 'There are no backups yet.');
    }
    case 'pin':
      return row(await operator.pin(word));
    case 'unpin':
      return row(await operator.unpin(word));
    case 'delete':
      return say(await operator.delete(word), `${word} was deleted.`);
    case 'export': {
      const { path } = await operator.export(word, resolve(second));
      return say({ path }, `Copied to ${path}.`);
    }
    default:
      return row(await operator.import(resolve(word)));
  }
}

async function verify(asked: Asked, operator: VaultOperator, io: CommandIo): Promise<number> {
  const ids = asked.all ? (await operator.list()).backups.map(({ id }) => id) : asked.words;
  const rows: Backup[] = [];
  for (const id of ids) {
    const row = await operator.verify(id);
    rows.push(row);
    if (!asked.json) io.out(`${lineOf(row)}\n`);
  }
  if (asked.json) io.out(`${JSON.stringify(asked.all ? { backups: rows } : rows[0])}\n`);
  return rows.every(({ verified }) => verified) ? 0 : exitCodes.REFUSED;
}

const bytes = (size: number): string =>
  size < 100_000 ? `${Math.ceil(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`;
const when = (at: number): string => new Date(at).toLocaleString('sv');

function lineOf(row: Backup): string {
  const state = row.verified ? 'verified' : `UNUSABLE: ${row.verifyError ?? 'not checked'}`;
  const marks = [row.class, state, ...(row.pinned ? ['pinned'] : [])].join(', ');
  const counts = countsOf(row.counts);
  const note = row.note ? `  "${row.note}"` : '';
  const added = bytes(row.newSize ?? row.storedSize);
  const sizes = `${bytes(row.size)} (${added} new, ${bytes(row.storedSize)} whole)`;
  return `${row.id}  ${when(row.madeAt)}  ${sizes}  ${marks}  ${counts}${note}`;
}

const countsOf = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

function pageOf(preview: BackupPreview): string {
  if (preview.problem !== null) return `${preview.id} cannot be restored. ${preview.problem}`;
  const list = (name: string, keys: string[]): string[] =>
    keys.length > 0 ? [`${name}: ${keys.join(', ')}`] : [];
  const minutes = preview.goesBackMs === null ? null : Math.round(preview.goesBackMs / 60_000);
  return [
    `${preview.id} is good. It contains ${countsOf(preview.counts)}.`,
    ...(minutes === null ? [] : [`Restoring it goes back ${plural(minutes, 'minute')}.`]),
    ...list('Monitors that would come back', preview.monitorsAdded),
    ...list('Monitors that would go', preview.monitorsRemoved),
    ...list('Monitors that would change', preview.monitorsChanged),
    ...list('Closed since then; they stay closed', preview.closedSince),
    ...(preview.tradesLost ? [`Trades that would be lost: ${preview.tradesLost}`] : []),
    ...(preview.head === null ? [] : [preview.head]),
  ].join('\n');
}
