import { expect, onTestFinished, test } from 'vitest';
import type { AccountConfig } from '../../../src-main/desk/accounts/accounts-file.ts';
import { startPractice } from '../../../src-main/practice/server.ts';
import { newDataFolder, startDesk } from '../../support/desk.ts';

test('an account whose key was replaced by one of another account is refused, and nothing is mixed', async () => {
  const venue = await startPractice({ speed: 0, scenario: 'desk' });
  onTestFinished(() => venue.stop());
  const [main, mirror] = venue.accounts;
  if (!main || !mirror) throw new Error('two accounts are wanted');
  const dataDir = newDataFolder();
  const withKeyOf = ({ apiKey, apiSecret }: typeof main): AccountConfig[] => [
    {
      id: 'main',
      role: 'main',
      venue: 'custom',
      mode: 'watch',
      restUrl: venue.rest,
      wsPrivateUrl: venue.wsPrivate,
      wsPublicUrl: venue.wsPublic,
      apiKey,
      apiSecret,
    },
  ];
  const run = async (of: typeof main) => {
    const desk = await startDesk({ dataDir, accounts: withKeyOf(of) });
    const account = async () => (await desk.slice('accounts')).rows[0];
    const monitors = async () => (await desk.slice('monitors')).rows;
    return { desk, account, monitors };
  };

  const first = await run(main);
  await expect.poll(first.monitors, { timeout: 15_000 }).toHaveLength(30);
  await expect.poll(async () => (await first.account())?.readOnly).toBe(false);
  const before = await first.monitors();
  await first.desk.stop();

  const second = await run(mirror);
  await expect
    .poll(async () => (await second.account())?.streamState, { timeout: 15_000 })
    .toBe('refused');
  expect((await second.account())?.problem).toContain('belongs to another Bybit account');
  // Long enough for reads to take over from a stream that does not come.
  await new Promise((done) => {
    setTimeout(done, 7_000);
  });
  expect(await second.monitors()).toEqual(before);
  expect((await second.desk.slice('positions')).rows).toEqual([]);
  expect((await second.desk.slice('verdict')).sentence).toBe('Main is not known yet.');
  const { requests } = (await (await fetch(`${venue.rest}/practice/requests`)).json()) as {
    requests: { path: string; account: string | null }[];
  };
  const asked = requests.filter(({ account }) => account === 'mirror').map(({ path }) => path);
  expect(new Set(asked)).toEqual(new Set(['/v5/user/query-api']));
  await second.desk.stop();

  // With the former key it goes on where it was.
  const third = await run(main);
  await expect
    .poll(async () => (await third.account())?.streamState, { timeout: 15_000 })
    .toBe('ready');
  expect((await third.monitors()).map(({ symbol }) => symbol)).toEqual(
    before.map(({ symbol }) => symbol),
  );
}, 90_000);
