import { readdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { views } from '../../src-renderer/views/registry.ts';
import { deskStates, dialogs } from '../workbench/catalogue.ts';
import { expect, test } from './fixture.ts';

/**
 * What keeps someone from reading or using the page, in words; less than that is left to judgement. The page
 * is one frame, and what passes is not asked for: that is a quarter of the work, with the same violations.
 */
async function serious(page: Page, within: string, rules?: string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page })
    .include(within)
    .options({ resultTypes: ['violations'] })
    .setLegacyMode();
  const { violations } = await (rules ? builder.withRules(rules) : builder).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** Both themes of what is open now: a theme changes colours and nothing else. */
async function expectSound(page: Page, complaints: string[], within = 'html'): Promise<void> {
  const root = page.locator('html');
  await page.evaluate(() => window.workbench.actions.prefer({ theme: 'dark' }));
  await expect(root).toHaveAttribute('data-theme', 'dark');
  expect.soft(await serious(page, within), 'dark').toEqual([]);
  await page.evaluate(() => window.workbench.actions.prefer({ theme: 'light' }));
  await expect(root).toHaveAttribute('data-theme', 'light');
  expect.soft(await serious(page, within, ['color-contrast']), 'light').toEqual([]);
  expect.soft(complaints.filter((text) => !text.includes('on purpose'))).toEqual([]);
}

// A few rows of a table stand for all of them: each costs axe as much as the one before.
test.use({ viewport: { width: 1280, height: 480 } });

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const { id, title } of views) {
  for (const state of Object.keys(deskStates)) {
    test(`${title}, ${state}`, async ({ page, bench, complaints }) => {
      await bench(`view=${id}&state=${state}`);
      const current = page.getByRole('navigation').locator('[aria-current=page]');
      await expect(current).toHaveAccessibleName(title);
      await expect(page.locator('main')).not.toBeEmpty();
      // A storm is the normal state in a hurry: it is drawn without complaint, and looked at there.
      if (state === 'storm') expect(complaints).toEqual([]);
      else await expectSound(page, complaints);
    });
  }
}

for (const dialog of Object.keys(dialogs)) {
  test(`dialog ${dialog}`, async ({ page, bench, complaints }) => {
    await bench(`dialog=${dialog}`);
    const shown = page.getByRole('dialog');
    await expect(shown).toBeVisible();
    await expectSound(page, complaints, '[role=dialog]');
    await page.keyboard.press('Escape');
    await expect(shown).toBeHidden();
  });
}

for (const file of readdirSync('tests/workbench/parts')) {
  const part = file.replace(/\.tsx$/, '');
  test(`part ${part}`, async ({ page, bench, complaints }) => {
    await bench(`part=${part}`);
    await expect(page.locator('[data-state]').first()).toBeVisible();
    await expectSound(page, complaints);
  });
}
