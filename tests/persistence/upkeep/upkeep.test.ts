import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { AlertRecord } from '../../../src-main/persistence/records.ts';
import { monthsBetween, surplus } from '../../../src-main/persistence/upkeep/archive.ts';
import { verified } from '../../../src-main/persistence/upkeep/archive-file.ts';
import { savedRows } from '../../support/saved-rows.ts';
import { sampleMonitor } from '../samples.ts';
import { type Bench, copyOf, countOf, openBench, openLoaded, outsider } from '../support.ts';

const DAY = 86_400_000;
const limits = { days: 90, bytes: 64 * 1024 * 1024 };

const linesOf = (bench: Bench, file: string): { key: string; at: number }[] =>
  zstdDecompressSync(readFileSync(join(bench.dataDir, 'archives', file)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { key: string; at: number });

/** One journal line a day for so many days, from where the clock stands. */
function liveFor(bench: Bench, days: number): void {
  for (let day = 0; day < days; day++) {
    bench.store.save('fill', { monitors: [sampleMonitor({ size: String(bench.clock.now()) })] });
    bench.clock.advance(DAY);
  }
}

const alert = (id: string, at: number, owed: string[]): AlertRecord => ({
  id,
  severity: 'info',
  rule: 'closed',
  account: null,
  symbol: null,
  text: 'Closed.',
  at,
  owed,
});

test('months are cut at their ends, in UTC', () => {
  const from = Date.UTC(2025, 11, 30, 5);
  expect(monthsBetween(from, Date.UTC(2026, 1, 2))).toEqual([
    { name: '202512', from, before: Date.UTC(2026, 0, 1) },
    { name: '202601', from: Date.UTC(2026, 0, 1), before: Date.UTC(2026, 1, 1) },
    { name: '202602', from: Date.UTC(2026, 1, 1), before: Date.UTC(2026, 1, 2) },
  ]);
  expect(monthsBetween(from, from)).toEqual([]);
});

test('what is over the size limit is taken from the largest table', () => {
  const loads = [
    { table: 'journal', rows: 100, rowBytes: 10 },
    { table: 'cycles', rows: 1000, rowBytes: 10 },
  ];
  expect(surplus(loads, 11_000)).toEqual([]);
  expect(surplus(loads, 10_000)).toEqual([{ table: 'cycles', rows: 300 }]);
  expect(surplus(loads, 500)).toEqual([
    { table: 'cycles', rows: 1000 },
    { table: 'journal', rows: 60 },
  ]);
});

test('old lines of the journal move into archives by month, and the rest stays', async () => {
  const bench = await openLoaded();
  liveFor(bench, 40); // June 1 to July 10
  const keys = savedRows<{ id: string }>(bench.store, 'journal').map((line) => line.id);
  bench.clock.advance(75 * DAY);
  const moved = await bench.store.archive(limits);
  expect(moved).toEqual({ journal: 25 });
  expect(countOf(bench.dataDir, 'journal')).toBe(15);
  expect(readdirSync(join(bench.dataDir, 'archives'))).toEqual(['journal.202506.jsonl.zst']);
  expect(linesOf(bench, 'journal.202506.jsonl.zst').map((line) => line.key)).toEqual(
    keys.slice(15).toReversed(),
  );

  bench.clock.advance(10 * DAY);
  expect(await bench.store.archive(limits)).toEqual({ journal: 10 });
  expect(readdirSync(join(bench.dataDir, 'archives'))).toEqual([
    'journal.202506.jsonl.zst',
    'journal.202507.jsonl.zst',
  ]);
  const june = linesOf(bench, 'journal.202506.jsonl.zst');
  const july = linesOf(bench, 'journal.202507.jsonl.zst');
  expect([...june, ...july].map((line) => line.key)).toEqual(keys.slice(5).toReversed());
  expect(await bench.store.archive(limits)).toEqual({});
});

test('an alert that a channel still owes is not archived', async () => {
  const bench = await openLoaded();
  const at = bench.clock.now();
  bench.store.save('alert', { alerts: [alert('a', at, []), alert('b', at, ['telegram'])] });
  bench.clock.advance(200 * DAY);
  expect(await bench.store.archive(limits)).toMatchObject({ alerts: 1 });
  expect(bench.store.alerts(9).map((row) => row.id)).toEqual(['b']);
});

test('the size limit archives young rows too', async () => {
  const bench = await openLoaded();
  const cycles = Array.from({ length: 500 }, (_, index) => ({
    startedAt: bench.clock.now() + index,
    durationMs: 2,
    restCalls: 0,
    cacheAnswers: 60,
    monitors: 30,
    urgency: {},
    actions: 0,
  }));
  bench.store.save('cycle', { cycles });
  bench.clock.advance(DAY);
  const { cycles: moved = 0 } = await bench.store.archive({ days: 90, bytes: 100_000 });
  expect(moved).toBeGreaterThan(200);
  expect(savedRows(bench.store, 'cycles')).toHaveLength(500 - moved);
});

test('killed between publishing and deleting, no row is lost or archived twice', async () => {
  const bench = await openLoaded();
  liveFor(bench, 10);
  bench.clock.advance(200 * DAY);
  const before = copyOf(bench.dataDir);
  await bench.store.archive(limits);
  expect(countOf(bench.dataDir, 'journal')).toBe(0);

  // As after a kill right behind the renaming, or after a restore: the rows are back.
  bench.store.refuseWrites('A test puts the rows back.');
  await bench.store.replaceFrom(before);
  bench.store.load();
  bench.store.allowWrites();
  expect(countOf(bench.dataDir, 'journal')).toBe(10);
  expect(await bench.store.archive(limits)).toEqual({ journal: 10 });
  expect(countOf(bench.dataDir, 'journal')).toBe(0);
  expect(linesOf(bench, 'journal.202506.jsonl.zst')).toHaveLength(10);
});

test('onto a damaged archive nothing is added, and the rows stay in the database', async () => {
  const bench = await openLoaded();
  liveFor(bench, 10);
  bench.clock.advance(85 * DAY);
  await bench.store.archive(limits);
  const archives = join(bench.dataDir, 'archives');
  const file = join(archives, 'journal.202506.jsonl.zst');
  const sound = readFileSync(file);
  const damaged = Buffer.from(sound);
  damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
  writeFileSync(file, damaged);
  const left = countOf(bench.dataDir, 'journal');
  bench.clock.advance(30 * DAY);
  await expect(bench.store.archive(limits)).rejects.toThrow(/Move it elsewhere/);
  expect(countOf(bench.dataDir, 'journal')).toBe(left);
  expect(readdirSync(archives)).toEqual(['journal.202506.jsonl.zst']);
  await expect(verified(file, 0)).rejects.toThrow();

  writeFileSync(file, sound);
  await bench.store.archive(limits);
  expect(linesOf(bench, 'journal.202506.jsonl.zst')).toHaveLength(10);
});

test('the daily work is decided by stored time, also after a restart', async () => {
  const bench = await openLoaded();
  liveFor(bench, 3);
  const lastFull = (): number =>
    outsider(bench.dataDir)
      .prepare<[], number>("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'fullCheckAt'")
      .pluck()
      .get() ?? 0;
  await bench.store.upkeep();
  const first = lastFull();
  expect(first).toBe(bench.clock.now());
  bench.clock.advance(3_600_000);
  await bench.store.upkeep();
  expect(lastFull()).toBe(first);
  bench.store.close();

  const again = await openBench(bench.dataDir);
  again.store.load();
  again.clock.advance(5 * DAY);
  await again.store.upkeep();
  expect(lastFull()).toBe(again.clock.now());
  expect(again.troubles).toEqual([]);
});

test('a quick look finds a bit that flipped in what was saved since the last one', async () => {
  const bench = await openLoaded();
  await bench.store.upkeep();
  liveFor(bench, 1);
  outsider(bench.dataDir).exec(`UPDATE monitors SET data = replace(data, '"62000"', '"52000"')`);
  expect(await bench.store.check('quick')).toHaveLength(1);
  expect(bench.troubles).toMatchObject([{ kind: 'integrity' }]);
  bench.store.close();
  expect((await openBench(bench.dataDir)).store.load().monitors[0]?.stop?.price).toBe('62000');
});
