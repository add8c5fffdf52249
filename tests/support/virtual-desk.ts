import { onTestFinished } from 'vitest';
import {
  type Practice,
  type PracticeOptions,
  startPractice,
} from '../../src-main/practice/server.ts';
import { type DeskRig, deskOn, practice } from './desk-rig.ts';
import { ROUGH } from './rough.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

type DeskOptions = Omit<Parameters<typeof deskOn>[1] & object, 'time'>;

export interface VirtualDesk {
  venue: Practice;
  desk: DeskRig;
  time: VirtualTime;
  /** One of the practice exchange's own calls. */
  ask<T = unknown>(call: string, body?: object): Promise<T>;
  /** One more desk on the same exchange, ready: what a restart brings. */
  another(options: DeskOptions): Promise<DeskRig>;
}

/**
 * A practice exchange and a desk on it, both on one virtual clock, ready to be acted on: the same for
 * the same seed. Prices stand still unless told otherwise. Stopped after the test.
 */
export async function virtualDesk(
  deskOptions: DeskOptions = {},
  venueOptions: PracticeOptions = {},
): Promise<VirtualDesk> {
  const time = virtualTime();
  const venue = await startPractice({
    speed: 0,
    ...ROUGH,
    ...venueOptions,
    timers: time.clock,
  });
  onTestFinished(() => time.during(venue.stop()));
  const another = async (options: DeskOptions): Promise<DeskRig> => {
    const desk = deskOn(venue, { ...options, time });
    onTestFinished(() => time.during(desk.stop()));
    await desk.ready();
    return desk;
  };
  const ask = <T>(call: string, body?: object): Promise<T> =>
    time.during(practice<T>(venue, call, body));
  return { venue, desk: await another(deskOptions), time, ask, another };
}
