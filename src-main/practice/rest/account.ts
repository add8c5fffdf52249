import { setLimitAction, setMarginMode } from '../engine/account/settings.ts';
import { money } from '../engine/money/arithmetic.ts';
import { totalsOf } from '../engine/money/margin.ts';
import type { Account, LogRow } from '../engine/state/state.ts';
import { contractOf } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { walletRow } from '../rows/wallet.ts';
import {
  type Answer,
  type Call,
  cursorOf,
  limitOf,
  type PrivateRoute,
  requireLinear,
  windowOf,
} from './route.ts';

function wallet(call: Call, account: Account): Answer {
  if (call.query.accountType !== 'UNIFIED') {
    throw new Refusal(10001, 'params error: accountType only support UNIFIED.');
  }
  const coins = call.query.coin ? call.query.coin.split(',') : null;
  return { result: { list: [walletRow(account, totalsOf(call.venue, account), coins)] } };
}

function info(_call: Call, account: Account): Answer {
  return {
    result: {
      marginMode: account.marginMode,
      updatedTime: String(account.modeUpdatedTime),
      unifiedMarginStatus: 6,
      dcpStatus: account.dcpSeconds === null ? 'OFF' : 'ON',
      timeWindow: account.dcpSeconds ?? 0,
      smpGroup: 0,
      isMasterTrader: false,
      spotHedgingStatus: 'OFF',
    },
  };
}

function feeRates(call: Call, account: Account): Answer {
  requireLinear(call.query.category);
  const { symbol } = call.query;
  const symbols = symbol
    ? [contractOf(call.venue, symbol).symbol]
    : [...call.venue.contracts.keys()];
  return {
    result: {
      list: symbols.map((name) => ({
        symbol: name,
        takerFeeRate: account.takerFee,
        makerFeeRate: account.makerFee,
      })),
    },
  };
}

function apiKey(_call: Call, account: Account): Answer {
  return {
    message: '',
    result: {
      id: String(account.uid % 10_000_000),
      note: `practice ${account.name}`,
      apiKey: account.apiKey,
      readOnly: 0,
      secret: '',
      permissions: {
        ContractTrade: ['Order', 'Position'],
        Spot: [],
        Wallet: [],
        Options: [],
        Derivatives: ['DerivativesTrade'],
        CopyTrading: [],
        BlockTrade: [],
        Exchange: [],
        NFT: [],
        Affiliate: [],
      },
      ips: ['127.0.0.1'],
      type: 1,
      deadlineDay: -2,
      expiredAt: '1970-01-01T00:00:00Z',
      createdAt: '2025-01-24T19:24:51Z',
      unified: 0,
      uta: 1,
      userID: account.uid,
      inviterID: 0,
      vipLevel: 'No VIP',
      mktMakerLevel: '0',
      affiliateID: 0,
      rsaPublicKey: '',
      isMaster: account.role === 'main',
      parentUid: '0',
      kycLevel: 'LEVEL_DEFAULT',
      kycRegion: '',
    },
  };
}

const logRow = (row: LogRow) => ({
  transSubType: '',
  id: row.id,
  symbol: row.symbol,
  side: row.side,
  funding: row.funding === '' ? '' : money(row.funding),
  orderLinkId: row.orderLinkId,
  orderId: row.orderId,
  fee: money(row.fee),
  change: money(row.change),
  cashFlow: money(row.cashFlow),
  transactionTime: String(row.transactionTime),
  type: row.type,
  feeRate: row.feeRate,
  bonusChange: '',
  size: row.size,
  qty: row.qty,
  cashBalance: money(row.cashBalance),
  currency: row.currency,
  category: row.category,
  tradePrice: row.tradePrice,
  tradeId: row.tradeId,
  extraFees: '',
});

function transactionLog(call: Call, account: Account): Answer {
  const window = windowOf(call, 1, 7);
  const { type, currency, category } = call.query;
  const rows = account.log.filter(
    (row) =>
      row.transactionTime >= window.from &&
      row.transactionTime <= window.to &&
      (!type || row.type === type) &&
      (!currency || row.currency === currency) &&
      (!category || row.category === category),
  );
  rows.reverse();
  const limit = limitOf(call.query, 20, 50);
  const cursor = cursorOf(call.query);
  const from = cursor === null ? 0 : Number(cursor[3]);
  const page = rows.slice(from, from + limit);
  const end = from + page.length;
  const next =
    page.length === 0
      ? ''
      : encodeURIComponent(
          `${page[0]?.transactionTime}:${from},${page.at(-1)?.transactionTime}:${end}`,
        );
  return { message: 'success', result: { nextPageCursor: next, list: page.map(logRow) } };
}

function limitAction(call: Call, account: Account): Answer {
  requireLinear(call.body.category);
  setLimitAction(call.venue, account, call.body);
  return { message: 'success', result: {} };
}

function marginMode(call: Call, account: Account): Answer {
  setMarginMode(call.venue, account, call.body);
  return { message: 'Request accepted', result: { reasons: [] } };
}

export const accountRoutes: Record<string, PrivateRoute> = {
  '/v5/account/wallet-balance': { method: 'GET', perSecond: 50, lags: 'wallet', answer: wallet },
  '/v5/account/info': { method: 'GET', perSecond: 50, answer: info },
  '/v5/account/fee-rate': { method: 'GET', perSecond: 10, answer: feeRates },
  '/v5/account/transaction-log': { method: 'GET', perSecond: 50, answer: transactionLog },
  '/v5/account/set-margin-mode': { method: 'POST', perSecond: 10, answer: marginMode },
  '/v5/account/set-limit-px-action': { method: 'POST', perSecond: 10, answer: limitAction },
  '/v5/user/query-api': { method: 'GET', perSecond: 10, answer: apiKey },
  '/v5/asset/coin/query-info': {
    method: 'GET',
    perSecond: 5,
    answer: () => ({ message: '', result: { rows: [] } }),
  },
};
