import { GEAR, REMEMBERED } from './chunks.ts';

/** `length` bytes that stand at `at` in the new content and at `from` in the old. */
export interface Match {
  at: number;
  from: number;
  length: number;
}

/** One in 256 places is an anchor: where old and new are looked for side by side. */
const ANCHOR = 0xff_00_00_00;
/** A shorter match costs more to note than it saves, bytes. */
const LEAST_MATCH = 256;

/**
 * Which parts of `fresh` stand in `old` as well, in the order of `fresh` and without overlap. Every byte
 * of a match was compared. Not each match there is is found; what is missed is only stored again.
 */
export function matchesIn(old: Buffer, fresh: Buffer): Match[] {
  const anchors = anchorsOf(old);
  const found: Match[] = [];
  let done = 0;
  /** Takes the match around `at`, if it is one worth noting. */
  const take = (at: number, from: number): void => {
    let start = at;
    let back = from;
    while (start > done && back > 0 && fresh[start - 1] === old[back - 1]) {
      start--;
      back--;
    }
    let end = at;
    let forth = from;
    while (end < fresh.length && forth < old.length && fresh[end] === old[forth]) {
      end++;
      forth++;
    }
    if (end - start < LEAST_MATCH) return;
    found.push({ at: start, from: back, length: end - start });
    done = end;
  };
  take(0, 0);
  let rolling = 0;
  for (let at = done; at < fresh.length; at++) {
    rolling = ((rolling << 1) + (GEAR[fresh[at] as number] as number)) | 0;
    if ((rolling & ANCHOR) !== 0) continue;
    const last = found.at(-1);
    // An edit in place leaves what follows where it was.
    if (last) take(at, at + last.from - last.at);
    const from = anchors.get(rolling);
    if (done <= at && from !== undefined) take(at, from);
    if (done > at) {
      at = done - 1;
      rolling = 0;
    }
  }
  return found;
}

function anchorsOf(old: Buffer): Map<number, number> {
  const anchors = new Map<number, number>();
  let rolling = 0;
  for (let at = 0; at < old.length; at++) {
    rolling = ((rolling << 1) + (GEAR[old[at] as number] as number)) | 0;
    if ((rolling & ANCHOR) === 0 && at >= REMEMBERED) anchors.set(rolling, at);
  }
  return anchors;
}
