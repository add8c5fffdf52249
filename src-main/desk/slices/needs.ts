import type { PositionNeeds } from '../../../src-preload/contract/positions.ts';
import type { Watch } from '../../monitor/watch/watch.ts';

/** What a plan comes to in words; `null` where nothing is missing. */
export function needsOf(planned: Watch['planned']): PositionNeeds | null {
  if (planned === null) return null;
  const { steps, blocked, waiting } = planned;
  if (steps.length + blocked.length + waiting.length === 0) return null;
  return {
    steps: steps.map(({ text, goal }) => ({
      text: asSentence(text),
      why: asSentence(goal.reason),
    })),
    blocked: blocked.map(({ goal, sentence, offers }) => ({
      why: asSentence(goal.reason),
      sentence,
      offers: offers.map(({ text }) => text),
    })),
    waiting: [...new Set(waiting.map(({ sentence }) => sentence))],
  };
}

const asSentence = (clause: string): string =>
  `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
