import { globSync } from 'node:fs';
import { basename } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { dependencies } from './package.json' with { type: 'json' };

/** Only the native module stays outside: one bundle starts in 90 ms where packages take 150 ms. */
const native = ['better-sqlite3'];

/** Worker threads are entries of their own, so that they lie beside the programs that start them. */
const workers = Object.fromEntries(
  globSync('src-main/**/*-worker.ts').map((file) => [basename(file, '.ts'), file]),
);

export default defineConfig({
  main: {
    build: {
      externalizeDeps: {
        include: native,
        exclude: Object.keys(dependencies).filter((name) => !native.includes(name)),
      },
      rolldownOptions: {
        input: {
          main: 'src-main/main.ts',
          serve: 'src-main/serve.ts',
          cli: 'src-main/cli.ts',
          ...workers,
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
    build: {
      minify: true,
      rolldownOptions: {
        input: { index: 'src-renderer/index.html' },
        // Fetched with the first view that draws with it, and kept when that view changes.
        output: { codeSplitting: { groups: [{ name: 'uplot', test: /node_modules\/uplot\// }] } },
      },
    },
  },
});
