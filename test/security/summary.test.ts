import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeSummary, SUMMARY_FILE } from './summary.ts';

test('docs/security-tests.md is what the tests say (npm run docs:security makes it)', () => {
  const made = makeSummary();
  expect(made.match(/^- /gm)?.length).toBeGreaterThan(15);
  expect(readFileSync(SUMMARY_FILE, 'utf8')).toBe(made);
});
