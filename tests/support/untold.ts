import type { Begin } from '../../src-main/persistence/write/operations.ts';

/** Operations that nobody records, for rooms that are tried without a store. */
export const untold: Begin = () => ({ did() {}, commit() {}, rollBack() {} });
