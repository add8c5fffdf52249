import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: { electron: fileURLToPath(new URL('./tests/support/electron.ts', import.meta.url)) },
  },
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**', '**/node_modules/**'],
    pool: 'threads',
    isolate: false,
    // Every processor: by itself Vitest leaves one alone, which on two is half of them.
    maxWorkers: '100%',
    testTimeout: 20_000,
  },
});
