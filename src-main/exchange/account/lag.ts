/** The venue's lists may show its books as they were up to this long ago (ms). */
export const LIST_LAG = 5_000;

/** No push is longer on its way than this (ms). */
export const UNDER_WAY = 1_000;

/** The venue's clock may be this much ahead of what we take it for (ms): ours may just have been set. */
export const AHEAD = 60_000;
