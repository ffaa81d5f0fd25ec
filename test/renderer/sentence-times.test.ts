import { expect, test } from 'vitest';
import { printTimes } from '#renderer/features/compliance/parts/sentence-times.ts';

test.each([
  ['Between 2026-05-22T00:00:00.000Z and 2026-08-22T00:00:00.000Z.', 'Between 2026-05-22 UTC and 2026-08-22 UTC.'],
  ['At 2026-05-22T01:02:03.004Z', 'At 2026-05-22 01:02:03 UTC'],
  ['At 2026-05-22T00:00:00.500Z', 'At 2026-05-22 00:00:00 UTC'],
  ['lease-2026-05-22T', 'lease-2026-05-22T'],
])('%s reads as people write it', (sentence, shown) => expect(printTimes(sentence)).toBe(shown));
