import type { World } from '../world.ts';
import { type Line, tell } from './connection.ts';

/**
 * Brings what is pushed to the clients, each message after a time of its own. Within one topic of a
 * line messages keep their order; topics and answers overtake each other.
 */
export class Courier {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** `arrived` is called when the message has been handed over. */
  bring(line: Line, topic: string, text: string, arrived?: () => void): void {
    const { timers, network } = this.world;
    const deliver = (): void => {
      if (tell(line, text)) arrived?.();
    };
    const delay = network.delay(`${line.account?.name ?? ''} ${topic}`);
    const waiting = line.lanes.get(topic);
    if (delay === 0 && waiting === undefined) return deliver();
    const now = timers.now();
    const lane = waiting ?? { due: now, messages: [] };
    line.lanes.set(topic, lane);
    lane.due = Math.max(lane.due, now + delay);
    lane.messages.push(deliver);
    // Timers of the same moment may come in any order; the lane's first message goes first.
    timers.after(lane.due - now, () => lane.messages.shift()?.());
  }
}
