import { describe, expect, test } from 'vitest';
import { TimeOrder } from '#main/compliance/evaluation/time-order.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const day = (number: number): number => START + number * DAY;

/** Days as the records say them; the seqs that were told, and the day it is at the end. */
function judge(days: readonly number[], order = new TimeOrder(), from = 1) {
  const backs: number[] = [];
  const taken: number[] = [];
  for (const [index, one] of days.entries()) {
    const back = order.take(from + index, day(one));
    if (back !== null) taken.push(back.from);
    if (order.isBack) backs.push(from + index);
  }
  return { backs, taken, told: order.problems().seqs, latest: (order.latest - START) / DAY };
}

describe('a clock that ran ahead', () => {
  test('one record far ahead is one problem, and those after it are ordinary', () => {
    expect(judge([0, 0.5, 30_000, 0.6, 0.7, 3, 4])).toEqual({ backs: [], taken: [3], told: [3], latest: 4 });
  });

  test('also when the next record comes weeks later', () => {
    expect(judge([0, 3000, 40, 41])).toEqual({ backs: [], taken: [2], told: [2], latest: 41 });
  });

  test('several are outweighed by as many', () => {
    const found = judge([0, 100, 100.1, 100.2, 1, 2, 3, 4]);
    expect(found).toEqual({ backs: [5, 6], taken: [2], told: [5, 6, 2, 3, 4], latest: 4 });
  });

  test('one jump after the other is taken back as far as the return goes', () => {
    expect(judge([0, 900, 9000, 1, 2, 3])).toEqual({ backs: [4], taken: [2], told: [4, 2, 3], latest: 3 });
    expect(judge([0, 900, 9000, 901, 902])).toEqual({ backs: [], taken: [3], told: [3], latest: 902 });
  });

  test('more than a thousand records are believed', () => {
    const ahead = Array.from({ length: 1001 }, (_none, index) => 4000 + index / 2000);
    const after = Array.from({ length: 1500 }, (_none, index) => 1 + index / 2000);
    const found = judge([0, ...ahead, ...after]);
    expect(found.taken).toEqual([]);
    expect(found.backs).toHaveLength(1500);
  });
});

describe('a clock that was put back', () => {
  test('into the middle of what was seen', () => {
    expect(judge([0, 0.5, 1.2, 2, 0.9, 1, 2.1])).toMatchObject({ backs: [5, 6], taken: [], latest: 2.1 });
  });

  test('after a silence of months, long after it began', () => {
    expect(judge([0, 4, 180, 40, 60, 70, 181])).toMatchObject({ backs: [4, 5, 6], taken: [], latest: 181 });
  });

  test('by an hour after a weekend', () => {
    expect(judge([0, 3, 2.95, 3.1])).toMatchObject({ backs: [3], taken: [], latest: 3.1 });
  });

  test('before the first record', () => {
    expect(judge([1000, 1, 2, 3])).toMatchObject({ backs: [2, 3, 4], taken: [], latest: 1000 });
  });

  test('again and again, and each time gone on with: no row', () => {
    expect(judge([0, 500, 501, 1, 502, 2, 503])).toMatchObject({ backs: [4, 6], taken: [], latest: 503 });
  });
});

test('goes on where it was put away, at any record', () => {
  const days = [0, 900, 9000, 1, 2, 3, 40, 3.5, 3.6, 41, 5, 6, 42, 4000, 4001, 43, 44, 45];
  const whole = new TimeOrder();
  judge(days, whole);
  for (let cut = 1; cut < days.length; cut++) {
    const first = new TimeOrder();
    judge(days.slice(0, cut), first);
    const second = new TimeOrder(JSON.parse(JSON.stringify(first.save())));
    judge(days.slice(cut), second, cut + 1);
    expect(second.save()).toEqual(whole.save());
  }
});
