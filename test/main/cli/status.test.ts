import { expect, test } from 'vitest';
import { presentStatus, type Status } from '#main/cli/commands/status.ts';
import { run } from '#main/cli/main.ts';
import { recordedIo } from '../../support/recorded-io.ts';

const AT = '2026-03-01T12:00:00.000Z';
const STATUS: Status = {
  chain: {
    records: 120,
    head: 'a'.repeat(64),
    keyId: 'k',
    checkpoint: { size: 100, root: 'r', at: AT },
    verified: null,
  },
  standing: { state: 'whole', breaks: [] },
  coverage: {
    records: 120,
    valid: 100,
    invalid: 0,
    ranges: [],
    oldest: null,
    running: true,
    problems: [],
    problemCount: 0,
  },
};

test('the status says how far the trail was checked, and no more', () => {
  const text = presentStatus(STATUS);
  expect(text).toContain('100 good, 0 in damaged parts, 20 not yet\n');
  expect(text).toContain('of 100 records, 2026-03-01T12:00:00.000Z');
  expect(text).toContain('whole');
  expect(text).not.toContain('not running');
});

test('each problem is named with its record, without what could steer a terminal', () => {
  const problems = [{ line: 0, seq: 7, code: 'hash' as const, message: 'wrong\u001b[2J' }];
  const coverage = { ...STATUS.coverage, running: false, problems, problemCount: 1 };
  const text = presentStatus({ ...STATUS, coverage });
  expect(text).toContain('record 7: hash: wrong\ufffd[2J');
  expect(text).toContain('checking is not running');
});

test('wrong usage is refused', async () => {
  const io = recordedIo();
  expect(await run(['status', 'more'], io)).toBe(2);
  expect(io.err()).toContain('usage: causeway status');
});
