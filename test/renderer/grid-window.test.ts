import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_PIXELS, scrollToRow, windowRows } from '#renderer/components/grid-window.ts';

const extent = { rowHeight: 30, viewport: 600 };

describe('the window of a long list', () => {
  test('draws what is in view and a little more', () => {
    const view = windowRows({ ...extent, rows: 5000 }, 30 * 100);
    expect(view.from).toBe(94);
    expect(view.to).toBe(126);
    expect(view.offset).toBe(94 * 30);
    expect(view.height).toBe(150_000);
  });

  test('stays within what Chromium lays out, and reaches the last row of ten million', () => {
    const rows = 10_000_000;
    const end = windowRows({ ...extent, rows }, MOST_PIXELS);
    expect(end.height).toBe(MOST_PIXELS);
    expect(end.to).toBe(rows);
    expect(end.offset + (end.to - end.from) * 30).toBeCloseTo(MOST_PIXELS, 3);
  });

  test('draws no more rows the more there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, at) => {
        const view = windowRows({ ...extent, rows }, at * Math.min(rows * 30, MOST_PIXELS));
        expect(view.to - view.from).toBeLessThanOrEqual(34);
        expect(view.from).toBeGreaterThanOrEqual(0);
        expect(view.to).toBeLessThanOrEqual(rows);
      }),
    );
  });

  test('scrolling to a row brings it into view, and does nothing when it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000_000 }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, pick, at) => {
          const whole = { ...extent, rows };
          const row = pick % rows;
          const room = Math.max(0, Math.min(rows * 30, MOST_PIXELS) - 600);
          const top = Math.min(room, Math.max(0, scrollToRow(whole, at * room, row, 30)));
          const view = windowRows(whole, top);
          expect(row).toBeGreaterThanOrEqual(view.from);
          expect(row).toBeLessThan(view.to);
        },
      ),
    );
    expect(scrollToRow({ ...extent, rows: 100 }, 300, 15, 30)).toBe(300);
  });
});
