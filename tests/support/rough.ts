/** As on the way to a real venue: messages overtake each other, and lists lag behind. Seeded; ms. */
export const ROUGH = { jitterMs: 3, lagMs: 200 } as const;
