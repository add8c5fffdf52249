import { mkdirSync } from 'node:fs';
import { expect, test } from './fixture.ts';

const folder = 'test-results/screens';
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const views = ['positions', 'cache', 'backups'];

test('every view, dark and light, small and large, fits its window', async ({ page, serve }) => {
  mkdirSync(folder, { recursive: true });
  const desk = await serve();
  await expect.poll(async () => (await desk.slice('positions')).rows.length).toBe(60);
  await desk.call('backups.create', { note: 'for the picture' });
  await page.goto(desk.url);
  await expect(page.getByRole('grid', { name: 'Positions' })).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const [index, view] of views.entries()) {
        await page.keyboard.press(String(index + 1));
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const overflow = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${view} ${size.width} ${colorScheme}`).toBe(0);
        await page.screenshot({ path: `${folder}/${view}-${colorScheme}-${size.width}.png` });
      }
    }
  }
});
