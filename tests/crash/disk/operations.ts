import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { RestoreHooks } from '../../../src-main/backup/restore/restore-database.ts';
import { onFolder } from '../../../src-main/command-line/vault-operator.ts';
import { type OpenState, openState } from '../../../src-main/desk/state/open-state.ts';
import { systemClock } from '../../../src-main/domain/clock.ts';
import { sentenceOf } from '../../../src-main/domain/failure.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import { databasePath } from '../../../src-main/persistence/file/database.ts';
import { hashedTables } from '../../../src-main/persistence/rows/tables.ts';
import { findDamage } from '../../../src-main/persistence/upkeep/integrity.ts';
import { savedRows } from '../../support/saved-rows.ts';
import { generation, generationOf } from '../backup-killing.ts';

/** What became of what was promised. */
export interface Verdict {
  lost: string[];
  corrupt: string[];
  mixed: string[];
}

type Say = (line: string) => void;

interface Operation {
  /** Lays out the data folder, and what lies beside it, for the operation to begin with. */
  prepare(dataDir: string): Promise<void>;
  /** True when the desk is started with --recover. */
  recover?: boolean;
  /** Does it, saying each promise as soon as it holds. */
  work(desk: OpenState, say: Say, dataDir: string): Promise<void>;
  /** The same from the command line, while no desk runs: then nothing else is done. */
  atRest?(dataDir: string, say: Say): Promise<void>;
  /** Holds what a start found against what was said. */
  look(desk: OpenState, said: readonly string[], verdict: Verdict, dataDir: string): void;
}

/** The desk's own way to its state: lock, restore cut off, database, vault. */
const openDesk = (dataDir: string, recover = false): Promise<OpenState> =>
  openState({
    dataDir,
    recover,
    clock: systemClock,
    log: silentLog,
    programVersion: 'crash',
    routineMs: () => 30_000,
    vaultSettings: () => ({ minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 500 }),
    onStoreTrouble: () => {},
    onVaultTrouble: () => {},
    onVaultChange: () => {},
  });

async function closeDesk({ vault, store, lock }: OpenState): Promise<void> {
  await vault.stop();
  store.close();
  lock.release();
}

async function withDesk(
  dataDir: string,
  work: (desk: OpenState) => void | Promise<void>,
  { recover = false, say }: { recover?: boolean; say?: Say } = {},
): Promise<void> {
  const desk = await openDesk(dataDir, recover);
  try {
    await work(desk);
  } catch (error) {
    // Whatever failed, saving goes on.
    try {
      const saved = desk.store.save('settings', { settings: { afterFailure: String(error) } });
      if (saved !== 'durable') say?.('stuck');
    } catch {
      say?.('stuck');
    }
    throw error;
  } finally {
    await closeDesk(desk);
  }
}

const hooksOf = ({ store }: OpenState): RestoreHooks => ({
  async stopLoop() {},
  async resumed() {
    store.load();
  },
  async abandoned() {},
  async wentBack() {
    store.load();
  },
});

const saveGeneration = (desk: OpenState, n: number, say: Say): void => {
  if (desk.store.save('phase-change', generation(n)) === 'durable') say(`acked ${n}`);
};

/** Two states, each with a backup by hand; the second is in force. */
async function prepareTwo(folder: string): Promise<void> {
  await withDesk(folder, async (desk) => {
    for (const n of [1, 2]) {
      saveGeneration(desk, n, () => {});
      await desk.vault.create({ class: 'manual', reason: `generation ${n}` });
    }
  });
}

const backupOf = ({ vault }: OpenState, n: number): string =>
  vault.list().find(({ reason }) => reason === `generation ${n}`)?.id ?? '';

const promised = (said: readonly string[], word: string): string[] =>
  said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

/** The state is the newest one promised, or a later one that was on its way. */
function holdsAcked(desk: OpenState, said: readonly string[], verdict: Verdict): void {
  const newest = Math.max(0, ...promised(said, 'acked').map(Number));
  const found = generationOf(desk.store);
  if (found !== null && found < newest) verdict.lost.push(`state ${newest}, found ${found}`);
}

const LINES = 40;

/** Every line of the journal that is in the database or in an archive. */
function journalLines(desk: OpenState, dataDir: string): Set<string> {
  const kept = new Set(savedRows<{ id: string }>(desk.store, 'journal').map(({ id }) => id));
  const archives = join(dataDir, 'archives');
  for (const name of existsSync(archives) ? readdirSync(archives) : []) {
    if (!name.startsWith('journal.') || !name.endsWith('.zst')) continue;
    const text = zstdDecompressSync(readFileSync(join(archives, name))).toString();
    for (const line of text.trimEnd().split('\n')) {
      kept.add((JSON.parse(line) as { key: string }).key);
    }
  }
  return kept;
}

const protectedFile = (dataDir: string): string => join(dirname(dataDir), 'experiences.json');

const operations: Record<string, Operation> = {
  /** The first start of all, on an empty folder. */
  start: {
    async prepare() {},
    async work(desk, say) {
      saveGeneration(desk, 1, say);
    },
    look: holdsAcked,
  },
  saves: {
    prepare: (dataDir) => withDesk(dataDir, (desk) => saveGeneration(desk, 1, () => {})),
    async work(desk, say) {
      for (let n = 2; n <= 5; n++) saveGeneration(desk, n, say);
    },
    look: holdsAcked,
  },
  backup: {
    prepare: prepareTwo,
    async work(desk, say) {
      for (const n of [3, 4]) {
        saveGeneration(desk, n, say);
        say(`made ${(await desk.vault.create({ class: 'routine', reason: 'changed' })).id}`);
      }
    },
    look(desk, said, verdict) {
      holdsAcked(desk, said, verdict);
      if (!backupOf(desk, 1) || !backupOf(desk, 2)) verdict.lost.push('an older backup');
    },
  },
  restore: {
    prepare: prepareTwo,
    async work(desk, say) {
      await desk.vault.restore(backupOf(desk, 1), hooksOf(desk));
      say('restored 1');
    },
    look(desk, said, verdict) {
      const found = generationOf(desk.store);
      if (found !== 1 && found !== 2) verdict.lost.push(`state 1 or 2, found ${found}`);
      if (said.includes('restored 1') && found !== 1) verdict.lost.push('the restored state');
      if (said.includes('restored 1') && !desk.vault.paused()) verdict.lost.push('the pause');
      if (!backupOf(desk, 1) || !backupOf(desk, 2)) verdict.lost.push('a backup');
    },
  },
  undo: {
    async prepare(dataDir) {
      await prepareTwo(dataDir);
      await withDesk(dataDir, async (desk) => {
        await desk.vault.restore(backupOf(desk, 1), hooksOf(desk));
      });
    },
    async work(desk, say) {
      await desk.vault.undo(hooksOf(desk));
      say('restored 2');
    },
    look(desk, said, verdict) {
      const found = generationOf(desk.store);
      if (found !== 2 && (found !== 1 || said.includes('restored 2')))
        verdict.lost.push(`state 2, found ${found}`);
    },
  },
  /** The restore of the command line. */
  'restore-at-rest': {
    prepare: prepareTwo,
    async work() {},
    async atRest(dataDir, say) {
      const vault = await onFolder(dataDir, { programVersion: 'crash', log: silentLog });
      try {
        const { backups } = await vault.list();
        const first = backups.find(({ reason }) => reason === 'generation 1');
        await vault.restore(first?.id ?? '');
      } finally {
        await vault.close();
      }
      say('restored 1');
    },
    look: (...found) => operations['restore']?.look(...found),
  },
  /** A database that is no database any more, replaced by the newest good backup. */
  recovery: {
    async prepare(dataDir) {
      await prepareTwo(dataDir);
      writeFileSync(databasePath(dataDir), 'no database');
    },
    recover: true,
    async work(_desk, say) {
      say('restored 2');
    },
    look(desk, _said, verdict, dataDir) {
      const found = generationOf(desk.store);
      if (found !== 2) verdict.lost.push(`state 2, found ${found}`);
      if (!readdirSync(dataDir).some((name) => name.includes('.damaged-')))
        verdict.lost.push('the damaged database');
    },
  },
  /** Archives that are gone, brought back by a restore. */
  'restore-archives': {
    async prepare(dataDir) {
      await operations['archive']?.prepare(dataDir);
      await withDesk(dataDir, async (desk) => {
        await desk.store.archive({ days: -1, bytes: 1e9 });
        await desk.vault.create({ class: 'manual', reason: 'generation 1' });
      });
      rmSync(join(dataDir, 'archives'), { recursive: true });
    },
    async work(desk, say) {
      const { text } = await desk.vault.restore(backupOf(desk, 1), hooksOf(desk));
      // It goes on without them where it must, and then it says so.
      say(/archives/.test(text) ? 'restored without them' : 'restored 1');
    },
    look(desk, said, verdict, dataDir) {
      const lost = LINES - journalLines(desk, dataDir).size;
      if (said.includes('restored 1') && lost > 0) verdict.lost.push(`${lost} archived lines`);
    },
  },
  archive: {
    prepare: (dataDir) =>
      withDesk(dataDir, (desk) => {
        saveGeneration(desk, 1, () => {});
        for (let n = 0; n < LINES; n++) desk.store.save('settings', { settings: { line: n } });
      }),
    async work(desk, say) {
      // What is synced here no longer makes the archives' folder durable by chance.
      saveGeneration(desk, 2, say);
      const moved = await desk.store.archive({ days: -1, bytes: 1e9 });
      say(`archived ${moved['journal'] ?? 0}`);
      say(`made ${(await desk.vault.create({ class: 'manual', reason: 'with archives' })).id}`);
    },
    look(desk, said, verdict, dataDir) {
      holdsAcked(desk, said, verdict);
      const lost = LINES + 1 - journalLines(desk, dataDir).size;
      if (lost > 0) verdict.lost.push(`${lost} lines of the journal`);
    },
  },
  /** A protected file: a new version taken, the older one restored. */
  protected: {
    prepare: (dataDir) =>
      withDesk(dataDir, async (desk) => {
        saveGeneration(desk, 1, () => {});
        writeFileSync(protectedFile(dataDir), JSON.stringify({ version: 1 }));
        await desk.vault.protect(protectedFile(dataDir));
      }),
    async work(desk, say, dataDir) {
      const source = desk.vault.sources().find(({ kind }) => kind === 'file')?.id ?? '';
      const first = desk.vault.list().find((row) => row.source === source)?.id ?? '';
      say(`made ${first}`);
      // Its owner writes it whole and durably, in a new file under the old name.
      const draft = `${protectedFile(dataDir)}.draft`;
      writeFileSync(draft, JSON.stringify({ version: 2 }), { flush: true });
      renameSync(draft, protectedFile(dataDir));
      say(`made ${(await desk.vault.create({ class: 'manual', reason: 'two', source })).id}`);
      await desk.vault.restore(first, hooksOf(desk));
      say('file 1');
    },
    look(_desk, said, verdict, dataDir) {
      const text = readFileSync(protectedFile(dataDir), 'utf8');
      const versions = said.includes('file 1') ? [1] : [1, 2];
      if (!versions.some((version) => text === JSON.stringify({ version })))
        verdict.lost.push(`the protected file, found "${text.slice(0, 40)}"`);
    },
  },
};

export const operationNames = Object.keys(operations);

/** The control: what promises before it holds must be found out. */
export const CONTROL = 'promised too early';
const control: Operation = {
  prepare: (dataDir) => withDesk(dataDir, (desk) => saveGeneration(desk, 1, () => {})),
  async work(desk, say) {
    say('acked 2');
    saveGeneration(desk, 2, () => {});
  },
  look: holdsAcked,
};

function operationOf(name: string): Operation {
  const operation = name === CONTROL ? control : operations[name];
  if (!operation) throw new Error(`There is no operation "${name}".`);
  return operation;
}

/** The data folder of an operation, inside the folder that is watched. */
const dataIn = (folder: string): string => join(folder, 'data');

export const prepare = (name: string, folder: string): Promise<void> =>
  operationOf(name).prepare(dataIn(folder));

export function perform(name: string, folder: string, say: Say): Promise<void> {
  const { work, atRest, recover = false } = operationOf(name);
  if (atRest) return atRest(dataIn(folder), say);
  return withDesk(dataIn(folder), (desk) => work(desk, say, dataIn(folder)), { recover, say });
}

/** The start that follows a kill. */
export const startAgain = (name: string, folder: string): Promise<void> =>
  withDesk(dataIn(folder), () => {}, { recover: operationOf(name).recover ?? false });

/**
 * Starts as an operator would and looks at what must always hold: rows of one state only, no damage,
 * every backup promised good, saving at work; then at what the operation promised.
 */
export async function inspect(
  name: string,
  folder: string,
  said: readonly string[],
): Promise<Verdict> {
  const { look, recover = false } = operationOf(name);
  const verdict: Verdict = { lost: [], corrupt: [], mixed: [] };
  try {
    await withDesk(
      dataIn(folder),
      async (desk) => {
        if (generationOf(desk.store) === null) verdict.mixed.push('rows of several states');
        const { findings } = findDamage({
          path: desk.store.path,
          tables: hashedTables,
          kind: 'full',
          since: 0,
        });
        verdict.corrupt.push(...findings);
        for (const id of promised(said, 'made')) {
          const row = await desk.vault.verify(id).catch((error: unknown) => sentenceOf(error));
          if (typeof row === 'string') verdict.lost.push(row);
          else if (!row.verified) verdict.lost.push(`${id}: ${row.verifyError ?? ''}`);
        }
        look(desk, said, verdict, dataIn(folder));
        saveGeneration(desk, 99, () => {});
        if (generationOf(desk.store) !== 99) verdict.lost.push('a save after the start');
      },
      // What was once recovered needs no more help.
      { recover: recover && !said.includes('restored 2') },
    );
  } catch (error) {
    verdict.corrupt.push(`It does not start: ${sentenceOf(error)}`);
  }
  return verdict;
}
