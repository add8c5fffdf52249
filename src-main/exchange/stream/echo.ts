import type { Clock } from '../../domain/clock.ts';

/** Notices a topic that stays silent although an accepted write must have made it speak. */
export interface Echo {
  heard(topic: string): void;
  /** Called when a write is sent that one of `topics` tells of; call what it returns when it was accepted. */
  writing(topics: readonly string[]): () => void;
  stop(): void;
}

/** The topics of which one must speak after a write to `path`: every order does, a trading stop on either. */
export const topicsOf = (path: string): string[] =>
  path === '/v5/position/trading-stop' ? ['order', 'position'] : ['order'];

export function createEcho(clock: Clock, within: number, silent: () => void): Echo {
  const heard = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const countOf = (topics: readonly string[]): number =>
    topics.reduce((sum, topic) => sum + (heard.get(topic) ?? 0), 0);
  const callOff = (key: string): void => {
    waiting.get(key)?.();
    waiting.delete(key);
  };
  return {
    heard(topic) {
      heard.set(topic, (heard.get(topic) ?? 0) + 1);
      for (const key of waiting.keys()) if (key.split(' ').includes(topic)) callOff(key);
    },
    writing(topics) {
      const key = topics.join(' ');
      const before = countOf(topics);
      return () => {
        // The message can be here before the answer is.
        if (countOf(topics) !== before) return;
        callOff(key);
        waiting.set(key, clock.after(within, silent));
      };
    },
    stop() {
      for (const key of waiting.keys()) callOff(key);
    },
  };
}
