import { expect, test } from './fixture.ts';

test('put to propose on the screen, asked when a take-profit fills, approved, and confirmed by the exchange', async ({
  page,
  serve,
  complaints,
}) => {
  const desk = await serve();
  await page.goto(desk.url);
  const grid = page.getByRole('grid', { name: 'Positions' });
  await expect(grid).toHaveAttribute('aria-rowcount', '62');

  // The mode says what it means, and to propose needs nothing typed.
  await page.getByRole('button', { name: 'Mode of main: armed. Change' }).click();
  const question = page.getByRole('dialog');
  await question.getByRole('radio', { name: /^propose Puts every step before you/ }).click();
  await question.getByRole('button', { name: 'Set to propose' }).click();
  await expect(question).toBeHidden();

  const { practiceUrl } = await desk.slice('health');
  const orders = (await desk.slice('orders')).rows;
  const row = (await desk.slice('positions')).rows.find(
    ({ account, symbol, takeProfits }) =>
      account === 'main' &&
      takeProfits[0]?.filledQuantity === '0' &&
      orders.some(
        (order) => order.symbol === symbol && order.account === account && !order.reduceOnly,
      ),
  );
  if (!row) throw new Error('The practice exchange has no such position.');
  await fetch(`${practiceUrl}/practice/fill`, {
    method: 'POST',
    body: JSON.stringify({ account: 'main', orderId: row.takeProfits[0]?.orderId }),
  });

  await page.keyboard.press('a');
  const queue = page.getByRole('region', { name: 'Proposals' });
  const line = queue.locator('[data-proposal]').filter({ hasText: 'Move the stop from' });
  await expect(line).toHaveCount(1);
  const proposal = (await desk.slice('approvals')).rows.find(({ symbol }) => symbol === row.symbol);
  await line.click();
  const detail = page.getByRole('complementary');
  await expect(detail).toContainText('The first take-profit was hit.');
  await expect(detail.getByRole('table').first()).toContainText(proposal?.order['stopLoss'] ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Confirmed by the exchange: move the stop/)).toBeVisible();
  await expect(line).toHaveCount(0);

  const truth = (await (await fetch(`${practiceUrl}/practice/truth`)).json()) as {
    accounts: { account: string; positions: { symbol: string; stopLoss: string }[] }[];
  };
  const held = truth.accounts
    .find(({ account }) => account === 'main')
    ?.positions.find(({ symbol }) => symbol === row.symbol);
  expect(Number(held?.stopLoss)).toBe(Number(proposal?.order['stopLoss']));
  expect(complaints).toEqual([]);
});
