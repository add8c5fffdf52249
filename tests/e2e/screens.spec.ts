import { mkdirSync } from 'node:fs';
import { expect, test } from './fixture.ts';

const folder = 'test-results/screens';
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

test('every view, dark and light, small and large, fits its window', async ({ page, serve }) => {
  mkdirSync(folder, { recursive: true });
  const desk = await serve();
  await expect.poll(async () => (await desk.slice('positions')).rows.length).toBe(60);
  await desk.call('backups.create', { note: 'for the picture' });
  await page.goto(desk.url);
  await expect(page.getByRole('grid', { name: 'Positions' })).toBeVisible();
  const views = page.getByRole('navigation', { name: 'Views' }).locator('[aria-keyshortcuts]');
  await expect(views.first()).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const button of await views.all()) {
        const view = (await button.getAttribute('aria-label')) ?? '';
        await button.click();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const overflow = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${view} ${size.width} ${colorScheme}`).toBe(0);
        await page.screenshot({
          path: `${folder}/${view.toLowerCase()}-${colorScheme}-${size.width}.png`,
        });
      }
    }
  }
});
