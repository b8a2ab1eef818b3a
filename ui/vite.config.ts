import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias: { $lib: here('./src/lib'), $features: here('./src/features') } },
  // The window's engine is WebKitGTK; everything the page needs is in the bundle.
  build: {
    target: 'safari16.4',
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: false,
    // On a slow machine it would tell at every build how long a plugin took.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: { host: '127.0.0.1' },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test/set-up.ts'],
    // Tests wait for states. How long that takes is the machine's affair, and it may be busy.
    testTimeout: 60_000,
    // A failed wait tells what it waited for, not the whole page.
    env: { TZ: 'Europe/Berlin', DEBUG_PRINT_LIMIT: '0' },
  },
});
