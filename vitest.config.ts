import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{shared,main}/**/*.test.ts'],
          exclude: ['test/main/{console,vectors,verifier}/**'],
        },
      },
      // hundreds of files through every verifier
      { test: { name: 'verifiers', include: ['test/main/{vectors,verifier}/**/*.test.ts'] } },
      // whole consoles on the sandbox cloud: the main job, its faults, restarts
      { test: { name: 'console', include: ['test/main/console/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'terminal', include: ['test/terminal/**/*.test.ts'] } },
      {
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          exclude: ['test/renderer/{account,compliance,decision,entry,report}-window.test.ts'],
        },
      },
      // the built page in a real browser, before a main process that is made up
      {
        test: {
          name: 'window',
          include: ['test/renderer/{account,compliance,decision,entry,report}-window.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      // processes killed, system calls made to fail, bytes flipped
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'] } },
      { test: { name: 'security', include: ['test/security/**/*.test.ts'] } },
    ],
    testTimeout: 20_000,
    // Vitest leaves one processor free: of two, that is half of them, and many tests wait for a disk or a child process
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
