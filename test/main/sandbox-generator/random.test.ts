import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '#main/sandbox/generator/random.ts';

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('createRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    expect(take(createRandom(7), 50)).toEqual(take(createRandom(7), 50));
    expect(take(createRandom(7), 50)).not.toEqual(take(createRandom(8), 50));
  });

  it('forks by label, whatever has been drawn before', () => {
    const used = createRandom(7);
    take(used, 1_000);
    expect(take(used.fork('a'), 20)).toEqual(take(createRandom(7).fork('a'), 20));
    expect(take(used.fork('a'), 20)).not.toEqual(take(used.fork('b'), 20));
  });

  it.each([0.4, 3, 25, 400])('draws Poisson counts of mean and variance %d', (mean) => {
    const random = createRandom(11);
    const counts = Array.from({ length: 20_000 }, () => random.poisson(mean));
    const average = counts.reduce((sum, value) => sum + value, 0) / counts.length;
    const variance = counts.reduce((sum, value) => sum + (value - average) ** 2, 0) / counts.length;
    expect(Math.abs(average / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.06);
  });

  it('draws standard normals and uniform integers', () => {
    const random = createRandom(3);
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    expect(Math.abs(normals.reduce((sum, value) => sum + value, 0) / normals.length)).toBeLessThan(0.03);
    expect(normals.filter((value) => Math.abs(value) < 1.96).length / normals.length).toBeCloseTo(0.95, 1);
    const dice = new Set(Array.from({ length: 2_000 }, () => random.int(1, 6)));
    expect([...dice].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(random.hex(32)).toMatch(/^[0-9a-f]{32}$/);
  });
});
