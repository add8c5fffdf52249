import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLines, type Lines } from '../../../src-main/desk/accounts/lines.ts';
import { settingsFrom } from '../../../src-main/desk/state/settings.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import { createBans } from '../../../src-main/exchange/rest/bans.ts';
import { watchGateway } from '../../support/gateway-watch.ts';
import {
  type LoopbackVenue,
  listReply as list,
  positionRow,
  startLoopbackVenue,
} from '../../support/loopback-venue.ts';
import { manualClock } from '../../support/manual-clock.ts';

const MINUTE = 60_000;

let venue: LoopbackVenue;
let dataDir: string;
let clock: ReturnType<typeof manualClock>;
const open: Lines[] = [];

beforeEach(async () => {
  venue = await startLoopbackVenue();
  dataDir = mkdtempSync(join(tmpdir(), 'bans-'));
  clock = manualClock();
});
afterEach(async () => {
  for (const lines of open.splice(0)) await close(lines);
  await venue.stop();
  rmSync(dataDir, { recursive: true });
});

const close = async ({ gateways, market }: Lines): Promise<void> => {
  await Promise.all([...[...gateways.values()].map((gateway) => gateway.stop()), market.stop()]);
};

/** The lines of a desk with two accounts on one venue. */
function linesOf(): Lines {
  const config = { ...venue.line, mode: 'watch', venue: 'custom' } as const;
  const lines = createLines({
    configs: [
      { ...config, id: 'main', role: 'main' },
      { ...config, id: 'mirror', role: 'mirror' },
    ] as unknown as Parameters<typeof createLines>[0]['configs'],
    loaded: { lastExecution: {}, recentExecutions: [], settings: {} } as unknown as Parameters<
      typeof createLines
    >[0]['loaded'],
    settings: settingsFrom({}),
    dataDir,
    clock,
    log: silentLog,
    onDifferences() {},
  });
  open.push(lines);
  return lines;
}

/** What every line of the desk says when it is asked something. */
const ask = async ({ gateways, market }: Lines) => {
  const reads = [
    gateways.get('main')?.wallet(),
    gateways.get('mirror')?.wallet(),
    market.tickers(),
  ];
  return Promise.all(reads.map(async (read) => (await read)?.state));
};

async function banned(lines: Lines): Promise<void> {
  venue.on('/v5/position/list', { status: 403, body: 'access too frequent' });
  venue.on('/v5/market/tickers', list([]));
  expect((await lines.gateways.get('main')?.position('BTCUSDT'))?.state).toBe('unknown');
  venue.on('/v5/position/list', list([positionRow()]));
}

test('HTTP 403 to one account stops every account and the market for ten minutes', async () => {
  const lines = linesOf();
  await banned(lines);
  const sent = venue.requests.length;
  expect(await ask(lines)).toEqual(['unknown', 'unknown', 'unknown']);
  const mirror = lines.gateways.get('mirror');
  expect(mirror?.status().stoppedUntil).toBe(clock.now() + 10 * MINUTE);
  const stop = { symbol: 'BTCUSDT', positionIdx: 0, stopLoss: '1' } as const;
  expect(await mirror?.setTradingStop(stop, 'protect')).toMatchObject({ state: 'refused' });
  clock.advance(10 * MINUTE - 1);
  await ask(lines);
  expect(venue.requests.length).toBe(sent);
  clock.advance(1);
  expect(mirror?.status().stoppedUntil).toBeNull();
  expect(await ask(lines)).toEqual(['ok', 'ok', 'empty']);
});

test('a restart does not forget the ban, and says it as the reason', async () => {
  const before = linesOf();
  await banned(before);
  await close(before);
  const sent = venue.requests.length;
  clock.advance(4 * MINUTE);
  const after = linesOf();
  expect(await ask(after)).toEqual(['unknown', 'unknown', 'unknown']);
  const mirror = after.gateways.get('mirror');
  const read = await mirror?.wallet();
  expect(read?.state === 'unknown' && read.reason).toContain('blocked this address');
  expect(mirror?.status().stoppedUntil).toBe(clock.now() + 6 * MINUTE);
  expect(venue.requests.length).toBe(sent);
  clock.advance(6 * MINUTE);
  expect(await ask(after)).toEqual(['ok', 'ok', 'empty']);
});

test('a stream that cannot start for a ban is down with the ban as its reason', async () => {
  const bans = createBans(clock);
  bans.ban(venue.line.restUrl, MINUTE);
  const { gateway, event } = watchGateway(venue.line, { clock, bans });
  gateway.start();
  const down = await event('stream', ({ state }) => state === 'down');
  expect(down.reason).toContain('blocked this address');
  expect(venue.requests).toEqual([]);
  await gateway.stop();
});

test('E6 a ban holds for its own host and its own time, whatever was noted and however the clock is set', () => {
  const start = clock.now();
  let set = 0;
  const moved = { ...clock, now: () => clock.now() + set };
  const kept: Record<string, number>[] = [];
  const bans = createBans(moved, {
    load: () => ({ 'a.test': start + 3_600_000, 'b.test': start - 1 }),
    save: (all) => kept.push({ ...all }),
  });
  expect(bans.until('https://a.test')).toBe(start + 10 * MINUTE);
  expect(bans.until('https://b.test')).toBeNull();
  bans.ban('https://c.test:8443/path', MINUTE);
  expect(bans.until('https://c.test:8443')).toBe(start + MINUTE);
  expect(bans.until('https://c.test')).toBeNull();
  expect(kept).toEqual([{ 'a.test': start + 10 * MINUTE, 'c.test:8443': start + MINUTE }]);
  set = -3_600_000;
  expect(bans.until('https://c.test:8443')).toBe(moved.now() + MINUTE);
  clock.advance(MINUTE);
  expect(bans.until('https://c.test:8443')).toBeNull();
});

test('a note of bans that cannot be read is left out, and the next ban is noted again', async () => {
  const path = join(dataDir, 'ban.json');
  writeFileSync(path, '{"a.test":');
  const lines = linesOf();
  await banned(lines);
  const host = new URL(venue.line.restUrl).host;
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ [host]: clock.now() + 10 * MINUTE });
});
