import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The workbench as a page: served by `npm run screens`, built in memory by the component tests. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: fileURLToPath(new URL('../../src-renderer/public', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../node_modules/.vite-workbench', import.meta.url)),
  plugins: [react()],
  server: { host: '127.0.0.1', fs: { allow: ['../..'] } },
});
