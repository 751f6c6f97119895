import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The packages inlined below ship source maps without sources, and Vite warns about each one.
  logLevel: 'error',
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    server: {
      deps: {
        // These import JSON without an import attribute, which Node refuses and Vite does not.
        inline: [/@actions\/(languageservice|workflow-parser|expressions)/],
      },
    },
  },
});
