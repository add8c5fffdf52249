import type { AlertRow } from '../../src-preload/contract/alerts.ts';
import type { Answer, DeskLink } from '../../src-preload/contract/link.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import type { Connection, DeskClient } from '../../src-renderer/client/connection.ts';
import { createFixture, type Fixture } from '../renderer/fixture.ts';
import { marked, seeded } from '../renderer/fixture-positions.ts';
import { type FixtureState, fixtureState } from '../renderer/fixture-state.ts';
import { judged } from '../support/judged.ts';
import type { DeskStateName } from './catalogue.ts';

const MINUTE = 60_000;
const SEED = 7;

/** A desk in one standing, and how a screen reaches it. */
export interface Desk {
  fixture: Fixture;
  client: DeskClient;
}

const notSent: Answer<never> = {
  ok: false,
  error: { code: 'NOT_CONNECTED', message: 'Nothing was sent: the desk cannot be reached.' },
};

/** Makes the desk of a standing. `now` is its clock, ms; `every` runs what goes on by itself. */
export function deskIn(
  name: DeskStateName,
  now: () => number,
  every: (ms: number, run: () => void) => unknown,
): Desk {
  const fixture = createFixture(stateOf(name, now()), now);
  if (name !== 'normal') fixture.judge();
  if (name === 'storm') every(100, storm(fixture, now));
  const away = name === 'loading' || name === 'disconnected';
  const call = async (command: string, input: unknown): Promise<Answer<unknown>> =>
    away ? notSent : fixture.call(command, input);
  return {
    fixture,
    client: {
      call: call as DeskLink['call'],
      subscribe: (listener) => (name === 'loading' ? () => {} : fixture.subscribe(listener)),
      onConnection(listener) {
        listener(connectionOf(name, now()));
        return () => {};
      },
    },
  };
}

function connectionOf(name: DeskStateName, now: number): Connection {
  const open = { state: 'open', since: now - 40 * MINUTE, attempts: 0, refused: false } as const;
  if (name === 'loading') return { ...open, state: 'connecting', since: now };
  if (name === 'disconnected')
    return { ...open, state: 'lost', since: now - 2 * MINUTE, attempts: 5 };
  return open;
}

function stateOf(name: DeskStateName, now: number): FixtureState {
  const state = fixtureState({
    positions: name === 'storm' ? 400 : name === 'empty' ? 0 : 60,
    now,
    seed: SEED,
  });
  if (name === 'empty') return emptied(state);
  if (name === 'error') return inTrouble(state, now);
  return state;
}

function emptied({ lists, objects }: FixtureState): FixtureState {
  return {
    lists: { ...lists, approvals: [], cycles: [], timeline: [], orders: [], monitors: [] },
    objects: {
      ...objects,
      cache: {
        ...objects.cache,
        hitRate: null,
        callsPerMinute: 0,
        callsSaved: 0,
        kinds: [],
        history: [],
      },
      backups: {
        ...objects.backups,
        sources: objects.backups.sources.slice(0, 1),
        backups: [],
        totalSize: 0,
      },
    },
  };
}

/** The position once the exchange has said something of it that nobody understands. */
function notUnderstood(row: PositionRow, since: number): PositionRow {
  const odd = { kind: 'order', field: 'orderStatus', raw: '"Frozen"' };
  const sentence = `Bybit sent an order of ${row.symbol} that is not understood here (orderStatus: "Frozen").`;
  return {
    ...row,
    unrealisedPnl: null,
    profitIfStopped: null,
    protectedSize: '0',
    protection: { state: 'unknown', beyondLiquidation: false, sentence },
    nearest: null,
    doubtful: true,
    notUnderstood: { since, sentence, oddities: [{ ...odd, sentence }] },
  };
}

function inTrouble({ lists, objects }: FixtureState, now: number): FixtureState {
  const why = 'The exchange closed the connection (1006), trying again.';
  const [first, second, third, ...others] = lists.positions;
  return {
    lists: {
      ...lists,
      accounts: lists.accounts.map((account) =>
        account.id === 'main'
          ? { ...account, streamState: 'down', streamReason: why, asOf: now - 3 * MINUTE }
          : {
              ...account,
              streamState: 'refused',
              readOnly: true,
              equity: null,
              unrealisedPnl: null,
              asOf: null,
              problem: 'The key of mirror was refused (10003): it is not valid.',
            },
      ),
      positions:
        first && second && third
          ? [
              judged({ ...first, stop: null, protectedSize: '0' }),
              notUnderstood(second, now - MINUTE),
              { ...third, contractTrouble: `Bybit has no prices for ${third.symbol}.` },
              ...others,
            ]
          : [],
      alerts: [alert(1, now, 'critical'), alert(2, now, 'warning')],
    },
    objects: {
      ...objects,
      cache: { ...objects.cache, enabled: false },
      saves: { ...objects.saves, failed: 4, dirtyRows: 311, notSavedSince: now - 6 * MINUTE },
      backups: {
        ...objects.backups,
        sources: objects.backups.sources.map((source) => ({
          ...source,
          lastFailure: 'The disk is full: 12 MB are free, and the backup needs 40 MB.',
        })),
        backups: objects.backups.backups.map((backup, n) =>
          n === 1
            ? { ...backup, verified: false, verifyError: 'Its content does not match its hash.' }
            : backup,
        ),
        undo: { restoredId: 'state-3', restoredAt: now - 4 * MINUTE },
        paused: {
          closedSince: [],
          since: now - 4 * MINUTE,
          why: 'A backup was restored. Compare with the exchange, then resume.',
        },
      },
      health: {
        ...objects.health,
        stream: objects.health.stream.map((line) => ({ ...line, state: 'down', reason: why })),
        clock: objects.health.clock.map((clock) => ({ ...clock, offsetMs: 4_210, trusted: false })),
        breakers: [{ account: 'main', kind: 'positions', state: 'open', since: now - MINUTE }],
        budgetFree: 0.02,
      },
    },
  };
}

const alert = (n: number, at: number, severity: AlertRow['severity']): AlertRow => ({
  id: `alert-${n}`,
  severity,
  rule: 'unprotected',
  account: 'main',
  symbol: 'BTCUSDT',
  text: `BTCUSDT of main has no stop (${n}).`,
  at,
});

/** One turn of the storm: every mark moves, and an alert comes. */
function storm(fixture: Fixture, now: () => number): () => void {
  const random = seeded(SEED + 1);
  const { lists } = fixture.state;
  let turn = 0;
  return () => {
    turn += 1;
    lists.positions = lists.positions.map((row) =>
      marked(row, Number(row.markPrice) * (1 + (random() - 0.5) * 0.0006), now()),
    );
    fixture.change('positions', lists.positions);
    if (turn % 10 === 0) fixture.change('alerts', [alert(turn, now(), 'warning')]);
  };
}
