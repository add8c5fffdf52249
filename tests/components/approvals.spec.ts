import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixture.ts';

const queue = (page: Page): Locator => page.getByRole('region', { name: 'Proposals' });
const lines = (page: Page): Locator => queue(page).locator('[data-proposal]');
const detail = (page: Page): Locator => page.getByRole('complementary');

test('the queue is gone through and answered with the keyboard alone', async ({ page, bench }) => {
  await bench('view=positions');
  const button = page.getByRole('navigation').getByRole('button', { name: 'Approvals' });
  await expect(button).toHaveAccessibleDescription('4 proposals wait');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    '1 proposal protects a position that has no stop. 3 more wait.',
  );
  // Nothing has the focus yet: Enter sends nothing that was not gone to.
  await page.keyboard.press('Enter');
  await expect(lines(page)).toHaveCount(4);
  await page.keyboard.press('ArrowDown');
  await expect(lines(page).first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(lines(page).nth(1)).toBeFocused();
  await expect(detail(page).getByRole('heading', { level: 2 })).toContainText('Move the stop from');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Confirmed by the exchange: move the stop/)).toBeVisible();
  await expect(lines(page)).toHaveCount(3);
  await expect(button).toHaveAccessibleDescription('3 proposals wait');
  // The next one stands in its place, and D says no to it.
  await expect(detail(page).getByRole('heading', { level: 2 })).toContainText('take-profit 1');
  await page.keyboard.press('d');
  await expect(lines(page)).toHaveCount(2);
});

test('every field that is sent is shown with what stands there now', async ({ page, bench }) => {
  await bench('view=approvals');
  const table = detail(page).getByRole('table', { name: /^Set a stop at/ });
  const row = table.getByRole('row').filter({ hasText: 'stopLoss' });
  await expect(row.getByRole('cell').first()).toHaveText('none');
  await expect(table.getByRole('row')).toHaveCount(7);
  await expect(detail(page)).toContainText('stays without a stop.');
});

test('what has changed by then is not sent: it says what changed and stands as another', async ({
  page,
  bench,
}) => {
  await bench('view=approvals');
  await queue(page)
    .getByRole('button', { name: /Approve: DOGEUSDT/ })
    .click();
  await expect(detail(page)).toContainText('Nothing was sent. The size is 2090, it was 2080.');
  await expect(lines(page)).toHaveCount(4);
  await expect(detail(page).getByRole('heading', { level: 2 })).toContainText('1250 to 1776');
  await expect(queue(page).getByText('Changed', { exact: true })).toBeVisible();
});

test('what adds risk is asked about once more, and no part of approving several', async ({
  page,
  bench,
}) => {
  await bench('view=approvals');
  await queue(page)
    .getByRole('button', { name: /Approve: LINKUSDT/ })
    .click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('This opens more');
  await page.keyboard.press('Escape');
  await expect(lines(page)).toHaveCount(4);

  // The ladder changes meanwhile: there it stops.
  await page.getByRole('button', { name: 'Approve the 3 that add no risk…' }).click();
  await expect(question.getByRole('listitem')).toHaveCount(3);
  await question.getByRole('button', { name: 'Approve and send 3' }).click();
  await expect(question.getByRole('alert')).toHaveText(/^2 of 3 confirmed, then it stopped\./);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(lines(page)).toHaveCount(2);
});

test('all are dismissed after one question; then it says why nothing waits', async ({
  page,
  bench,
}) => {
  await bench('view=approvals');
  await page.getByRole('button', { name: 'Dismiss all…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Dismiss 4' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing waits for you.');
  await expect(page.getByRole('main')).toContainText('Mirror is in propose mode');
});

test('from a proposal to its position, where it can be answered too', async ({ page, bench }) => {
  await bench('view=approvals');
  await detail(page).getByRole('button', { name: 'Open position' }).click();
  await expect(detail(page)).toHaveAccessibleName('Position ETHUSDT');
  await expect(detail(page)).toContainText('Set a stop at');
  await detail(page).getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(detail(page)).not.toContainText('Set a stop at');
});

test('at 900 px the chosen one stands below the queue, and nothing is cut off', async ({
  page,
  bench,
}) => {
  await page.setViewportSize({ width: 900, height: 800 });
  await bench('view=approvals');
  const above = await queue(page).boundingBox();
  const below = await detail(page).boundingBox();
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual((below?.y ?? 0) + 1);
  await expect(detail(page).getByRole('button', { name: /^Approve and send/ })).toBeInViewport();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});

test('beside a position it says what would be done, what is in the way and what may be chosen instead', async ({
  page,
  bench,
}) => {
  await bench('view=positions');
  await expect(page.getByRole('grid').locator('[data-row]').first()).toBeVisible();
  await page.evaluate(() => {
    const { fixture, actions } = window.workbench;
    const row = fixture.state.lists.positions.find(({ account }) => account === 'main');
    const main = fixture.state.lists.accounts.find(({ id }) => id === 'main');
    if (!row || !main) throw new Error('The fixture has no position of main.');
    fixture.change('accounts', [{ ...main, mode: 'watch' }]);
    const needs = {
      steps: [
        { text: 'Cancel the entry for 0.1 at 58000.', why: 'The first take-profit was hit.' },
      ],
      blocked: [
        {
          why: 'The first take-profit was hit.',
          sentence: 'The price 59900 is below the breakeven of 60072.1.',
          offers: ['Close the rest, 0.150, at market.', 'Leave the stop at 59000.'],
        },
      ],
      waiting: [],
    };
    fixture.change('positions', [{ ...row, needs }]);
    actions.open(`${row.account}/${row.symbol}/${row.positionIdx}`);
  });
  const panel = detail(page);
  await expect(panel.getByRole('heading', { name: 'Would do' })).toBeVisible();
  await expect(panel).toContainText('Cancel the entry for 0.1 at 58000.');
  await expect(panel).toContainText(
    'The price 59900 is below the breakeven of 60072.1.The first take-profit was hit. You can instead: Close the rest, 0.150, at market. Leave the stop at 59000.',
  );
  await expect(panel).toContainText('nothing is sent');
});
