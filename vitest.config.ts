import { defineConfig } from "vitest/config";

/** `unit` is everything beside its file; `e2e` starts the whole program and drives it in a real browser, one story at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{app,engine,designer,db}/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
          exclude: ["test/e2e/**", "node_modules/**"],
          // Loading the house anew for every one of some five hundred files takes longer than all of their tests together.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
