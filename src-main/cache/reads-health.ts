import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Read } from '../domain/read.ts';
import { callName } from '../exchange/bybit/call-names.ts';
import type { Gateway } from '../exchange/gateway.ts';
import { type AccountKind, endpointOf } from './kinds.ts';

/** Reads that must fail in a row before REST counts as down. */
const FAILURES_FOR_DOWN = 2;
const NEEDED_TO_WRITE: ReadonlySet<string> = new Set([endpointOf.positions, endpointOf.orders]);

/** Whether an account's reads work, from how the latest of each kind went. */
export class ReadsHealth {
  readonly #gateway: Gateway;
  readonly #clock: Clock;
  /** Reads of each kind that failed in a row. */
  readonly #failed = new Map<AccountKind, number>();

  constructor(gateway: Gateway, clock: Clock) {
    this.#gateway = gateway;
    this.#clock = clock;
  }

  /** Runs a read and counts how it went; what it throws is an answer that is not known. */
  async counted<T>(kind: AccountKind, ask: () => Promise<Read<T>>): Promise<Read<T>> {
    let read: Read<T>;
    try {
      read = await ask();
    } catch (thrown) {
      read = { state: 'unknown', reason: sentenceOf(thrown) };
    }
    this.#failed.set(kind, read.state === 'unknown' ? (this.#failed.get(kind) ?? 0) + 1 : 0);
    return read;
  }

  /** Why nothing can be asked of the venue now; `null` when reads work as far as is known. */
  get trouble(): string | null {
    return this.#troubleWith(() => true);
  }

  /** The same for what writes rest on: a list they do not need may fail without holding them up. */
  get troubleForWrites(): string | null {
    return this.#troubleWith((endpoint) => NEEDED_TO_WRITE.has(endpoint));
  }

  /** Why nothing at all is to be asked of the exchange now; `null` when it may. */
  get stopped(): string | null {
    const { stoppedUntil } = this.#gateway.status();
    return stoppedUntil !== null && stoppedUntil > this.#clock.now()
      ? 'the exchange has asked for a pause'
      : null;
  }

  #troubleWith(concerns: (endpoint: string) => boolean): string | null {
    const status = this.#gateway.status();
    if (this.stopped) return this.stopped;
    const open = status.breakers.find(({ state, kind }) => state === 'open' && concerns(kind));
    if (open)
      return `the ${callName(open.kind)} has failed several times in a row at the exchange; it is tried again shortly`;
    let failed = 0;
    for (const [kind, times] of this.#failed) {
      if (concerns(endpointOf[kind])) failed += times;
    }
    return failed >= FAILURES_FOR_DOWN ? 'the last reads failed' : null;
  }
}
