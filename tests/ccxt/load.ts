import { installed } from '../../scripts/setup.mjs';

/**
 * ccxt, another author's client of Bybit (MIT), from this folder's own lock; installed on first use and
 * never part of the app. Its types are left out: they would have to be installed to check this file.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export async function loadCcxt(): Promise<any> {
  await installed(import.meta.dirname);
  const name = 'ccxt';
  return (await import(name)).default;
}

/** The options that point ccxt at an exchange on loopback: linear perpetuals only. */
export const ccxtOptions = (place: {
  rest: string;
  wsPublic: string;
  wsPrivate: string;
  apiKey: string;
  apiSecret: string;
}): object => ({
  apiKey: place.apiKey,
  secret: place.apiSecret,
  enableRateLimit: false,
  urls: {
    api: {
      spot: place.rest,
      futures: place.rest,
      v2: place.rest,
      public: place.rest,
      private: place.rest,
      ws: {
        public: { linear: place.wsPublic },
        private: {
          spot: { unified: place.wsPrivate, nonUnified: place.wsPrivate },
          contract: place.wsPrivate,
          usdc: place.wsPrivate,
        },
      },
    },
  },
  options: { defaultType: 'swap', fetchMarkets: { types: ['linear'] } },
});
