import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOf } from '../../src-main/backup/files/place.ts';
import { createVault } from '../../src-main/backup/vault.ts';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { median } from '../support/report.ts';

const VERSIONS = 10;
/** What one version adds, bytes, before the marks beside it. */
const ADDED = 20_000;

/** One way of backing a file up, as its user would type it: a backup, then proof that it can be read. */
interface Keeper {
  name: string;
  /** Where its versions lie. */
  store: string;
  backUp(): void;
}

/**
 * Ten versions of one growing file, kept by us, by restic and by borg, command line against command
 * line: each makes the version and reads the new data back. They take turns, so that a slow moment of
 * the machine is shared. Times are medians over the versions.
 */
export async function besideOthers(
  folder: string,
  content: string,
  progress: (text: string) => void,
): Promise<Record<string, number>> {
  const file = join(folder, 'versions.json');
  writeFileSync(file, content);
  const keepers = [await ours(folder, file), restic(folder, file), borg(folder, file)].flatMap(
    (made) => {
      if (typeof made !== 'string') return [made];
      progress(made);
      return [];
    },
  );
  const times = new Map(keepers.map(({ name }) => [name, [] as number[]]));
  const costs = new Map<string, number>();
  let text = content;
  let change = 0;
  for (let version = 1; version <= VERSIONS; version++) {
    const before = text;
    if (version > 1) text = changed(text, version);
    change = Buffer.byteLength(text) - Buffer.byteLength(before);
    writeFileSync(file, text);
    for (const { name, store, backUp } of keepers) {
      const size = sizeOf(store);
      const started = performance.now();
      backUp();
      times.get(name)?.push(performance.now() - started);
      costs.set(name, sizeOf(store) - size);
    }
    progress(`version ${version} of ${VERSIONS}`);
  }
  const figures: Record<string, number> = { changeBytes: change };
  const own = times.get('ours') ?? [];
  for (const { name } of keepers) {
    const took = times.get(name) ?? [];
    const title = name.charAt(0).toUpperCase() + name.slice(1);
    figures[`version${title}Ms`] = median(took);
    figures[`tenth${title}Ms`] = took.at(-1) ?? Number.NaN;
    figures[`tenth${title}Bytes`] = costs.get(name) ?? Number.NaN;
    if (name !== 'ours') {
      figures[`vs${title}`] = median(own.map((ms, index) => ms / (took[index] ?? Number.NaN)));
    }
  }
  figures['tenthPerChange'] = (costs.get('ours') ?? Number.NaN) / change;
  return figures;
}

/** The next version: one record altered in the middle, new ones at the end. */
function changed(text: string, version: number): string {
  const middle = text.indexOf('{', text.length / 2) + 1;
  const end = text.lastIndexOf(']');
  const random = randomBytes(ADDED / 2).toString('hex');
  const record = `,{"version":${version},"text":"${random}"}`;
  return `${text.slice(0, middle)}"touched":${version},${text.slice(middle, end)}${record}${text.slice(end)}`;
}

function sizeOf(path: string): number {
  if (!existsSync(path)) return 0;
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(path, name));
    return found.isFile() ? sum + found.size : sum;
  }, 0);
}

const quietly = (program: string, args: string[], env: NodeJS.ProcessEnv = process.env): void =>
  void execFileSync(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });

async function ours(folder: string, file: string): Promise<Keeper> {
  const data = join(folder, 'own-data');
  mkdirSync(data);
  const store = join(data, 'backups');
  const vault = createVault({
    dataDir: data,
    folder: store,
    database: null,
    databasePath: databasePath(data),
    clock: systemClock,
    log: silentLog,
    settings: () => ({ minimumMinutes: 15, keepRoutine: 100, sizeLimitMB: 5_000 }),
    programVersion: 'bench',
    ...(await installOf(data)),
    onChange: () => {},
    onTrouble: () => {},
  });
  await vault.open();
  const { id } = await vault.protect(file);
  await vault.stop();
  const cli = join(import.meta.dirname, '../../out/main/cli.js');
  const args = [cli, 'backups', 'create', '--source', id, '--data', data, '--json'];
  return { name: 'ours', store, backUp: () => quietly(process.execPath, args) };
}

function restic(folder: string, file: string): Keeper | string {
  if (spawnSync('restic', ['version']).status !== 0)
    return 'restic is not installed, so it is not compared with';
  const store = join(folder, 'restic');
  const env = {
    ...process.env,
    RESTIC_REPOSITORY: store,
    RESTIC_PASSWORD: 'bench',
    RESTIC_CACHE_DIR: join(folder, 'restic-cache'),
  };
  quietly('restic', ['init'], env);
  const backUp = (): void => {
    quietly('restic', ['backup', file], env);
    quietly('restic', ['check', '--read-data'], env);
  };
  return { name: 'restic', store, backUp };
}

function borg(folder: string, file: string): Keeper | string {
  if (spawnSync('borg', ['--version']).status !== 0)
    return 'borg is not installed, so it is not compared with';
  const base = join(folder, 'borg-base');
  mkdirSync(base);
  const store = join(folder, 'borg');
  const env = { ...process.env, BORG_BASE_DIR: base };
  quietly('borg', ['init', '-e', 'none', store], env);
  let version = 0;
  const backUp = (): void => {
    quietly('borg', ['create', `${store}::v${++version}`, file], env);
    quietly('borg', ['check', '--verify-data', store], env);
  };
  return { name: 'borg', store, backUp };
}
