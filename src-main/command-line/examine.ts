import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import type { Entry } from '../backup/files/catalogue.ts';
import { openCatalogue } from '../backup/files/catalogue.ts';
import { readInstall, vaultFolder } from '../backup/files/place.ts';
import { DATABASE } from '../backup/files/source.ts';
import { SPARE_BYTES } from '../backup/options.ts';
import { createJobRunner } from '../backup/worker/job-runner.ts';
import type { Jobs } from '../backup/worker/jobs.ts';
import { sentenceOf } from '../domain/failure.ts';
import { databasePath, examine } from '../persistence/file/database.ts';
import { SCHEMA_VERSION } from '../persistence/file/schema.ts';
import { hashedTables } from '../persistence/rows/tables.ts';
import { inThread } from '../persistence/upkeep/in-thread.ts';
import type { CallDesk } from './running-desk.ts';

/** Something that is not as it should be, as a sentence for the operator. */
export interface Finding {
  what: string;
  text: string;
}

const DAY = 24 * 3_600_000;

/** The database file through a connection that only reads: pages, tables, every row's hash. */
export async function examineDatabase(dataDir: string): Promise<Finding[]> {
  const what = 'database';
  const path = databasePath(dataDir);
  if (!existsSync(path)) {
    return [
      {
        what,
        text: `There is no database in ${dataDir}. Start Holdfast once or restore a backup.`,
      },
    ];
  }
  const found = examine(path);
  if ('damage' in found) {
    return [{ what, text: `The database is damaged: ${found.damage}. Restore a backup.` }];
  }
  if (found.version > SCHEMA_VERSION) {
    return [
      { what, text: 'The database was written by a newer version of Holdfast. Update this one.' },
    ];
  }
  const { findings } = await inThread('findDamage', {
    path,
    tables: hashedTables,
    kind: 'full',
    since: 0,
  });
  return findings.map((text) => ({ what, text }));
}

/** Every backup against its checksum, and whether there is a recent good one. */
export async function examineVault(dataDir: string, now: number): Promise<Finding[]> {
  const what = 'backups';
  const folder = vaultFolder(dataDir);
  if (!existsSync(folder))
    return [{ what, text: 'There are no backups yet. Make one with "npm run backups -- create".' }];
  const catalogue = openCatalogue(folder, (await readInstall(dataDir))?.installId ?? '');
  await catalogue.refresh();
  const entries = catalogue.all();
  const { bad: rotten, unread } = await readAll(entries, catalogue.storedPath);
  const bad = new Map(rotten.map(({ id, why }) => [id, why]));
  const findings = entries
    .filter(({ manifest }) => !manifest.verified || bad.has(manifest.id))
    .map(({ manifest: { id, verifyError } }) => ({
      what,
      text: `${id} cannot be used. ${verifyError ?? bad.get(id) ?? ''}`,
    }));
  for (const { why } of unread) findings.push({ what, text: why });
  const good = entries
    .map(({ manifest }) => manifest)
    .filter(({ id, source, verified }) => source === DATABASE && verified && !bad.has(id));
  const newest = Math.max(...good.map(({ madeAt }) => madeAt).filter((at) => at <= now + DAY));
  if (good.length > 0 && now - newest > DAY) {
    const days = Math.round((now - newest) / DAY);
    findings.push({
      what,
      text: `The newest good backup of the database is ${days} days old. Make one.`,
    });
  }
  if (good.length === 0)
    findings.push({
      what,
      text: 'There is no usable backup of the database. Make one with "npm run backups -- create".',
    });
  if (good.some(({ madeAt }) => madeAt > now + DAY)) {
    findings.push({
      what,
      text: 'A backup is dated in the future: the clock was wrong then or is wrong now. Check the time of this machine.',
    });
  }
  return findings;
}

/** Reads what is stored of each backup that counts as good. */
async function readAll(
  entries: Entry[],
  pathOf: (id: string) => string,
): Promise<Jobs['proveStored']['output']> {
  const backups = entries
    .map(({ manifest }) => manifest)
    .filter(({ verified }) => verified)
    .map((expected) => ({ id: expected.id, stored: pathOf(expected.id), expected }));
  const jobs = createJobRunner();
  return jobs.run('proveStored', { backups }).finally(() => jobs.close());
}

export async function examineDisk(dataDir: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  if (free >= SPARE_BYTES) return [];
  const text = `Only ${Math.round(free / 1e6)} MB are free, but backups need at least 200 MB. Free some space.`;
  return [{ what: 'disk', text }];
}

const healthSchema = z.object({
  stream: z.array(
    z.object({ account: z.string(), state: z.string(), reason: z.string().nullable() }),
  ),
  clock: z.array(z.object({ account: z.string(), trusted: z.boolean() })),
  breakers: z.array(z.object({ account: z.string(), kind: z.string(), state: z.string() })),
});
const accountsSchema = z.object({
  rows: z.array(z.object({ id: z.string(), problem: z.string().nullable() })),
});
const verdictSchema = z.object({
  severity: z.enum(['ok', 'attention', 'critical', 'unknown']),
  sentence: z.string(),
});
const savesSchema = z.object({ notSavedSince: z.number().nullable() });

type ToldVerdict = z.infer<typeof verdictSchema>;

/** How a running desk says its positions stand, in the words of its screens; why it does not, if it does not. */
export const askVerdict = (call: CallDesk): Promise<ToldVerdict> =>
  call('state.get', { slice: 'verdict' })
    .then((value) => verdictSchema.parse(value))
    .catch((error: unknown) => ({ severity: 'unknown', sentence: sentenceOf(error) }));

export const examineVerdict = ({ severity, sentence }: ToldVerdict): Finding[] =>
  severity === 'ok' ? [] : [{ what: 'positions', text: sentence }];

/** What a running desk knows of its clock, keys, streams and saving. */
export async function examineRunning(call: CallDesk): Promise<Finding[]> {
  const slice = (name: string): Promise<unknown> => call('state.get', { slice: name });
  const health = healthSchema.parse(await slice('health'));
  const accounts = accountsSchema.parse(await slice('accounts'));
  const saves = savesSchema.parse(await slice('saves'));
  const since = saves.notSavedSince;
  return [
    ...health.clock
      .filter(({ trusted }) => !trusted)
      .map(({ account }) => ({
        what: 'clock',
        text: `This machine's clock differs too much from the exchange's (account ${account}). Set it right.`,
      })),
    ...accounts.rows
      .filter(({ problem }) => problem !== null)
      .map(({ id, problem }) => ({ what: 'keys', text: `${id}: ${problem}` })),
    ...health.stream
      .filter(({ state }) => state === 'down' || state === 'refused')
      .map(({ account, state, reason }) => ({
        what: 'stream',
        text: `The stream of ${account} is ${state}. ${reason ?? ''}`.trim(),
      })),
    ...health.breakers
      .filter(({ state }) => state === 'open')
      .map(({ account, kind }) => ({
        what: 'exchange',
        text: `Calls for ${kind} on ${account} are paused after repeated failures. They resume by themselves.`,
      })),
    ...(since === null
      ? []
      : [
          { what: 'saves', text: `Nothing has been saved since ${new Date(since).toISOString()}.` },
        ]),
  ];
}
