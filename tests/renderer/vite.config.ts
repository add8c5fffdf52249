import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The renderer alone, for the fixture desk and the screen benchmark: `vite build src-renderer --config`. */
export default defineConfig({ base: './', plugins: [react()], logLevel: 'warn' });
