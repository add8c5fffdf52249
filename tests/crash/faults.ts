import { constants } from 'node:os';
import { sentenceOf } from '../../src-main/domain/failure.ts';
import { atLeast, atMost, type Run } from '../support/report.ts';
import { seeded } from './backup-killing.ts';
import { operationNames, type Verdict } from './disk/operations.ts';
import { buildShim } from './disk/shim.ts';
import { Slot } from './disk/slot.ts';

/** Every point, unless fewer are asked for. */
export const usualKills = 100_000;

type How = 'kill' | 'tear' | number;

interface Point {
  name: string;
  call: number;
  how: How;
}

/** Calls of a start, at most: how deep the second kill of a point may fall. */
const DEEPEST_START = 60;

const ways: [string, How][] = [
  ['killed', 'kill'],
  ['torn', 'tear'],
  ['EIO', constants.errno.EIO],
  ['ENOSPC', constants.errno.ENOSPC],
];

/**
 * Every call that changes a file, of every operation, is once killed at, once torn, once refused with
 * EIO and once with ENOSPC; after each kill the start that follows is killed as well. What was promised
 * must be there, whole, and saving must go on.
 */
export const run: Run = async ({ kills, progress }) => {
  const figures = { points: 0, survived: 0, corrupt: 0, lostAcknowledged: 0, mixed: 0 };
  const shim = buildShim();
  if ('skipped' in shim) return { name: 'faults', figures, aims: [], skipped: shim.skipped };
  progress('K2 K3 whatever call is killed, torn or refused, and the start after it killed too');
  const points: Point[] = [];
  for (const name of operationNames) {
    const slot = await Slot.prepare(shim.path, name);
    const calls = (await slot.record()).filter(({ kind }) => kind !== 'said').length;
    slot.remove();
    progress(`${name}: ${calls} calls`);
    for (let call = 1; call <= calls; call++)
      points.push(...ways.map(([, how]) => ({ name, call, how })));
  }
  const chosen = spread(points, kills);
  const random = seeded(20_251_122);
  const work = chosen.map((point) => ({
    ...point,
    deeper: 1 + Math.floor(random() * DEEPEST_START),
  }));
  const runner = async (): Promise<void> => {
    const slots = new Map<string, Slot>();
    for (let point = work.shift(); point; point = work.shift()) {
      let slot = slots.get(point.name);
      if (!slot) {
        slot = await Slot.prepare(shim.path, point.name);
        slots.set(point.name, slot);
      }
      const verdict = await survive(slot, point, point.deeper);
      figures.points++;
      figures.corrupt += verdict.corrupt.length;
      figures.lostAcknowledged += verdict.lost.length;
      figures.mixed += verdict.mixed.length;
      const wrong = [...verdict.corrupt, ...verdict.lost, ...verdict.mixed];
      if (wrong.length === 0) figures.survived++;
      else {
        const way = ways.find(([, how]) => how === point?.how)?.[0];
        progress(
          `${point.name}, call ${point.call} ${way} (then ${point.deeper}): ${wrong.join('; ')}`,
        );
      }
      if (figures.points % 100 === 0) progress(`${figures.points} of ${chosen.length}`);
    }
    for (const slot of slots.values()) slot.remove();
  };
  await Promise.all([runner(), runner()]);
  const aims = (['corrupt', 'lostAcknowledged', 'mixed'] as const).map((figure) =>
    atMost(figures, figure, 0),
  );
  return { name: 'faults', figures, aims: [...aims, atLeast(figures, 'points', chosen.length)] };
};

/** So many of the points, evenly from all of them. */
function spread(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  // A step that shares no factor with the four ways, so that all of them are taken.
  return Array.from({ length: most }, (_, index) => {
    const at = Math.floor(((index + 0.5) * points.length) / most);
    const point = points[at] as Point;
    return { ...point, how: (ways[index % ways.length] as [string, How])[1] };
  });
}

async function survive(slot: Slot, { call, how }: Point, deeper: number): Promise<Verdict> {
  slot.reset();
  try {
    const ended = await slot.run({ at: { call, how } });
    const killed = how === 'kill' || how === 'tear';
    const strange = killed ? ![null, 0].includes(ended.code) : ![0, 3].includes(ended.code ?? -1);
    if (killed && ended.code === null) {
      const again = await slot.run({ at: { call: deeper, how: 'kill' } }, 'start');
      ended.said.push(...again.said.filter((line) => line !== 'ended'));
    }
    const verdict = await slot.inspect(ended.said);
    if (strange) verdict.corrupt.push(`It ended with ${ended.code}: ${ended.errors.slice(-400)}`);
    if (ended.said.includes('stuck')) verdict.lost.push('saving stopped');
    return verdict;
  } catch (error) {
    return { lost: [], mixed: [], corrupt: [sentenceOf(error)] };
  }
}
