import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../domain/failure.ts';
import { openExchange, type PracticeOptions } from './open.ts';

export type { PracticeOptions } from './open.ts';
export type { ScenarioName } from './scenario/names.ts';

export interface PracticeAccount {
  /** `main`, `mirror`, `main-2` ...: what the exchange's own calls name it by. */
  id: string;
  role: 'main' | 'mirror';
  apiKey: string;
  apiSecret: string;
}

export interface Practice {
  rest: string;
  wsPublic: string;
  wsPrivate: string;
  accounts: PracticeAccount[];
  /** Ends within moments; state is saved first. */
  stop(): Promise<void>;
}

/** Starts the practice exchange on loopback. Throws PORT_BUSY or BAD_TAPE. */
export async function startPractice(options: PracticeOptions = {}): Promise<Practice> {
  const exchange = await openExchange(options);
  const { server, world, stop } = exchange;
  await listen(server, options.port ?? 0);
  exchange.run();
  const { port } = server.address() as AddressInfo;
  return {
    rest: `http://127.0.0.1:${port}`,
    wsPublic: `ws://127.0.0.1:${port}/v5/public/linear`,
    wsPrivate: `ws://127.0.0.1:${port}/v5/private`,
    accounts: world.venue.accounts.map(({ name, role, apiKey, apiSecret }) => ({
      id: name,
      role,
      apiKey,
      apiSecret,
    })),
    stop,
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'is already in use'
          : error.code === 'EACCES'
            ? 'is not open to this user'
            : null;
      const advice = 'Choose another with --port, or --port 0 for a free one.';
      reject(why === null ? error : new Failure('PORT_BUSY', `Port ${port} ${why}. ${advice}`));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
