import { expect, test } from 'vitest';
import { run } from '#main/cli/main.ts';
import { recordedIo } from '../../support/recorded-io.ts';

test.each([
  [['witness']],
  [['witness', 'request']],
  [['witness', 'request', 'x', '--out', 'y']],
  [['witness', 'request', '--out', 'y', '--from', '-1']],
  [['witness', 'request', '--out', 'y', '--from', '1e3']],
  [['witness', 'request', '--out', 'y', '--trust', 'z']],
  [['witness', 'cosign', 'x']],
  [['witness', 'cosign', '--out', 'y']],
  [['witness', 'cosign', 'x', 'y', '--out', 'z']],
  [['witness', 'add']],
  [['witness', 'add', 'x', '--out', 'y']],
  [['witness', 'remove']],
  [['witness', 'list', 'x']],
  [['witness', 'key', '--nope']],
  [['witness', 'toString']],
])('%j is wrong usage, before a workspace is opened', async (args) => {
  const io = recordedIo();
  expect(await run(args, io)).toBe(2);
  expect(io.err()).toMatch(/usage: causeway witness|causeway witness request/);
});
