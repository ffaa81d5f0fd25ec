import { execFileSync } from 'node:child_process';
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import config from '../../../electron.vite.config.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { ForgedChain } from '../../support/forge-chain.ts';
import { PROJECT_ROOT } from '../../support/project-root.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

/** The entries of the app's main build that threads are started from. */
function workerEntries(): Record<string, string> {
  const options = 'main' in config ? config.main?.build?.rollupOptions?.input : undefined;
  if (typeof options !== 'object' || Array.isArray(options)) throw new Error('the main build has no named entries');
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'main'));
}

test('the threads are found and work in the bundled program', { timeout: 60_000 }, async () => {
  const entry = join(folder, 'entry.ts');
  writeFileSync(
    entry,
    `import { verifyChainFile } from '${PROJECT_ROOT}/src-main/audit/verify-file.ts';
     const verdict = await verifyChainFile(process.argv[2] ?? '', { threads: { count: 2, block: 2000 } });
     process.stdout.write(JSON.stringify(verdict));`,
  );
  const outDir = join(folder, 'out/main');
  await build({
    root: PROJECT_ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: { main: entry, ...workerEntries() },
        external: [...builtinModules, /^node:/, 'better-sqlite3'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'));
  expect(readdirSync(join(outDir, 'audit'))).toContain('verify-worker.js');
  const file = new ForgedChain(20).write(join(folder, 'a.chain.jsonl'));
  const verdict = JSON.parse(execFileSync(process.execPath, [join(outDir, 'main.js'), file], { encoding: 'utf8' }));
  expect(verdict).toMatchObject({ verdict: 'valid', records: 20, problems: [] });
});
