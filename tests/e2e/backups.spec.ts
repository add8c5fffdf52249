import { expect, test } from './fixture.ts';

test('a backup is made, restored after a confirmation, and undone', async ({
  page,
  serve,
  complaints,
}) => {
  const desk = await serve();
  await expect.poll(async () => (await desk.slice('monitors')).rows.length).toBe(60);
  await page.goto(desk.url);
  await page.keyboard.press('3');
  await page.getByRole('button', { name: 'Back up now' }).click();
  const note = page.getByRole('dialog');
  await note.getByRole('textbox').fill('before the test');
  await note.getByRole('button', { name: 'Back up' }).click();
  const list = page.getByRole('grid', { name: 'Backups' });
  const made = list.getByRole('row').filter({ hasText: 'before the test' });
  await expect(made).toContainText('✓');

  const monitors = (await desk.slice('monitors')).rows.length;
  const [first] = (await desk.slice('positions')).rows;
  const { practiceUrl } = await desk.slice('health');
  await fetch(`${practiceUrl}/practice/close`, {
    method: 'POST',
    body: JSON.stringify({ account: first?.account, symbol: first?.symbol, side: first?.side }),
  });
  await expect.poll(async () => (await desk.slice('positions')).rows.length).toBe(59);

  await made.click();
  await page.getByRole('button', { name: 'Restore…' }).click();
  const asking = page.getByRole('dialog');
  await expect(asking.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await asking.getByRole('button', { name: 'Cancel' }).click();
  expect((await desk.slice('backups')).undo).toBeNull();

  await page.getByRole('button', { name: 'Restore…' }).click();
  await asking.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(asking.getByRole('alert')).toBeVisible();
  await asking.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText(/^Paused since/)).toBeVisible();
  expect((await desk.slice('backups')).undo).not.toBeNull();
  const accounts = (await desk.slice('accounts')).rows;
  expect(accounts.map((row) => row.mode)).toEqual(accounts.map(() => 'watch'));

  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(/^Paused since/)).toBeHidden();
  // The position closed since is not brought back to life (P41).
  expect((await desk.slice('monitors')).rows.length).toBeLessThanOrEqual(monitors);
  expect((await desk.slice('positions')).rows).toHaveLength(59);
  expect(complaints).toEqual([]);
});

test('a destroying command without its confirmation is refused', async ({ serve }) => {
  const desk = await serve();
  await expect.poll(async () => (await desk.slice('monitors')).rows.length).toBe(60);
  const made = await desk.call('backups.create', {});
  expect(made.ok).toBe(true);
  const id = made.ok ? made.value.id : '';
  for (const command of ['backups.restore', 'backups.delete'] as const) {
    const refused = await desk.call(command, { id, confirm: 'yes' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'NOT_CONFIRMED' } });
  }
});
