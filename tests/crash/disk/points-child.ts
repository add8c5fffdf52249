import type { FileCall } from './call-log.ts';
import type { Verdict } from './operations.ts';
import { type Cut, type Point, Points } from './points.ts';

/* Goes through the points it is given, one at a time; the first argument is the shim, which is loaded. */
export type Question = { callsOf: string } | { point: Point; alone: boolean } | { cut: Cut };
export type Answer = FileCall['kind'][] | Verdict;

const points = new Points(process.argv[2] ?? '');

const answerTo = (question: Question): Promise<Answer> => {
  if ('point' in question) return points.survive(question.point, question.alone);
  return 'cut' in question ? points.failPower(question.cut) : points.callsOf(question.callsOf);
};

process.on('message', (question: Question) => {
  void answerTo(question).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => void points.close().finally(() => process.exit()));
