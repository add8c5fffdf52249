/** Work goes on this long before others get a turn, ms: half of what nothing may block for. */
const SLICE_MS = 4;

/**
 * Does `work` for each item in turn, stepping aside whenever a slice is used up so that the event
 * loop is never held for long, however many there are. `afterSlice` ends each slice: what its items
 * left to be saved goes out in one piece.
 */
export async function inTimeSlices<T>(
  items: Iterable<T>,
  machine: () => number,
  work: (item: T) => void,
  afterSlice: () => void,
): Promise<void> {
  let sliceEnds = machine() + SLICE_MS;
  for (const item of items) {
    work(item);
    if (machine() < sliceEnds) continue;
    afterSlice();
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    sliceEnds = machine() + SLICE_MS;
  }
  afterSlice();
}
