/** What an endpoint gives or does, for sentences to people: "the list of positions has failed". */
const NAMES: Readonly<Record<string, string>> = {
  '/v5/position/list': 'list of positions',
  '/v5/order/realtime': 'list of open orders',
  '/v5/order/history': 'order history',
  '/v5/execution/list': 'list of fills',
  '/v5/account/wallet-balance': 'wallet',
  '/v5/account/fee-rate': 'list of fee rates',
  '/v5/user/query-api': 'check of the API key',
  '/v5/market/time': 'clock',
  '/v5/market/instruments-info': 'list of contracts',
  '/v5/market/tickers': 'list of prices',
  '/v5/market/kline': 'price history',
  '/v5/order/create': 'taking of new orders',
  '/v5/order/amend': 'changing of orders',
  '/v5/order/cancel': 'cancelling of orders',
  '/v5/position/trading-stop': 'setting of stops',
};

/** The name of a breaker's `kind` or a request's path. */
export const callName = (path: string): string => NAMES[path] ?? 'service';
