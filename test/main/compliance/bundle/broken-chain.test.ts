import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBundle } from '#main/compliance/bundle/read-bundle.ts';
import { BundleView } from '#shared/ipc/compliance-views.ts';
import { removeFolder, TEST_GENERATOR } from '../../../support/audit-store.ts';
import { openSampleBundle, type SampleBundle } from '../../../support/sample-bundle.ts';

let sample: SampleBundle;
beforeAll(async () => {
  sample = await openSampleBundle();
});
afterAll(async () => {
  await sample.test.store.close();
  for (const path of [sample.test.folder, sample.parent]) removeFolder(path);
});

/** A bundle of a chain of which somebody had altered a record before it was made. */
const made = (alter: (lines: string[]) => string[]) =>
  sample.make({
    unsound: true,
    writeChain: async (path) => {
      await sample.test.store.exportChain(path, { disclose: false, generator: TEST_GENERATOR });
      const altered = alter(readFileSync(path, 'utf8').split('\n')).join('\n');
      writeFileSync(path, altered);
      return { digest: createHash('sha256').update(altered).digest('hex') };
    },
  });
const alterLine = (place: number) => (lines: string[]) =>
  lines.map((line, at) =>
    at === place ? line.replace('"success"', '"failure"').replaceAll('user-1', 'user-7') : line,
  );

test('a bundle made over a chain that does not verify is what was given out: its reports are read', async () => {
  const { folder } = await made(alterLine(8));
  const { view, pathOf, chain } = await readBundle(folder);
  expect(BundleView.parse(view)).toMatchObject({ verdict: 'broken-chain', problems: [] });
  expect(view.chainVerdict.verdict).toBe('invalid');
  expect(view.chainVerdict.problems.length).toBeGreaterThan(0);
  expect(view.reports.map(({ file }) => file)).toEqual(['reports/soc2-type2.html']);
  expect([pathOf('reports/soc2-type2.html'), chain]).toEqual([
    join(view.folder, 'reports', 'soc2-type2.html'),
    join(view.folder, 'audit.chain.jsonl'),
  ]);
  const readme = readFileSync(join(folder, 'README.txt'), 'utf8');
  expect(readme).toContain('MADE OVER A CHAIN THAT DOES NOT VERIFY');
  expect((await readBundle((await sample.make()).folder)).view.verdict).toBe('complete');
});

test('what was changed after it was made is damage all the same', async () => {
  const { folder } = await made(alterLine(8));
  writeFileSync(join(folder, 'README.txt'), 'Nothing is wrong.\n');
  expect((await readBundle(folder)).view.verdict).toBe('damaged');
});

test('where the record that introduces the key was altered, nobody can say who signed', async () => {
  const { folder } = await made((lines) =>
    lines.map((line, at) => (at === 1 ? line.replace('"made"', '"mode"').replace('"fromSeq":1', '"fromSeq":2') : line)),
  );
  const { view } = await readBundle(folder);
  expect([view.verdict, view.reports]).toEqual(['damaged', []]);
  expect(view.problems.map(({ text }) => text)).toEqual([expect.stringContaining('Who signed it cannot be said')]);
});
