/** Bybit's own addresses. Demo has no public stream of its own: its prices are the live market's. */
export function venueUrls(venue: 'live' | 'testnet' | 'demo'): {
  restUrl: string;
  wsPrivateUrl: string;
  wsPublicUrl: string;
} {
  const rest = { live: 'api', testnet: 'api-testnet', demo: 'api-demo' }[venue];
  const wsPrivate = { live: 'stream', testnet: 'stream-testnet', demo: 'stream-demo' }[venue];
  const wsPublic = venue === 'testnet' ? 'stream-testnet' : 'stream';
  return {
    restUrl: `https://${rest}.bybit.com`,
    wsPrivateUrl: `wss://${wsPrivate}.bybit.com/v5/private`,
    wsPublicUrl: `wss://${wsPublic}.bybit.com/v5/public/linear`,
  };
}
