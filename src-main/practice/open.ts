import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../domain/log.ts';
import type { Frame } from './engine/state/venue.ts';
import { Tape } from './prices/tape.ts';
import type { ScenarioName } from './scenario/names.ts';
import { StateFile } from './state-file.ts';
import { type ClockKind, machineTimers, type Timers } from './time.ts';
import { answer } from './wire/http.ts';
import { Stream } from './wire/stream.ts';
import { World } from './world.ts';

export interface PracticeOptions {
  /** 0 (the default) takes a free one. */
  port?: number;
  seed?: number;
  /** How many accounts, main and mirror in turns; 2 unless said. */
  accounts?: number;
  scenario?: ScenarioName;
  /** Prices to replay: CSV, gzip or plain, `time_ms,symbol,open,high,low,close,volume`. */
  tape?: string;
  /** Market time per real time; 1 unless said. */
  speed?: number;
  /** How often the market moves and the feeds speak, ms; 100 unless said. */
  beatMs?: number;
  /** Delay of every request, ms. */
  latencyMs?: number;
  /**
   * Usual time of every single message under way, ms: requests, answers and frames each draw their
   * own, so that they overtake each other. 0 unless said.
   */
  jitterMs?: number;
  /** The most by which order, position, execution and wallet lists lag behind, ms; the real ones 5,000. */
  lagMs?: number;
  /** Where state is kept; without it everything is forgotten at the end. */
  stateFile?: string;
  clock?: ClockKind;
  /** Where a stepped clock (and the market) begins, ms; now unless said. */
  startAt?: number;
  /** How far `/v5/order/history` lags behind, ms; the real one up to about 2,500. */
  historyLagMs?: number;
  /** The machine's own clock unless said. */
  timers?: Timers;
  log?: Log;
  /** Told of every private frame, in order: the event log. */
  onFrame?: (frame: Frame) => void;
  /** Told of every private frame when a client got it. */
  onTold?: (frame: Frame) => void;
}

/** A practice exchange that runs and answers, wherever its connections come from. */
export interface Exchange {
  readonly world: World;
  readonly server: Server;
  /** From here on its market moves and its feeds speak. */
  run(): void;
  /** Serves a connection that was not made over the network. */
  accept(connection: Duplex): void;
  /** Ends within moments; state is saved first. */
  stop(): Promise<void>;
}

/** Makes a practice exchange; it listens nowhere and stands still yet. Throws BAD_TAPE. */
export async function openExchange(options: PracticeOptions = {}): Promise<Exchange> {
  const timers = options.timers ?? machineTimers;
  const tape = options.tape === undefined ? null : await Tape.open(options.tape);
  const startAt = options.startAt ?? timers.now();
  await tape?.rewind(startAt);
  const file = options.stateFile === undefined ? null : new StateFile(options.stateFile);
  let stream: Stream | null = null;
  const world = new World({
    seed: options.seed ?? 1,
    accounts: options.accounts ?? 2,
    scenario: options.scenario ?? 'desk',
    beatMs: options.beatMs ?? 100,
    clock: options.clock ?? 'real',
    speed: options.speed ?? 1,
    startAt,
    timers,
    latencyMs: options.latencyMs ?? 0,
    jitterMs: options.jitterMs ?? 0,
    lagMs: options.lagMs ?? 0,
    historyLagMs: options.historyLagMs ?? 0,
    tape,
    send: (frame) => {
      options.onFrame?.(frame);
      stream?.send(frame);
    },
    changed: () => file?.touch(),
    told: (frame) => options.onTold?.(frame),
    onFault: (fault) => stream?.onFault(fault),
  });
  const unlisted = (tape?.symbols ?? []).filter((symbol) => !world.venue.market.quote(symbol));
  if (unlisted.length > 0)
    options.log?.warn(
      `The tape's ${unlisted.join(', ')} is left out: the practice exchange lists no such contract.`,
    );
  if (file?.load(world, options.log) !== true) world.populate();
  const live = new Stream(world);
  stream = live;

  const server = createServer((request, response) => {
    answer(world, request, response).catch((thrown: unknown) => {
      if (request.destroyed && !request.complete) return;
      options.log?.error('A request could not be answered.', { path: request.url, thrown });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.keepAliveTimeout = 65_000;
  // From its first byte to its last: after an upgrade nobody else listens for a reset.
  server.on('connection', (socket) => socket.on('error', () => socket.destroy()));
  server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  const beat = async (): Promise<void> => {
    try {
      await world.catchUp();
      live.tick();
      file?.tick(world, timers.now());
    } catch (thrown) {
      options.log?.error('The market stood still for a moment.', { thrown });
    }
  };
  let callOff = (): void => {};
  let stopped = false;
  const again = (): void => {
    if (stopped) return;
    callOff = timers.after(options.beatMs ?? 100, () => void beat().then(again));
  };

  return {
    world,
    server,
    run: again,
    accept: (connection) => void server.emit('connection', connection),
    stop: async () => {
      callOff();
      stopped = true;
      live.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await world.settled();
      await file?.close(world);
    },
  };
}
