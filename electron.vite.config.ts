import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      externalizeDeps: { include: ['better-sqlite3'] },
      rolldownOptions: {
        input: {
          main: 'src-main/main.ts',
          serve: 'src-main/serve.ts',
          cli: 'src-main/cli.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src-preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: { minify: true, rolldownOptions: { input: { index: 'src-renderer/index.html' } } },
  },
});
