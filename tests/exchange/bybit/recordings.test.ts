import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isZero, sum } from '../../../src-main/domain/numbers.ts';
import { MalformedRow } from '../../../src-main/exchange/bybit/fields.ts';
import { mapExecution } from '../../../src-main/exchange/bybit/map-execution.ts';
import { mapInstrument } from '../../../src-main/exchange/bybit/map-instrument.ts';
import { mapOrder } from '../../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../../src-main/exchange/bybit/map-position.ts';
import { mapTicker, mergeTicker } from '../../../src-main/exchange/bybit/map-ticker.ts';
import { mapWallet } from '../../../src-main/exchange/bybit/map-wallet.ts';
import { type RowKind, recordedRows } from '../../support/recorded-rows.ts';
import { sharedPath } from '../../support/shared.ts';

const folder = sharedPath('recordings');
if (folder === null) {
  console.log(
    'Skipped: the recordings are not beside this checkout, so only our own payloads were read.',
  );
}

type Row = Record<string, unknown>;
type Mapped = Record<string, unknown>;
/** What a domain field must be, worked out from the payload in a way of its own. */
type Expected = (row: Row, mapped: Mapped) => unknown;

const written =
  (...names: string[]): Expected =>
  (row) => {
    for (const name of names) if (row[name] !== undefined && row[name] !== '') return row[name];
    return null;
  };
const none = (value: unknown): boolean => value === null || value === undefined || value === '';
const zeroIsNone =
  (...names: string[]): Expected =>
  (row) => {
    const value = written(...names)(row, {});
    return none(value) || isZero(value as string) ? null : value;
  };
const ms =
  (...names: string[]): Expected =>
  (row) => {
    const value = written(...names)(row, {});
    return none(value) ? null : Number(value);
  };
const except =
  (name: string, ...usual: string[]): Expected =>
  (row) => {
    const value = written(name)(row, {});
    return usual.includes(value as string) ? null : value;
  };
const yes =
  (name: string): Expected =>
  (row) =>
    row[name] === true;
const isSideless = (row: Row): boolean =>
  'size' in row && !('side' in row) && row['positionIdx'] === 0;
const isFlat = (row: Row): boolean => none(row['size']) || isZero(row['size'] as string);
/** The stream writes `""` for a flat position's amounts where REST writes "0", or the reverse. */
const zeroWhenFlat =
  (name: string): Expected =>
  (row) =>
    written(name)(row, {}) ?? (isFlat(row) ? '0' : null);
const translated =
  (name: string, words: Record<string, string>): Expected =>
  (row) =>
    words[row[name] as string] ?? row[name];

const carried: Record<RowKind, Record<string, Expected>> = {
  position: {
    symbol: written('symbol'),
    positionIdx: written('positionIdx'),
    // An answer to add-margin names no side, but in hedge mode the index does.
    side: (row) =>
      isFlat(row)
        ? null
        : ({ Buy: 'long', Sell: 'short' }[row['side'] as string] ??
          [null, 'long', 'short'][row['positionIdx'] as number]),
    size: (row) => (isFlat(row) ? '0' : row['size']),
    entryPrice: zeroIsNone('avgPrice', 'entryPrice'),
    markPrice: zeroIsNone('markPrice'),
    positionValue: zeroWhenFlat('positionValue'),
    leverage: written('leverage'),
    liquidationPrice: zeroIsNone('liqPrice'),
    venueBreakEvenPrice: zeroIsNone('breakEvenPrice'),
    unrealisedPnl: zeroWhenFlat('unrealisedPnl'),
    currentRealisedPnl: written('curRealisedPnl'),
    cumulativeRealisedPnl: written('cumRealisedPnl'),
    initialMargin: zeroWhenFlat('positionIM'),
    maintenanceMargin: zeroWhenFlat('positionMM'),
    takeProfit: zeroIsNone('takeProfit'),
    stopLoss: zeroIsNone('stopLoss'),
    trailingStop: zeroIsNone('trailingStop'),
    // `normal` is the spelling of 2022, `Classic` and "" are classic accounts without a status.
    status: (row) => ({ Liq: 'Liq', Adl: 'Adl' })[row['positionStatus'] as string] ?? 'Normal',
    adlRank: (row) => row['adlRankIndicator'] ?? 0,
    reduceOnly: yes('isReduceOnly'),
    openedAt: (row) => (row['openTime'] ? Number(row['openTime']) : null),
    createdAt: ms('createdTime', 'CreatedTime'),
    updatedAt: ms('updatedTime'),
    seq: (row) => Number(row['seq'] ?? -1),
  },
  order: {
    symbol: written('symbol'),
    orderId: written('orderId'),
    orderLinkId: written('orderLinkId'),
    parentOrderLinkId: written('parentOrderLinkId'),
    positionIdx: written('positionIdx'),
    side: written('side'),
    type: written('orderType'),
    timeInForce: translated('timeInForce', { GoodTillCancel: 'GTC' }),
    price: zeroIsNone('price'),
    quantity: written('qty'),
    filledQuantity: written('cumExecQty'),
    averagePrice: zeroIsNone('avgPrice'),
    fees: written('cumExecFee'),
    // Spot's name for what the other categories call Cancelled with fills.
    status: translated('orderStatus', { PartiallyFilledCanceled: 'Cancelled' }),
    reduceOnly: yes('reduceOnly'),
    closeOnTrigger: yes('closeOnTrigger'),
    stopOrderType: except('stopOrderType', 'UNKNOWN'),
    triggerPrice: zeroIsNone('triggerPrice'),
    // One documentation example has a price here, a slip of its editor.
    triggerBy: except('triggerBy', 'UNKNOWN', '1192.5'),
    triggerDirection: (row) => (row['triggerDirection'] === 0 ? null : row['triggerDirection']),
    takeProfit: zeroIsNone('takeProfit'),
    stopLoss: zeroIsNone('stopLoss'),
    tpslMode: except('tpslMode', 'UNKNOWN'),
    createType: written('createType'),
    cancelType: except('cancelType', 'UNKNOWN'),
    rejectReason: except('rejectReason', 'EC_NoError'),
    createdAt: ms('createdTime'),
    updatedAt: ms('updatedTime'),
  },
  execution: {
    symbol: written('symbol'),
    execId: written('execId'),
    orderId: written('orderId'),
    orderLinkId: written('orderLinkId'),
    type: (row) => row['execType'] || 'Trade',
    side: written('side'),
    orderType: except('orderType', 'UNKNOWN'),
    stopOrderType: except('stopOrderType', 'UNKNOWN'),
    createType: written('createType'),
    price: written('execPrice'),
    quantity: written('execQty'),
    value: written('execValue'),
    fee: (row) =>
      Array.isArray(row['extraFees'])
        ? sum([row['execFee'], ...row['extraFees'].map(({ fee }) => fee)])
        : written('execFee')(row, {}),
    feeRate: written('feeRate'),
    feeCurrency: written('feeCurrency'),
    isMaker: yes('isMaker'),
    orderPrice: zeroIsNone('orderPrice'),
    orderQuantity: written('orderQty'),
    leavesQuantity: written('leavesQty'),
    closedSize: written('closedSize'),
    pnl: written('execPnl'),
    markPrice: zeroIsNone('markPrice'),
    executedAt: ms('execTime'),
    seq: ms('seq'),
  },
  wallet: {
    equity: written('totalEquity'),
    walletBalance: written('totalWalletBalance'),
    marginBalance: written('totalMarginBalance'),
    available: written('totalAvailableBalance'),
    unrealisedPnl: written('totalPerpUPL'),
    initialMargin: written('totalInitialMargin'),
    maintenanceMargin: written('totalMaintenanceMargin'),
    initialMarginRate: written('accountIMRate'),
    maintenanceMarginRate: written('accountMMRate'),
    coins: (row) => (row['coin'] as Row[]).map((coin) => coinOf(coin)),
  },
};

const coinFields: Record<string, Expected> = {
  coin: written('coin'),
  equity: written('equity'),
  usdValue: written('usdValue'),
  walletBalance: written('walletBalance'),
  unrealisedPnl: written('unrealisedPnl'),
  realisedPnl: written('cumRealisedPnl'),
  orderMargin: written('totalOrderIM'),
  positionMargin: written('totalPositionIM'),
  positionMaintenanceMargin: written('totalPositionMM'),
  locked: written('locked'),
  bonus: written('bonus'),
  borrowed: written('borrowAmount'),
};
const coinOf = (coin: Row): Mapped =>
  Object.fromEntries(Object.entries(coinFields).map(([name, of]) => [name, of(coin, {})]));

/** Payload fields that are carried, by the name the venue gives them. */
const used: Record<RowKind | 'coin', string> = {
  position:
    'symbol positionIdx side size avgPrice entryPrice markPrice positionValue leverage liqPrice breakEvenPrice unrealisedPnl curRealisedPnl cumRealisedPnl positionIM positionMM takeProfit stopLoss trailingStop positionStatus adlRankIndicator isReduceOnly openTime createdTime CreatedTime updatedTime seq',
  order:
    'symbol orderId orderLinkId parentOrderLinkId positionIdx side orderType timeInForce price qty cumExecQty avgPrice cumExecFee orderStatus reduceOnly closeOnTrigger stopOrderType triggerPrice triggerBy triggerDirection takeProfit stopLoss tpslMode createType cancelType rejectReason createdTime updatedTime',
  execution:
    'symbol execId orderId orderLinkId execType side orderType stopOrderType createType execPrice execQty execValue execFee extraFees feeRate feeCurrency isMaker orderPrice orderQty leavesQty closedSize execPnl markPrice execTime seq',
  wallet:
    'totalEquity totalWalletBalance totalMarginBalance totalAvailableBalance totalPerpUPL totalInitialMargin totalMaintenanceMargin accountIMRate accountMMRate coin',
  coin: 'coin equity usdValue walletBalance unrealisedPnl cumRealisedPnl totalOrderIM totalPositionIM totalPositionMM locked bonus borrowAmount',
};

/** Payload fields that are left out, each with the reason. */
const leftOut: Record<RowKind | 'coin', Record<string, string>> = {
  position: {
    category: 'the row is known to be linear by where it came from',
    riskId: 'a tier’s number; what it allows is in the leverage',
    riskLimitValue: 'the tier’s ceiling; the venue checks it',
    autoAddMargin: 'an isolated-margin setting the app does not touch',
    positionBalance: 'deprecated by the venue',
    positionIMByMp: 'equal to positionIM since late 2025',
    positionMMByMp: 'equal to positionMM since late 2025',
    bustPrice: 'deprecated; the liquidation price is carried',
    tradeMode: 'deprecated; always 0 on unified accounts',
    tpslMode: 'deprecated; always Full here',
    tpSlMode: 'the same, in the spelling of 2022',
    activePrice: 'a trailing stop’s activation, which the app does not set',
    sessionAvgPrice: 'USDC settlement’s session price',
    mmrSysUpdatedTime: 'when the venue last changed a margin rule',
    mmrSysUpdateTime: 'the same, misspelled in an example',
    leverageSysUpdatedTime: 'when the venue last changed a leverage rule',
  },
  order: {
    category: 'the row is known to be linear by where it came from',
    blockTradeId: 'block trades are not the app’s',
    isLeverage: 'spot margin',
    leavesQty: 'quantity less filledQuantity, and empty once ended',
    leavesValue: 'an estimate of the same in quote currency',
    cumExecValue: 'averagePrice times filledQuantity',
    cumFeeDetail: 'fees by coin; a linear contract pays in its settle coin only',
    extraFees: 'taxes by country; the venue’s realised figures hold them',
    feeCurrency: 'a linear contract pays in its settle coin',
    closedPnl: 'executions carry it fill by fill',
    lastPriceOnCreated: 'not used for any decision',
    tpTriggerBy: 'of the attached take-profit; its own order carries it once it exists',
    slTriggerBy: 'of the attached stop; its own order carries it once it exists',
    tpLimitPrice: 'the same',
    slLimitPrice: 'the same',
    orderIv: 'options',
    placeType: 'options',
    marketUnit: 'spot',
    smpType: 'self-match prevention between one’s own orders, not used',
    smpGroup: 'the same',
    smpOrderId: 'the same',
    slippageTolerance: 'of market orders already filled',
    slippageToleranceType: 'the same',
    rpiTakerAccess: 'retail price improvement, not used',
    rpiMatchedQty: 'the same',
    basePrice: 'spot TP/SL',
    activationPrice: 'spot trailing orders',
    trailingPercentage: 'spot trailing orders',
    trailingValue: 'spot trailing orders',
  },
  execution: {
    category: 'the row is known to be linear by where it came from',
    feeCoin: 'an older name of feeCurrency',
    blockTradeId: 'block trades are not the app’s',
    tradeIv: 'options',
    markIv: 'options',
    indexPrice: 'options',
    underlyingPrice: 'options',
    isLeverage: 'spot margin',
    marketUnit: 'spot',
    parentExecId: 'spread trading',
    nextPageCursor: 'a recording keeps the page’s cursor in the row',
  },
  wallet: {
    accountType: 'only UNIFIED is read',
    accountLTV: 'deprecated',
    accountIMRateByMp: 'the mark-price twin, equal since late 2025',
    accountMMRateByMp: 'the mark-price twin, equal since late 2025',
    totalInitialMarginByMp: 'the mark-price twin, equal since late 2025',
    totalMaintenanceMarginByMp: 'the mark-price twin, equal since late 2025',
  },
  coin: {
    availableToWithdraw: 'deprecated and empty; withdrawing is not the app’s',
    availableToBorrow: 'deprecated and empty',
    accruedInterest: 'interest on borrowing, inside equity',
    spotBorrow: 'spot borrowing, inside equity',
    spotHedgingQty: 'portfolio margin with spot hedging',
    collateralSwitch: 'a setting the app does not touch',
    marginCollateral: 'a property of the coin',
    free: 'classic accounts',
  },
};

const mappers: Record<RowKind, (account: string, row: unknown) => object> = {
  position: mapPosition,
  order: mapOrder,
  execution: mapExecution,
  wallet: mapWallet,
};

/** Written by hand after the documented shapes, in the spellings of the recordings. */
const ownFolder = join(import.meta.dirname, 'payloads');
const kinds = ['position', 'order', 'execution', 'wallet'] as const;

const folders: [name: string, from: string][] = [['own payloads', ownFolder]];
if (folder !== null) folders.push(['recorded payloads', folder]);

describe.each(folders)('K10 %s', (_name, from) => {
  const rows = recordedRows(from);

  test.each(kinds)('every %s maps with nothing lost and nothing invented', (kind) => {
    const ofKind = rows.filter((row) => row.kind === kind && !isSideless(row.row));
    const fields = Object.entries(carried[kind]);
    for (const { row, where } of ofKind) {
      const { others, ...mapped } = mappers[kind]('main', row) as Mapped;
      // What only describes and is not known here is carried as it was sent.
      for (const [name, raw] of Object.entries(others ?? {})) expect(row[name], where).toBe(raw);
      expect(Object.keys(mapped).sort(), where).toEqual(
        ['account', ...fields.map(([name]) => name)].sort(),
      );
      for (const [name, expected] of fields) {
        expect(mapped[name], `${where}: ${name}`).toEqual(expected(row, mapped));
      }
      expectAllNamed(kind, row, where);
      if (kind === 'wallet') {
        for (const coin of row['coin'] as Row[]) expectAllNamed('coin', coin, `${where}/coin`);
      }
    }
    console.log(`Read ${ofKind.length} recorded ${kind} rows.`);
    expect(ofKind.length).toBeGreaterThan(0);
  });
});

describe.skipIf(folder === null)('recorded payloads', () => {
  const rows = folder === null ? [] : recordedRows(folder);

  test('an open one-way position without a side is refused, not guessed', () => {
    const sideless = rows.filter(({ kind, row }) => kind === 'position' && isSideless(row));
    expect(sideless.map(({ where }) => where)).toEqual([
      'bybit-net/rest-Account-AddOrReduceMargin.json/result', // add-margin's answer, not a read
    ]);
    for (const { row } of sideless) expect(() => mapPosition('main', row)).toThrow(MalformedRow);
  });

  test('both legs of a hedged position are read, the flat one as flat', () => {
    const legs = rows
      .filter(({ where }) => where.includes('rest-position-list.hedge.BTCUSDT'))
      .map(({ row }) => mapPosition('main', row));
    expect(legs.map((leg) => [leg.positionIdx, leg.side, leg.size, leg.entryPrice])).toEqual([
      [1, 'long', '0.021', '98378.84642857'],
      [2, null, '0', null],
    ]);
  });

  test('every instrument of the live exchange maps', () => {
    const path = sharedPath('recordings', 'cryptofeed-v3', 'rest-instruments-info-linear.json');
    const found = instrumentsIn(JSON.parse(readFileSync(path as string, 'utf8')));
    const mapped = found.map(mapInstrument);
    console.log(`Read ${mapped.length} recorded instruments.`);
    expect(mapped.length).toBe(800);
    const bitcoin = mapped.find(({ symbol }) => symbol === 'BTCUSDT');
    expect(bitcoin).toMatchObject({ settleCoin: 'USDT', tickSize: '0.10', quantityStep: '0.001' });
  });

  test('a recorded run of ticker deltas keeps every field no delta named', () => {
    const path = sharedPath('recordings', 'cryptofeed-v3', 'ws-tickers.BTCUSDT.json');
    const frames = framesIn(JSON.parse(readFileSync(path as string, 'utf8')));
    const [snapshot, ...deltas] = frames;
    const whole: Row = { ...(snapshot?.data as Row) };
    let ticker = mapTicker(snapshot?.data);
    for (const { data } of deltas) {
      Object.assign(whole, data);
      ticker = mergeTicker(ticker, data);
    }
    console.log(`Merged ${deltas.length} recorded ticker deltas.`);
    expect(deltas.length).toBeGreaterThan(100);
    expect(ticker).toEqual(mapTicker(whole));
  });
});

test('REST and stream spellings of the same flat leg are the same value', () => {
  const base = { symbol: 'BTCUSDT', positionIdx: 2, size: '0', side: '', seq: 5, leverage: '10' };
  const rest = {
    ...base,
    avgPrice: '0',
    positionValue: '',
    unrealisedPnl: '',
    liqPrice: '',
    takeProfit: '',
    positionIM: '0',
    positionMM: '0',
  };
  const stream = {
    ...base,
    entryPrice: '0',
    positionValue: '0',
    unrealisedPnl: '0',
    liqPrice: '0',
    takeProfit: '0',
    positionIM: '',
    positionMM: '',
    category: 'linear',
  };
  expect(mapPosition('main', stream)).toEqual(mapPosition('main', rest));
});

test('K10 an instrument and a run of ticker deltas of our own map', () => {
  const market = JSON.parse(readFileSync(join(ownFolder, 'market.json'), 'utf8'));
  expect(mapInstrument(market.instrument)).toMatchObject({
    symbol: 'SOLUSDT',
    tickSize: '0.010',
    minQuantity: '0.1',
    maxMarketQuantity: '15950.0',
    minNotional: '5',
    fundingInterval: 480,
  });
  const [snapshot, ...deltas] = framesIn(market.tickers);
  const ticker = deltas.reduce(
    (before, { data }) => mergeTicker(before, data),
    mapTicker(snapshot?.data),
  );
  expect(ticker).toEqual({
    symbol: 'SOLUSDT',
    lastPrice: '149.020',
    markPrice: '149.020',
    indexPrice: '149.05',
    bidPrice: '149.010',
    askPrice: '149.020',
    fundingRate: '-0.00005',
    nextFundingAt: 1_749_110_400_000,
    change24h: '-0.012345',
  });
});

function expectAllNamed(kind: RowKind | 'coin', row: Row, where: string): void {
  const known = new Set([...used[kind].split(' '), ...Object.keys(leftOut[kind])]);
  const unnamed = Object.keys(row).filter((name) => !known.has(name));
  expect(unnamed, `${where}: payload fields neither carried nor left out with a reason`).toEqual(
    [],
  );
}

function instrumentsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(instrumentsIn);
  if (typeof value !== 'object' || value === null) return [];
  return 'lotSizeFilter' in value ? [value] : Object.values(value).flatMap(instrumentsIn);
}

function framesIn(value: unknown): { type: string; data: unknown }[] {
  if (Array.isArray(value)) return value.flatMap(framesIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('topic' in value && 'data' in value)
    return [value as unknown as { type: string; data: unknown }];
  return Object.values(value).flatMap(framesIn);
}
