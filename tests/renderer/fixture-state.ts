import type { ListSlices, ObjectSlices, PositionRow } from '../../src-preload/contract.ts';

/** What a fixture desk holds: every slice, as a desk would publish it. */
export interface FixtureState {
  lists: { [Name in keyof ListSlices]: ListSlices[Name][] };
  objects: ObjectSlices;
}

/** Symbol, price, digits of the price, digits of the quantity, usual size. */
const contracts: [string, number, number, number, number][] = [
  ['BTCUSDT', 104_118.2, 1, 3, 0.412],
  ['ETHUSDT', 2_566.15, 2, 2, 1.35],
  ['SOLUSDT', 147.304, 3, 1, 96.5],
  ['DOGEUSDT', 0.1987, 5, 0, 24_310],
  ['LINKUSDT', 13.921, 3, 1, 410.2],
  ['XRPUSDT', 2.209, 4, 0, 3_905],
  ['AVAXUSDT', 24.502, 3, 1, 182.4],
  ['ADAUSDT', 0.6702, 4, 0, 8_120],
  ['DOTUSDT', 3.977, 3, 1, 905.3],
  ['SUIUSDT', 3.1266, 4, 0, 1_420],
  ['LTCUSDT', 87.58, 2, 1, 22.4],
  ['ARBUSDT', 0.3611, 4, 1, 6_300],
  ['APTUSDT', 4.866, 3, 2, 310.5],
  ['NEARUSDT', 2.4492, 4, 1, 980],
  ['TRXUSDT', 0.27322, 5, 0, 12_400],
  ['BCHUSDT', 482.1, 1, 2, 4.2],
  ['UNIUSDT', 7.318, 3, 1, 240.6],
  ['ATOMUSDT', 4.302, 3, 1, 611],
  ['OPUSDT', 0.6234, 4, 1, 5_210],
  ['AAVEUSDT', 262.44, 2, 2, 8.11],
  ['FILUSDT', 2.481, 3, 1, 740],
  ['1000PEPEUSDT', 0.0108342, 7, 0, 312_000],
  ['HYPEUSDT', 38.271, 3, 2, 55.2],
  ['WLDUSDT', 1.0841, 4, 1, 1_905],
  ['ENAUSDT', 0.29716, 5, 0, 9_240],
  ['TIAUSDT', 1.6284, 4, 1, 1_280],
  ['INJUSDT', 11.214, 3, 1, 131.7],
  ['TONUSDT', 2.9173, 4, 1, 402.8],
  ['ETCUSDT', 16.412, 3, 1, 88.3],
  ['1000BONKUSDT', 0.0141263, 7, 0, 188_400],
];

/** A seeded generator (mulberry32), so that every run shows the same desk. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const shares = [0.85, 0.05, 0.05, 0.05];

/** One position; `n` counts over both accounts, so symbols repeat with a number behind when there are many. */
export function fixturePosition(n: number, now: number, random: () => number): PositionRow {
  const contract = contracts[Math.floor(n / 2) % contracts.length];
  if (!contract) throw new Error('No contract.');
  const [name, price, priceDecimals, quantityDecimals, usual] = contract;
  const round = Math.floor(n / 2 / contracts.length);
  const account = n % 2 === 0 ? 'main' : 'mirror';
  const side = random() < 0.62 ? 'long' : 'short';
  const way = side === 'long' ? 1 : -1;
  const entry = price * (1 - way * (random() - 0.4) * 0.03);
  const full = usual * (account === 'main' ? 1 : 0.31) * (1 + round * 0.1);
  const at = (value: number): string => value.toFixed(priceDecimals);
  const hit = random() < 0.25;
  const size = hit ? full * 0.15 : full;
  const breakeven = hit;
  const stopPrice = at(
    breakeven ? entry * (1 + way * 0.0012) : entry * (1 - way * (0.02 + random() * 0.03)),
  );
  const takeProfits = shares.map((share, index) => {
    const quantity = (full * share).toFixed(quantityDecimals);
    const part =
      index === 0 && !hit && random() < 0.1 ? (full * share * 0.4).toFixed(quantityDecimals) : '0';
    return {
      level: index + 1,
      price: at(entry * (1 + way * (0.012 + index * 0.014))),
      quantity,
      filledQuantity: hit && index === 0 ? quantity : part,
      orderId: `o${n}-${index}`,
    };
  });
  const building = !hit && random() < 0.12;
  const row: PositionRow = {
    account,
    symbol: round === 0 ? name : name.replace('USDT', `${round}USDT`),
    side,
    positionIdx: 0,
    size: size.toFixed(quantityDecimals),
    entryPrice: at(entry),
    markPrice: at(price),
    unrealisedPnl: '0',
    leverage: String([3, 5, 10, 20][Math.floor(random() * 4)]),
    liquidationPrice: at(entry * (1 - way * 0.26)),
    stop: { price: stopPrice, quantity: 'full', source: 'position' },
    protectedSize: size.toFixed(quantityDecimals),
    takeProfits,
    phase: hit ? 'taking-profit' : building ? 'building' : 'protected',
    urgency: 'active',
    breakevenMoved: breakeven,
    nearest: null,
    priceDecimals,
    quantityDecimals,
    asOf: now,
    source: 'stream',
  };
  return marked(row, price, now);
}

/** The position at another mark: P&L, nearest level and urgency follow. */
export function marked(row: PositionRow, price: number, now: number): PositionRow {
  const way = row.side === 'long' ? 1 : -1;
  const pnl = (price - Number(row.entryPrice)) * Number(row.size) * way;
  const levels = [
    ...row.takeProfits
      .filter(({ quantity, filledQuantity }) => quantity !== filledQuantity)
      .map((rung) => ({ what: `TP${rung.level}`, price: rung.price })),
    ...(row.stop ? [{ what: 'Stop', price: row.stop.price }] : []),
  ].map((level) => ({ ...level, distance: Math.abs(Number(level.price) - price) / price }));
  const nearest = levels.toSorted((a, b) => a.distance - b.distance)[0] ?? null;
  const near = nearest?.distance ?? 1;
  return {
    ...row,
    markPrice: price.toFixed(row.priceDecimals),
    unrealisedPnl: pnl.toFixed(8),
    nearest,
    urgency: !row.stop || near < 0.01 ? 'critical' : near < 0.03 ? 'urgent' : 'active',
    asOf: now,
  };
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
    positions[12] = {
      ...naked,
      stop: null,
      protectedSize: '0',
      takeProfits: [],
      phase: 'adopted',
      nearest: null,
    };
  }
  const partly = positions[27];
  if (partly) positions[27] = { ...partly, protectedSize: String(Number(partly.size) / 2) };

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

  const backup = (
    source: string,
    n: number,
    madeAt: number,
    kindOf: 'routine' | 'manual' | 'before-restore' | 'before-upgrade',
    counts: Record<string, number>,
    size: number,
  ) => ({
    id: `${source}-${n}`,
    source,
    file: `${source}.20261120_1${n}0000.backup`,
    class: kindOf,
    reason: {
      routine: 'state changed',
      manual: 'asked for',
      'before-restore': 'undo point',
      'before-upgrade': '0.1.0 → 0.1.1',
    }[kindOf],
    madeAt,
    size,
    storedSize: Math.round(size * 0.21),
    sha256: '9f3a51d07be2446a8c60f2e1b7a4c21e9f3a51d07be2446a8c60f2e1b7a4c21e',
    counts,
    newestEventAt: madeAt - 9_000,
    programVersion: '0.1.1',
    schemaVersion: source === 'state' ? 7 : null,
    verifiedAt: madeAt + 800,
    verified: true,
    verifyError: null as string | null,
    pinned: kindOf === 'manual',
    note: kindOf === 'manual' ? 'before changing the TP split' : null,
    fate: {
      keep: n < 9,
      why: n < 9 ? 'Kept: among the newest 10.' : 'Goes: older than the newest 10.',
    },
  });
  const stateCounts = (n: number) => ({
    monitors: 60 - n,
    openTrades: 41 - n,
    executions: 18_204 - n * 210,
  });
  const kinds = [
    'routine',
    'before-restore',
    'routine',
    'routine',
    'manual',
    'before-upgrade',
    'routine',
    'routine',
    'routine',
    'routine',
  ] as const;
  const ages = [4, 5, 19, 34, 96, 190, 11 * 60, 26 * 60, 50 * 60, 76 * 60];

  return {
    lists: {
      accounts: [account('main', '52418.07', 'armed'), account('mirror', '17203.90', 'propose')],
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
      approvals: [
        {
          id: 'a1',
          account: 'mirror',
          symbol: 'SOLUSDT',
          what: 'Move the stop to breakeven',
          why: 'Take-profit 1 filled (26.9 of 26.9).',
          order: { symbol: 'SOLUSDT', stopLoss: '148.210', tpslMode: 'Full' },
          proposedAt: now - 90_000,
        },
      ],
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
    },
    objects: {
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
      backups: {
        sources: [
          {
            id: 'state',
            kind: 'database',
            path: '/home/op/holdfast/holdfast.db',
            lastVersionAt: now - 4 * minute,
            nextDueAt: now + 11 * minute,
            lastFailure: null,
          },
          {
            id: 'signal',
            kind: 'file',
            path: '/home/op/bot/signal_experiences_v2.json',
            lastVersionAt: now - hour,
            nextDueAt: null,
            lastFailure: null,
          },
          {
            id: 'exit',
            kind: 'file',
            path: '/home/op/bot/exit_experiences_v2.json',
            lastVersionAt: now - 5 * hour,
            nextDueAt: null,
            lastFailure: null,
          },
        ],
        backups: [
          ...kinds.map((kindOf, n) =>
            backup(
              'state',
              n,
              now - (ages[n] ?? 0) * minute,
              kindOf,
              stateCounts(n),
              9_100_000 - n * 120_000,
            ),
          ),
          ...[1, 9, 22].map((h, n) =>
            backup(
              'signal',
              n,
              now - h * hour,
              'routine',
              { experiences: 12_538 - n * 31 },
              31_400_000,
            ),
          ),
          ...[5, 30].map((h, n) =>
            backup(
              'exit',
              n,
              now - h * hour,
              'routine',
              { experiences: 3_769 - n * 12 },
              51_000_000,
            ),
          ),
        ],
        totalSize: 97_300_000,
        sizeLimit: 500_000_000,
        running: null,
        undo: null,
        paused: null,
      },
      statistics: { asOf: null, figures: {} },
      settings: {
        ttlSeconds: { positions: 15, orders: 15, executions: 15, wallet: 30 },
        cacheEnabled: true,
        routineSaveSeconds: 30,
        backup: { minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 500 },
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
