import { expect, test } from './fixture.ts';

test('F7 nothing of the key stays in the address; a reload and a second tab are let in, a cookie alone is not', async ({
  page,
  context,
  serve,
}) => {
  const desk = await serve();
  const { origin } = new URL(desk.url);
  const rows = page.getByRole('row');
  await page.goto(desk.url);
  await expect.poll(() => rows.count()).toBeGreaterThan(5);
  expect(page.url()).toBe(`${origin}/`);
  await page.reload();
  await expect.poll(() => rows.count()).toBeGreaterThan(5);
  expect(page.url()).toBe(`${origin}/`);
  expect(await page.evaluate('document.cookie')).toBe('');

  const second = await context.newPage();
  await second.goto(origin);
  await expect.poll(() => second.getByRole('row').count()).toBeGreaterThan(5);

  // The cookie, which another server on this machine is sent too, goes along and opens nothing.
  expect(await context.cookies(origin)).toHaveLength(1);
  const answer = await page.evaluate(
    async (address) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address);
        const first = '{"id":1,"call":"cache.sweep","input":{}}';
        socket.addEventListener('open', () => socket.send(first));
        socket.addEventListener('message', () => resolve('let in'));
        socket.addEventListener('close', ({ code }) => resolve(code));
      }),
    `${origin.replace('http', 'ws')}/ws`,
  );
  expect(answer).toBe(4401);
});

test('F7 a page whose desk was started anew comes back when the new address is opened in another tab', async ({
  page,
  context,
  serve,
}) => {
  const first = await serve();
  const { port } = new URL(first.url);
  await page.goto(first.url);
  await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(5);
  await first.end('SIGTERM');
  const again = await serve('--port', port);
  await expect(page.getByText('Holdfast was restarted')).toBeVisible();
  const second = await context.newPage();
  await second.goto(again.url);
  await expect(page.getByText('Holdfast was restarted')).toBeHidden({ timeout: 10_000 });
});
