import { constants } from 'node:os';
import { atLeast, atMost, type Run } from '../support/report.ts';
import { seeded } from './backup-killing.ts';
import type { FileCall } from './disk/call-log.ts';
import { Companies, wrongIn } from './disk/company.ts';
import { CONTROL, operationNames } from './disk/operations.ts';
import type { Point } from './disk/points.ts';
import { buildShim } from './disk/shim.ts';

/** Every point, unless fewer are asked for. */
export const usualKills = 100_000;

const ways: [string, Point['how']][] = [
  ['killed', 'kill'],
  ['torn', 'tear'],
  ['EIO', constants.errno.EIO],
  ['ENOSPC', constants.errno.ENOSPC],
];

/** Of so many points one is gone through in processes of its own, which are really killed. */
const ALONE = 25;
/** Points of the control, which is small. */
const CONTROLS = 16;

/**
 * Every call that changes a file, of every operation, is once killed at, once torn where it is a write,
 * once refused with EIO and once with ENOSPC; after each kill the start that follows is killed as well.
 * What was promised must be there, whole, and saving must go on. What is found wrong in company is gone
 * through once more alone, and that counts. The control promises before it holds: it must be found out.
 */
export const run: Run = async ({ kills, progress }) => {
  const figures = {
    points: 0,
    alone: 0,
    survived: 0,
    corrupt: 0,
    lostAcknowledged: 0,
    mixed: 0,
    controlFound: 0,
  };
  const shim = buildShim();
  if ('skipped' in shim) return { name: 'faults', figures, aims: [], skipped: shim.skipped };
  progress('K2 K3 whatever call is killed, torn or refused, and the start after it killed too');
  const companies = await Companies.start(shim.path);
  try {
    const calls = new Map<string, FileCall['kind'][]>();
    await companies.share([...operationNames, CONTROL], async (company, name) => {
      calls.set(name, await company.callsOf(name));
    });
    const random = seeded(20_251_122);
    const points = operationNames.flatMap((name) => pointsOf(name, calls.get(name) ?? [], random));
    const chosen = spread(points, kills);
    progress(`${chosen.length} of ${points.length} points of ${operationNames.length} operations`);
    await companies.share(chosen.entries(), async (company, [index, point]) => {
      let alone = index % ALONE === ALONE - 1;
      let verdict = await company.survive(point, alone);
      if (!alone && wrongIn(verdict).length > 0) {
        progress(`${told(point)}, in company: ${wrongIn(verdict).join('; ')}`);
        alone = true;
        verdict = await company.survive(point, alone);
      }
      figures.points++;
      if (alone) figures.alone++;
      figures.corrupt += verdict.corrupt.length;
      figures.lostAcknowledged += verdict.lost.length;
      figures.mixed += verdict.mixed.length;
      if (wrongIn(verdict).length === 0) figures.survived++;
      else progress(`${told(point)}: ${wrongIn(verdict).join('; ')}`);
      if (figures.points % 100 === 0) progress(`${figures.points} of ${chosen.length}`);
    });
    const control = pointsOf(CONTROL, calls.get(CONTROL) ?? [], random);
    await companies.share(spread(control, CONTROLS), async (company, point) => {
      figures.controlFound += (await company.survive(point, false)).lost.length;
    });
    const aims = (['corrupt', 'lostAcknowledged', 'mixed'] as const).map((figure) =>
      atMost(figures, figure, 0),
    );
    aims.push(atLeast(figures, 'points', chosen.length), atLeast(figures, 'controlFound', 1));
    return { name: 'faults', figures, aims };
  } finally {
    await companies.close();
  }
};

const told = ({ name, call, how, deeper }: Point): string =>
  `${name}, call ${call} ${ways.find(([, way]) => way === how)?.[0]} (then ${deeper.toFixed(3)})`;

/** All that differ: nothing but a write can be torn, and syncing changes nothing that a kill leaves. */
function pointsOf(name: string, all: readonly FileCall['kind'][], random: () => number): Point[] {
  const points: Point[] = [];
  let call = 0;
  for (const [index, kind] of all.entries()) {
    if (kind === 'said') continue;
    call++;
    for (const [, how] of ways) {
      if (how === 'tear' && kind !== 'write') continue;
      if (how === 'kill' && all[index - 1] === 'sync') continue;
      points.push({ name, call, how, deeper: random() });
    }
  }
  return points;
}

/** So many of the points, evenly from all of them. */
const spread = (points: readonly Point[], most: number): Point[] =>
  points.length <= most
    ? [...points]
    : Array.from(
        { length: most },
        (_, index) => points[Math.floor(((index + 0.5) * points.length) / most)] as Point,
      );
