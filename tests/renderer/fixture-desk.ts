import { parseArgs } from 'node:util';
import { silentLog } from '../../src-main/domain/log.ts';
import { startWebShell } from '../../src-main/web/server.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import type { ListSlices } from '../../src-preload/contract/slices.ts';
import { createFixture, type Fixture } from './fixture.ts';
import { marked, seeded } from './fixture-positions.ts';
import { fixtureState } from './fixture-state.ts';

export interface FixtureDesk extends Fixture {
  /** The address to open, key included. */
  url: string;
  stop(): Promise<void>;
}

/**
 * A desk made of a fixture, served by the real web shell: the screens can be looked at, driven and
 * measured without an exchange. Every position's mark moves `updatesPerSecond` times a second.
 */
export async function startFixtureDesk(options: {
  rendererFolder: string;
  port?: number;
  positions?: number;
  updatesPerSecond?: number;
  seed?: number;
}): Promise<FixtureDesk> {
  const seed = options.seed ?? 7;
  const state = fixtureState({ positions: options.positions ?? 60, now: Date.now(), seed });
  const random = seeded(seed + 1);
  const fixture = createFixture(state, Date.now);
  const { change, judge } = fixture;
  const shell = await startWebShell({
    desk: fixture,
    port: options.port ?? 0,
    rendererFolder: options.rendererFolder,
    log: silentLog,
  });

  const move = (row: PositionRow): PositionRow => {
    const price = Number(row.markPrice);
    return marked(row, price * (1 + (random() - 0.5) * 0.0006), Date.now());
  };
  const everyMs = 1000 / (options.updatesPerSecond ?? 2);
  const marks = setInterval(() => {
    state.lists.positions = state.lists.positions.map(move);
    change('positions', state.lists.positions);
  }, everyMs);
  const slow = setInterval(() => {
    state.lists.accounts = state.lists.accounts.map((row) => ({ ...row, asOf: Date.now() }));
    change('accounts', state.lists.accounts);
    judge();
    const cycle = {
      ...state.lists.cycles[0],
      startedAt: Date.now(),
      durationMs: 0.4 + random() * 0.4,
      restCalls: 0,
    } as ListSlices['cycles'];
    const dropped = state.lists.cycles.at(-1);
    state.lists.cycles = [cycle, ...state.lists.cycles.slice(0, -1)];
    change('cycles', [cycle], dropped ? [String(dropped.startedAt)] : []);
  }, 1_000);

  return {
    url: shell.url,
    ...fixture,
    async stop() {
      clearInterval(marks);
      clearInterval(slow);
      await shell.stop();
    },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      renderer: { type: 'string', default: 'out/renderer' },
      port: { type: 'string', default: '0' },
      positions: { type: 'string', default: '60' },
      rate: { type: 'string', default: '2' },
    },
  });
  const desk = await startFixtureDesk({
    rendererFolder: values.renderer,
    port: Number(values.port),
    positions: Number(values.positions),
    updatesPerSecond: Number(values.rate),
  });
  console.log(desk.url);
}
