import { defaultPreferences } from '../../src-preload/contract/preferences.ts';
import type { ListSlices, ObjectSlices } from '../../src-preload/contract/slices.ts';
import { judged, verdictOfRows } from '../support/judged.ts';
import { fixtureAnswered, fixtureApprovals } from './fixture-approvals.ts';
import { fixturePosition, seeded } from './fixture-positions.ts';
import { fixtureVault } from './fixture-vault.ts';

/** What a fixture desk holds: every slice, as a desk would publish it. */
export interface FixtureState {
  lists: { [Name in keyof ListSlices]: ListSlices[Name][] };
  objects: ObjectSlices;
}

const hour = 3_600_000;
const minute = 60_000;

/** A whole desk with `positions` positions over two accounts, made of `seed`. */
export function fixtureState(options: {
  positions: number;
  now: number;
  seed: number;
}): FixtureState {
  const { now } = options;
  const random = seeded(options.seed);
  const positions = Array.from({ length: options.positions }, (_, n) =>
    fixturePosition(n, now, random),
  );
  const naked = positions[12];
  if (naked) {
    positions[12] = judged({
      ...naked,
      stop: null,
      protectedSize: '0',
      takeProfits: [],
      phase: 'adopted',
      nearest: null,
    });
  }
  const partly = positions[27];
  if (partly) {
    positions[27] = judged({ ...partly, protectedSize: String(Number(partly.size) / 2) });
  }

  const account = (id: 'main' | 'mirror', equity: string, mode: 'armed' | 'propose') =>
    ({
      id,
      role: id,
      venue: 'practice',
      mode,
      equity,
      available: '31204.11',
      unrealisedPnl: id === 'main' ? '612.44' : '-38.12',
      streamState: 'ready',
      streamReason: null,
      asOf: now,
      readOnly: false,
      problem: null,
    }) as const;

  const accounts = [account('main', '52418.07', 'armed'), account('mirror', '17203.90', 'propose')];
  const timeline = positions.slice(0, 12).flatMap((row, n) =>
    (
      [
        [
          'confirmed',
          'Stop moved to breakeven',
          'Confirmed by the exchange 9 ms after it was sent. Entry + fees 0.11 % + 0.01 %, rounded up to the tick.',
        ],
        ['confirmed', '2 unfilled entries cancelled', 'Both confirmed.'],
        [
          'decided',
          'Decided: cancel entries, move stop to breakeven',
          'Because take-profit 1 filled.',
        ],
        ['seen', 'Take-profit 1 filled', 'Seen on the private stream, execution …91ab.'],
      ] as const
    ).map(([stage, text, detail], index) => ({
      id: `t${n}-${index}`,
      account: row.account,
      symbol: row.symbol,
      positionIdx: row.positionIdx,
      at: now - 40 * minute - index * 6,
      stage,
      text,
      detail,
    })),
  );

  const kind = (
    id: 'main' | 'mirror',
    name: string,
    ttlMs: number,
    hits: number,
    misses: number,
  ) => ({
    account: id,
    kind: name,
    ttlMs,
    ageMs: Math.floor(random() * ttlMs),
    hits,
    misses,
    coalesced: Math.floor(hits * 0.08),
    refusedStale: Math.floor(misses * 0.02),
    invalidations: Math.floor(misses * 0.4),
    evictions: 0,
    restCalls: misses * 2,
    callsSaved: hits * 2,
    sweepDifferences: name === 'orders' && id === 'main' ? 1 : 0,
  });

  return {
    lists: {
      accounts,
      away: [],
      positions,
      orders: positions.flatMap((row) =>
        row.takeProfits.map((rung) => ({
          account: row.account,
          symbol: row.symbol,
          side: row.side === 'long' ? ('Sell' as const) : ('Buy' as const),
          orderId: rung.orderId ?? '',
          orderLinkId: null,
          positionIdx: row.positionIdx,
          price: rung.price,
          quantity: rung.quantity,
          filledQuantity: rung.filledQuantity,
          reduceOnly: true,
          stopOrderType: null,
          triggerPrice: null,
          status: 'New',
        })),
      ),
      monitors: positions.map(
        ({ account: id, symbol, side, positionIdx, phase, size, quantityDecimals }) => ({
          account: id,
          symbol,
          side,
          positionIdx,
          phase,
          mode: 'armed' as const,
          targetSize: phase === 'building' ? (Number(size) * 2).toFixed(quantityDecimals) : size,
          size,
          openedAt: now - 3 * hour,
          updatedAt: now,
        }),
      ),
      approvals: fixtureApprovals(positions, now),
      answered: fixtureAnswered(now),
      cycles: Array.from({ length: 240 }, (_, n) => ({
        startedAt: now - n * 1_000,
        durationMs: 0.4 + random() * 0.5 + (n % 60 === 17 ? 38 : 0),
        restCalls: n % 60 === 17 ? 4 : 0,
        cacheAnswers: 120,
        monitors: 60,
        urgency: { critical: 3, urgent: 9, active: 30, stable: 14, dormant: 4 },
        actions: 0,
      })),
      alerts: [],
      history: [],
      timeline,
      operations: [
        {
          id: 'o2',
          what: 'Close all on main and mirror',
          author: 'operator' as const,
          accounts: ['main', 'mirror'],
          beganAt: now - hour,
          endedAt: now - hour + 60_000,
          state: 'interrupted' as const,
          steps: [
            { text: 'Close everything on main', doneAt: now - hour + 4_000 },
            { text: 'Close everything on mirror', doneAt: null },
          ],
          summary: null,
          why: 'Holdfast stopped before it was finished. Done: Close everything on main. Not done: Close everything on mirror.',
        },
        {
          id: 'o1',
          what: 'Arm main',
          author: 'operator' as const,
          accounts: ['main'],
          beganAt: now - 2 * hour,
          endedAt: now - 2 * hour,
          state: 'committed' as const,
          steps: [],
          summary: 'main is armed.',
          why: null,
        },
      ],
    },
    objects: {
      verdict: verdictOfRows(accounts, positions, { paused: false, now }),
      cache: {
        hitRate: 0.9962,
        callsPerMinute: 14,
        callsSaved: 1_204_331,
        callsPerMinuteWithoutCache: 7_340,
        enabled: true,
        kinds: (['main', 'mirror'] as const).flatMap((id) => [
          kind(id, 'positions', 15_000, 184_220, 512),
          kind(id, 'orders', 15_000, 184_220, 514),
          kind(id, 'executions', 15_000, 61_407, 260),
          kind(id, 'wallet', 30_000, 30_703, 190),
        ]),
        history: Array.from({ length: 90 }, (_, n) => ({
          at: now - (90 - n) * minute,
          hitRate: 0.99 + random() * 0.009,
          calls: Math.round(10 + random() * 10 + (n % 30 === 8 ? 60 : 0)),
          callsWithoutCache: Math.round(7_200 + random() * 300),
        })),
      },
      saves: {
        critical: 214,
        routine: 96,
        deferred: 148_233,
        coalesced: 147_950,
        failed: 0,
        transactions: 310,
        bytesWritten: 18_422_113,
        dirtyRows: 41,
        lastSavedAt: now - 12_000,
        notSavedSince: null,
        longestPauseMs: 1.8,
        byReason: {
          marks: 96,
          'TP hit': 31,
          'stop moved': 31,
          'phase change': 44,
          'intent step': 108,
        },
      },
      backups: fixtureVault(now),
      preferences: defaultPreferences,
      statistics: { asOf: null, figures: {} },
      settings: {
        ttlSeconds: { positions: 15, orders: 15, executions: 15, wallet: 30 },
        cacheEnabled: true,
        routineSaveSeconds: 30,
        playbooks: {},
        backup: {
          minimumMinutes: 15,
          keepRoutine: 10,
          sizeLimitMB: 500,
          calendar: { everythingHours: 2, hourly: 24, daily: 14, weekly: 8, monthly: 6 },
          secondFolder: null,
        },
      },
      health: {
        version: '0.1.0',
        startedAt: now - 3 * hour,
        dataFolder: '/home/op/holdfast',
        practiceUrl: 'http://127.0.0.1:8120',
        stream: (['main', 'mirror'] as const).map((id) => ({
          account: id,
          state: 'ready' as const,
          reason: null,
          since: now - 3 * hour,
        })),
        clock: (['main', 'mirror'] as const).map((id) => ({
          account: id,
          offsetMs: 12,
          uncertaintyMs: 3,
          trusted: true,
        })),
        breakers: [],
        budgetFree: 0.97,
        disk: { freeBytes: 214_000_000_000, databaseBytes: 9_100_000 },
        eventLoop: { p99Ms: 2.1, maxMs: 11.4 },
        memoryMB: 84,
      },
    },
  };
}
