/** Shortest and longest chunk, bytes; between them one in 512 K places is a cut. */
const LEAST = 256 * 1024;
export const LONGEST_CHUNK = 2 * 1024 * 1024;
const CUT = 0xff_ff_e0_00;

/** Bytes that a rolling value remembers: each is shifted out after so many more. */
export const REMEMBERED = 32;

/** What each byte adds to the rolling value: fixed for good, because other values make other cuts. */
export const GEAR = gear();

function gear(): Int32Array {
  let state = 0x48667374;
  return Int32Array.from({ length: 256 }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return mixed ^ (mixed >>> 14);
  });
}

/**
 * How long the first chunk of `bytes` is. Where it ends depends on the bytes before the cut alone, so
 * that what is inserted or taken away moves no cut but those beside it (gear hash of FastCDC: Xia et
 * al., USENIX ATC 2016).
 */
export function firstChunk(bytes: Buffer): number {
  const end = Math.min(bytes.length, LONGEST_CHUNK);
  let rolling = 0;
  for (let at = LEAST - REMEMBERED; at < end; at++) {
    rolling = ((rolling << 1) + (GEAR[bytes[at] as number] as number)) | 0;
    if ((rolling & CUT) === 0 && at >= LEAST) return at;
  }
  return end;
}
