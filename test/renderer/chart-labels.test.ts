import { describe, expect, test } from 'vitest';
import { placeLabels } from '#renderer/components/chart-labels.ts';

const room = { left: 0, right: 600, rows: 3, gap: 5 };

describe('the labels of a chart stand beside their lines', () => {
  test('after the line, or before it where there is no room to the right', () => {
    expect(placeLabels([{ x: 100, width: 80 }], room)).toEqual([{ row: 0, left: 105 }]);
    expect(placeLabels([{ x: 590, width: 80 }], room)).toEqual([{ row: 0, left: 505 }]);
  });

  test('in one row as long as they do not touch', () => {
    const wishes = [
      { x: 100, width: 80 },
      { x: 300, width: 80 },
      { x: 590, width: 80 },
    ];
    expect(placeLabels(wishes, room).map((place) => place?.row)).toEqual([0, 0, 0]);
  });

  test('near the right edge stacked, so that no line crosses a text', () => {
    const alarm = { x: 580, width: 80 };
    const change = { x: 545, width: 200 };
    expect(placeLabels([alarm, change], room)).toEqual([
      { row: 1, left: 495 },
      { row: 0, left: 340 },
    ]);
  });

  test('and to the left likewise', () => {
    const places = placeLabels(
      [
        { x: 100, width: 200 },
        { x: 130, width: 80 },
      ],
      room,
    );
    expect(places).toEqual([
      { row: 1, left: 105 },
      { row: 0, left: 135 },
    ]);
  });

  test('the most important is the last to be left out, and none begins outside', () => {
    const crowd = Array.from({ length: 5 }, (_, index) => ({ x: 590 - index, width: 80 }));
    const places = placeLabels(crowd, room);
    expect(places.map((place) => place !== null)).toEqual([true, true, true, false, false]);
    expect(placeLabels([{ x: 20, width: 700 }], room)).toEqual([{ row: 0, left: 0 }]);
    expect(placeLabels([], room)).toEqual([]);
  });
});
