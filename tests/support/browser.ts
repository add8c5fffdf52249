import { type Browser, chromium } from 'playwright';
import { findBrowser } from '../../scripts/browser.mjs';
import { Failure } from '../../src-main/domain/failure.ts';

/** An installed Chrome or Chromium without a window, for what is measured in one. Throws NOT_FOUND. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findBrowser([chromium.executablePath()]);
  if (!executablePath) {
    throw new Failure(
      'NOT_FOUND',
      'No Chrome or Chromium is here to draw in; name one with CHROME_PATH.',
    );
  }
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...args, '--disable-background-networking'] });
}
