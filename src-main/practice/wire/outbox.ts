import type { Account } from '../engine/state/state.ts';
import type { Frame } from '../engine/state/venue.ts';
import type { Fault } from '../traffic/faults.ts';
import type { World } from '../world.ts';
import type { Line } from './connection.ts';
import type { Courier } from './courier.ts';

/** Private frames on their way out: each topic in order, with their faults. */
export class Outbox {
  private readonly world: World;
  private readonly lines: ReadonlySet<Line>;
  private readonly courier: Courier;
  private queue: Frame[] = [];
  private scheduled = false;
  private dropAfter: { account: string | null; frames: number } | null = null;

  constructor(world: World, lines: ReadonlySet<Line>, courier: Courier) {
    this.world = world;
    this.courier = courier;
    this.lines = lines;
  }

  /** Queues a frame: it goes out once the present answer is on its way (acks first). */
  send(frame: Frame): void {
    this.queue.push(frame);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Cuts an account's sockets (or all), now or after so many more frames. */
  onDrop(fault: Fault): void {
    if (this.world.faults.strike('dropSocket', this.world.real(), {}) === null) return;
    if (fault.afterFrames > 0) {
      this.dropAfter = { account: fault.account, frames: fault.afterFrames };
    } else this.drop(fault.account);
  }

  drop(account: string | null): void {
    for (const line of this.lines) {
      if (account === null || line.account?.name === account) line.socket.terminate();
    }
  }

  private flush(): void {
    this.scheduled = false;
    let frames = this.queue;
    this.queue = [];
    const now = this.world.real();
    if (frames.length > 1 && this.world.faults.strike('reorder', now, {}) !== null) {
      frames = topicsReversed(frames);
    }
    for (const frame of frames) {
      const where = { account: frame.account.name };
      const subscribed = this.subscribedTo(frame);
      if (subscribed.length === 0) continue;
      const { faults } = this.world;
      if (faults.strike('dropTopic', now, { ...where, topic: frame.topic }) !== null) continue;
      const data = faults.rows(frame.data, now, { ...where, topic: frame.topic });
      const told = data === frame.data ? frame : { ...frame, data: data as Frame['data'] };
      this.bring(told, subscribed);
      if (faults.strike('duplicate', now, where) !== null) this.bring(told, subscribed);
    }
  }

  /** Who wants to hear a frame, and under which of its two names. */
  private subscribedTo(frame: Frame): { line: Line; topic: string }[] {
    const names = [frame.topic, `${frame.topic}.linear`];
    return [...this.lines].flatMap((line) =>
      line.account === frame.account && line.kind === 'private'
        ? names.filter((topic) => line.topics.has(topic)).map((topic) => ({ line, topic }))
        : [],
    );
  }

  private bring(frame: Frame, subscribed: { line: Line; topic: string }[]): void {
    const texts = new Map<string, string>();
    for (const { line, topic } of subscribed) {
      const text = texts.get(topic) ?? textOf(frame, topic);
      texts.set(topic, text);
      this.courier.bring(line, topic, text, () => {
        this.world.told(frame);
        this.countDown(frame.account);
      });
    }
  }

  private countDown(account: Account): void {
    const drop = this.dropAfter;
    if (drop === null || (drop.account !== null && drop.account !== account.name)) return;
    drop.frames -= 1;
    if (drop.frames > 0) return;
    this.dropAfter = null;
    this.drop(drop.account);
  }
}

/** The topics the other way round; within each topic the order stands, as it does on the way. */
function topicsReversed(frames: readonly Frame[]): Frame[] {
  const topics = new Set(frames.map(({ topic }) => topic));
  return [...topics]
    .toReversed()
    .flatMap((topic) => frames.filter((frame) => frame.topic === topic));
}

/** `execution.fast` has no id. */
function textOf({ id, creationTime, data }: Frame, topic: string): string {
  return JSON.stringify(
    id === '' ? { topic, creationTime, data } : { id, topic, creationTime, data },
  );
}
