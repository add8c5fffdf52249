import { rm } from 'node:fs/promises';
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
  const name = `${first?.symbol} ${first?.side}`;
  await expect(asking.getByText('closed at the exchange since then')).toContainText(name);
  await asking.getByRole('button', { name: 'Cancel' }).click();
  expect((await desk.slice('backups')).undo).toBeNull();

  await page.getByRole('button', { name: 'Restore…' }).click();
  await asking.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(asking.getByRole('alert')).toBeVisible();
  await expect(asking.getByRole('heading')).toHaveText(/^Restored /);
  await asking.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText(/^Paused since/)).toBeVisible();
  await expect(page.getByText('Closed since that backup')).toContainText(name);
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

test('D16 what a policy would do is said before it is saved, and a second folder is proved as it is chosen', async ({
  page,
  serve,
  folder,
  complaints,
}) => {
  const desk = await serve();
  await expect.poll(async () => (await desk.slice('monitors')).rows.length).toBe(60);
  await desk.call('backups.create', {});
  await page.goto(desk.url);
  await page.keyboard.press('3');
  await page.getByRole('button', { name: 'What is kept…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(dialog.getByText('Kept: made by hand, so never rotated.')).toBeVisible();
  const save = dialog.getByRole('button', { name: 'Save' });
  await expect(save).toBeDisabled();
  const second = dialog.getByLabel(/^Second folder/);
  await second.fill(`${folder}/not/there`);
  await save.click();
  await expect(dialog.getByRole('alert')).toContainText('There is no folder');
  expect((await desk.slice('settings')).backup.secondFolder).toBeNull();
  await second.fill(`${folder} copies`);
  await save.click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => (await desk.slice('backups')).second)
    .toMatchObject({ newestAt: expect.any(Number), lastFailure: null });
  await page.getByRole('button', { name: 'Verify all' }).click();
  await expect(page.getByText(/backups? (is|are) good\./)).toBeVisible();
  expect(complaints).toEqual([]);
  await rm(`${folder} copies`, { recursive: true });
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
