import { expect, test } from 'vitest';
import { progressLine } from '#main/cli/progress-line.ts';

function line(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { written, clock, progress: progressLine(stream, () => clock.now) };
}

const MIB = 1_048_576;

test('progress is shown on a terminal after a second, not more than five times a second, and taken away', () => {
  const { written, clock, progress } = line(true);
  progress.show(MIB, 4 * MIB);
  expect(written).toEqual([]);
  clock.now = 1000;
  progress.show(MIB, 4 * MIB);
  clock.now = 1100;
  progress.show(2 * MIB, 4 * MIB);
  expect(written).toEqual(['\r\u001b[K25 %, 1 of 4 MiB, about 3 s left']);
  progress.clear();
  expect(written.at(-1)).toBe('\r\u001b[K');
});

test('where there is no terminal nothing is written', () => {
  const { written, clock, progress } = line(false);
  clock.now = 5000;
  progress.show(1, 2);
  progress.clear();
  expect(written).toEqual([]);
});
