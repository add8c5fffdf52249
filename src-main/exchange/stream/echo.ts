import type { Clock } from '../../domain/clock.ts';

/** Notices a stream that stays silent although an accepted write must have made it speak. */
export interface Echo {
  heard(): void;
  /** Called when a write is sent; call what it returns when the write was accepted. */
  writing(): () => void;
  stop(): void;
}

export function createEcho(clock: Clock, within: number, silent: () => void): Echo {
  let messages = 0;
  let callOff = (): void => {};
  return {
    heard() {
      messages++;
      callOff();
    },
    writing() {
      const before = messages;
      return () => {
        // The message can be here before the answer is.
        if (messages !== before) return;
        callOff();
        callOff = clock.after(within, silent);
      };
    },
    stop: () => callOff(),
  };
}
