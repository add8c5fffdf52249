import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixture.ts';

const table = (page: Page): Locator => page.getByRole('grid', { name: 'Many' });
const heads = (page: Page): Promise<string[]> =>
  table(page).getByRole('columnheader').locator('button').allInnerTexts();
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? null);

test.beforeEach(async ({ page, bench }) => {
  await bench('part=large-table&state=large');
  await expect(table(page).locator('[data-row=row0]')).toBeVisible();
});

test('one row of 2,000 changes, one row is drawn; one out of sight draws nothing', async ({
  page,
}) => {
  const drawnAfter = (id: string, size: number): Promise<string[]> =>
    page.evaluate(
      async ([key, to]) => {
        const before = { ...window.cells };
        window.changeRow(key, to);
        await new Promise((done) => setTimeout(done, 100));
        const { cells } = window;
        return Object.keys(cells).filter((one) => cells[one] !== before[one]);
      },
      [id, size] as const,
    );
  // Between the same neighbours: the order stays, only the figure is another.
  expect(await drawnAfter('row5', 5.5)).toEqual(['row5']);
  expect(await drawnAfter('row1500', 1500.5)).toEqual([]);
  await expect(table(page)).toHaveAttribute('aria-rowcount', '2002');
  expect(await table(page).locator('[data-row]').count()).toBeLessThan(40);
});

test('arrows move the focus among rows, in sight or not, and the chosen row follows', async ({
  page,
  complaints,
}) => {
  const said = page.locator('output');
  await table(page).focus();
  expect(await focused(page)).toBe('row0');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('row1');
  await expect(said).toHaveText('');
  await page.keyboard.press('Enter');
  await expect(said).toHaveText('row1');
  await page.keyboard.press('End');
  await expect.poll(() => focused(page)).toBe('row1999');
  await expect(said).toHaveText('row1999');
  await expect(table(page).locator('[data-row=row1999]')).toBeInViewport();
  await page.keyboard.press('PageUp');
  await expect.poll(() => focused(page)).not.toBe('row1999');
  await page.keyboard.press('Home');
  await expect.poll(() => focused(page)).toBe('row0');
  await page.keyboard.press('Escape');
  await expect(said).toHaveText('');
  // One tab stop for all of them.
  await expect(table(page).locator('[data-row][tabindex="0"]')).toHaveCount(1);
  expect(complaints).toEqual([]);
});

test('a row that leaves while it has the focus passes it to the row in its place', async ({
  page,
}) => {
  await table(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.evaluate(() => window.removeRow('row2'));
  await expect.poll(() => focused(page)).toBe('row3');
});

test('a scroll far away keeps the row with the focus, and Tab comes back to it', async ({
  page,
}) => {
  await table(page).focus();
  await page.keyboard.press('ArrowDown');
  await table(page).evaluate((place) => place.scrollTo({ top: 30_000 }));
  await expect(table(page).locator('[data-row=row1072]')).toBeVisible();
  expect(await focused(page)).toBe('row1');
});

test('a press on a name sorts, up and then down; what was chosen is kept', async ({ page }) => {
  const size = table(page).getByRole('columnheader', { name: /^Size/ });
  await expect(size).toHaveAttribute('aria-sort', 'ascending');
  await size.getByRole('button').click();
  await expect(size).toHaveAttribute('aria-sort', 'descending');
  await expect(table(page).locator('[data-row=row1999]')).toBeInViewport();
  const kept = await page.evaluate(
    () => window.workbench.store.getState().preferences.tables['workbench']?.sort,
  );
  expect(kept).toEqual({ id: 'size', desc: true });
});

test('columns move by keyboard and by drag, never before the first; the menu hides and shows them', async ({
  page,
  complaints,
}) => {
  const head = (name: string): Locator =>
    table(page).getByRole('columnheader', { name: new RegExp(`^${name}`) });
  expect((await heads(page)).map((name) => name.slice(0, 4))).toEqual(['Name', 'Size', 'Note']);
  await head('Size').getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(async () => (await heads(page))[2]).toMatch(/^Size/);
  await head('Note').getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  expect((await heads(page))[0]).toMatch(/^Name/);
  await head('Size').dragTo(head('Note'), { steps: 8 });
  await expect.poll(async () => (await heads(page))[1]).toMatch(/^Size/);

  await head('Note').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Hide Note' }).click();
  await expect(head('Note')).toBeHidden();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Extra' }).click();
  await expect(head('Extra')).toBeVisible();
  await page.getByRole('menuitem', { name: 'Reset columns' }).click();
  await expect(head('Extra')).toBeHidden();
  await expect(head('Note')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a column hidden by keyboard passes the focus to the one in its place, the last to the one before', async ({
  page,
}) => {
  const press = (name: string): Locator =>
    table(page)
      .getByRole('columnheader', { name: new RegExp(`^${name}`) })
      .getByRole('button');
  const hide = async (name: string): Promise<void> => {
    await press(name).focus();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menu')).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('menuitem', { name: `Hide ${name}` })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(press(name)).toBeHidden();
  };
  await hide('Size');
  await expect(press('Note')).toBeFocused();
  await hide('Note');
  await expect(press('Name')).toBeFocused();
});

test('a column is made wider by keyboard and by its edge', async ({ page }) => {
  const size = table(page).getByRole('columnheader', { name: /^Size/ });
  const width = async (): Promise<number> => Math.round((await size.boundingBox())?.width ?? 0);
  const before = await width();
  await size.getByRole('button').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(width).toBe(before + 8);
  const box = await size.boundingBox();
  if (!box) throw new Error('The column has no place.');
  await page.mouse.move(box.x + box.width - 3, box.y + 14);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 37, box.y + 14, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBe(before + 48);
});

test('the menu of a row opens by Shift+F10 and by the right button, and gives the focus back', async ({
  page,
  complaints,
}) => {
  await table(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Copy row1' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('row1');
  await table(page).locator('[data-row=row4]').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy row4' }).click();
  await expect(page.locator('output')).toHaveText('copied row4');
  expect(complaints).toEqual([]);
});
