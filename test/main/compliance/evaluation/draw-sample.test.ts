import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawPlaces, seedOf } from '#main/compliance/evaluation/draw-sample.ts';

const HEAD = createHash('sha256').update('head').digest('hex');

/** The same, written from the definition alone and as plainly as can be. */
function redraw(seed: string, control: string, count: number, size: number): number[] {
  const drawn: number[] = [];
  const bound = 2n ** 64n - (2n ** 64n % BigInt(Math.max(1, count)));
  for (let i = 0; drawn.length < Math.min(size, count); i++) {
    const number = i.toString(16).padStart(8, '0');
    const digest = createHash('sha256')
      .update(Buffer.from(seed, 'hex'))
      .update(control, 'ascii')
      .update(Buffer.from('00', 'hex'))
      .update(Buffer.from(number, 'hex'))
      .digest('hex');
    const value = BigInt(`0x${digest.slice(0, 16)}`);
    if (value >= bound) continue;
    const place = Number(value % BigInt(count));
    if (!drawn.includes(place)) drawn.push(place);
  }
  return drawn;
}

describe('a sample', () => {
  test('is drawn by a seed of the head and the auditor’s number', () => {
    const expected = createHash('sha256').update(Buffer.from(HEAD, 'hex')).update('007').digest('hex');
    expect(seedOf(HEAD, '007')).toBe(expected);
    expect(seedOf(HEAD, '7')).not.toBe(expected);
  });

  test('is drawn again by an independent program', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
        fc.constantFrom('AC-01', 'CR-12', 'ORG-07'),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 120 }),
        (number, control, count, size) => {
          const seed = seedOf(HEAD, String(number));
          const drawn = drawPlaces(seed, control, count, size);
          expect(drawn).toEqual(redraw(seed, control, count, size));
          expect(new Set(drawn).size).toBe(Math.min(size, count));
          expect(drawn.every((place) => place >= 0 && place < count)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('of a population as large as a million stays what it is', () => {
    const seed = seedOf(HEAD, '20260301');
    expect(drawPlaces(seed, 'AC-01', 1_000_000, 25)).toEqual(redraw(seed, 'AC-01', 1_000_000, 25));
  });

  test('of nothing is empty, and of fewer than asked for is all of them', () => {
    const seed = seedOf(HEAD, '1');
    expect(drawPlaces(seed, 'AC-01', 0, 25)).toEqual([]);
    expect(drawPlaces(seed, 'AC-01', 3, 25).toSorted()).toEqual([0, 1, 2]);
    expect(drawPlaces(seed, 'AC-01', 1, 1)).toEqual([0]);
  });

  test('every place is about as likely as any other', () => {
    const hits = new Array<number>(10).fill(0);
    for (let number = 0; number < 2000; number++) {
      const [place = -1] = drawPlaces(seedOf(HEAD, String(number)), 'AC-01', 10, 1);
      hits[place] = (hits[place] ?? 0) + 1;
    }
    expect(Math.min(...hits)).toBeGreaterThan(140);
    expect(Math.max(...hits)).toBeLessThan(260);
  });
});
