import { defineConfig } from '@playwright/test';

export default defineConfig({
  // Parts and views from the workbench, then the built program.
  projects: [
    // Axe takes what it takes on a machine at work; nothing here waits for anything but drawing.
    { name: 'screens', testDir: 'tests/components', timeout: 240_000, use: { trace: 'off' } },
    { name: 'program', testDir: 'tests/e2e' },
  ],
  outputDir: 'test-results/e2e',
  // Two cores: one desk, its exchange and a browser at a time.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(process.env['CHROME_PATH'] ? { executablePath: process.env['CHROME_PATH'] } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
