import { expect, test } from './fixture.ts';

for (const [scene, where] of [
  ['rows', 'in a list that draws all of them'],
  ['table', 'in a table that draws those in sight'],
]) {
  test(`one row changes, one row is drawn, among 2,000, ${where}`, async ({ page, bench }) => {
    await bench(`part=rows&state=${scene}`);
    await page.evaluate(() => {
      const { fixture } = window.workbench;
      const [row] = fixture.state.lists.positions;
      if (!row) throw new Error('The fixture has no position.');
      const old = fixture.state.lists.positions.map(
        ({ account, symbol, positionIdx }) => `${account}/${symbol}/${positionIdx}`,
      );
      const many = Array.from({ length: 2_000 }, (_, n) => ({ ...row, symbol: `ROW${n}USDT` }));
      fixture.change('positions', many, old);
    });
    await expect(page.getByText(/^ROW3USDT /)).toBeVisible();
    const drawn = await page.evaluate(async () => {
      const { fixture, store } = window.workbench;
      const rows = store.getState().slices.positions?.value;
      const row = rows?.get('main/ROW3USDT/0');
      if (!row || rows?.size !== 2_000) throw new Error('The rows have not come.');
      const before = { ...window.drawn };
      fixture.change('positions', [{ ...row, markPrice: '123.45' }]);
      while (!document.body.textContent?.includes('123.45'))
        await new Promise((done) => setTimeout(done, 5));
      return Object.entries(window.drawn).flatMap(([key, times]) =>
        times === before[key] ? [] : [[key, times - (before[key] ?? 0)]],
      );
    });
    expect(drawn).toEqual([['main/ROW3USDT/0', 1]]);
  });
}

test('before the desk is reached the screens can be used: another view, another theme', async ({
  page,
  bench,
  complaints,
}) => {
  await bench('view=positions&state=loading');
  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('Escape');
  await page.keyboard.press('2');
  const current = page.getByRole('navigation').locator('[aria-current=page]');
  await expect(current).toHaveAccessibleName('Cache');
  expect(complaints).toEqual([]);
});

test('what the verdict names comes first: without a stop, then partly protected, then the others', async ({
  page,
  bench,
}) => {
  await bench('view=positions');
  const grid = page.getByRole('grid', { name: 'Positions' });
  await expect(grid.locator('[data-row]').first()).toBeVisible();
  const named = await page.evaluate(
    () => window.workbench.store.getState().slices.verdict?.value.culprits ?? [],
  );
  expect(named.length).toBeGreaterThan(1);
  for (const [column, press] of [
    ['Nearest', false],
    ['Size', true],
  ] as const) {
    const head = grid.getByRole('columnheader', { name: column });
    if (press) await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    const first = await grid
      .locator('[data-row]')
      .evaluateAll((rows, n) => rows.slice(0, n).map((row) => row.dataset['row']), named.length);
    expect(new Set(first)).toEqual(new Set(named));
    await expect(grid.locator('[data-row]').first()).toContainText('unprotected');
  }
});

test('every view is in the rail, goes by its key and is told by the help', async ({
  page,
  bench,
}) => {
  await bench('view=positions');
  const rail = page.getByRole('navigation', { name: 'Views' });
  const views = rail.locator('[aria-keyshortcuts]');
  const named = await views.evaluateAll((buttons) =>
    buttons.map((one) => [one.getAttribute('aria-label'), one.getAttribute('aria-keyshortcuts')]),
  );
  expect(named.length).toBeGreaterThan(2);
  for (const [name, key] of named) {
    await page.keyboard.press(key ?? '');
    await expect(rail.locator('[aria-current=page]')).toHaveAccessibleName(name ?? '');
  }
  await page.keyboard.press('?');
  const help = page.getByRole('dialog');
  for (const [name] of named) await expect(help).toContainText(name ?? '');
});
