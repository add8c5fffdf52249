import { expect, test } from './fixture.ts';

test('a menu opens by key, toggles, picks and does, and gives the focus back', async ({
  page,
  bench,
  complaints,
}) => {
  await bench('part=controls&state=menu');
  const said = page.locator('output');
  const button = page.getByRole('button', { name: 'More' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu', { name: 'Backup' })).toBeVisible();
  await page.getByRole('menuitemcheckbox', { name: 'Pinned' }).click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  await expect(said).toHaveText('pinned light');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(button).toBeFocused();
  await button.click();
  await page.getByRole('menuitem', { name: 'Verify' }).click();
  await expect(said).toHaveText('verified pinned light');
  await expect(page.getByRole('menu')).toBeHidden();
  expect(complaints).toEqual([]);
});

test('a select, tabs and a tooltip work under the headers of the shells', async ({
  page,
  bench,
  complaints,
}) => {
  await bench('part=controls&state=select');
  const select = page.getByRole('combobox', { name: 'Mode' });
  await select.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: 'propose' }).click();
  await expect(select).toHaveText('propose');

  await bench('part=controls&state=tabs');
  await page.getByRole('tab', { name: 'Levels' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  // The one that leaves may still be there for a moment.
  await expect(page.getByRole('tabpanel', { name: 'Timeline' })).toHaveText('The timeline');

  await bench('part=controls&state=tooltip');
  await page.getByRole('button', { name: 'Sweep now' }).hover();
  await expect(page.getByRole('tooltip')).toHaveText('Read everything again and compare');
  await page.mouse.move(0, 0);
  await expect(page.getByRole('tooltip')).toBeHidden();
  expect(complaints).toEqual([]);
});

test('a figure is counted by arrow keys and keeps to its ends; one in a row is sent when it is left', async ({
  page,
  bench,
  complaints,
}) => {
  await bench('part=controls&state=number-field');
  const field = page.getByRole('textbox', { name: 'At least every' });
  await field.focus();
  await page.keyboard.press('ArrowUp');
  await expect(field).toHaveValue('16');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(field).toHaveValue('26');
  await field.fill('99');
  await field.blur();
  await expect(field).toHaveValue('60');
  await expect(field).toHaveAccessibleDescription('From 1 to 60');

  await bench('part=controls&state=number-in-a-row');
  const cell = page.getByRole('textbox', { name: 'Seconds kept' });
  await cell.fill('30');
  await expect(page.locator('output')).toHaveText('15');
  await page.keyboard.press('Enter');
  await expect(page.locator('output')).toHaveText('30');
  expect(complaints).toEqual([]);
});

test('a figure in a row shows what is in force: not what was refused, given up or taken out', async ({
  page,
  bench,
}) => {
  await bench('part=controls&state=number-in-a-row');
  const cell = page.getByRole('textbox', { name: 'Seconds kept' });
  for (const refused of ['99999999', '']) {
    await cell.fill(refused);
    await page.keyboard.press('Enter');
    await expect(cell).toHaveValue('15');
  }
  await cell.fill('20');
  await page.keyboard.press('Escape');
  await expect(cell).toHaveValue('15');
  await expect(page.locator('output')).toHaveText('15');
});
