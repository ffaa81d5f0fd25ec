import { describe, expect, test } from 'vitest';
import {
  addPage,
  beginRows,
  countText,
  indexOfSeq,
  nextRequest,
  PAGE_SIZE,
  reachableRows,
  rowAt,
  type TrailRows,
  withTotal,
} from '#renderer/features/audit/paging.ts';
import type { TrailPage, TrailRow } from '#shared/ipc/views.ts';

const row = (seq: number): TrailRow => ({
  seq,
  time: '2026-11-20T10:00:00.000Z',
  action: 'incident.created',
  outcome: 'success',
  actorType: 'system',
  actorId: 'ingest',
  targetType: 'incident',
  targetId: `inc-${seq}`,
  incident: null,
  hash: '0'.repeat(64),
});

/** A trail of `seqs` (descending), answering pages as the main process does. */
function source(seqs: readonly number[], head: number) {
  return (before?: number): TrailPage => {
    const rows = seqs
      .filter((seq) => before === undefined || seq < before)
      .slice(0, PAGE_SIZE)
      .map(row);
    const next = rows.length < PAGE_SIZE ? null : (rows.at(-1)?.seq ?? null);
    return { rows, total: seqs.length, totalIs: 'exact', head, next, searched: 1 };
  };
}

const down = (from: number, step = 1) =>
  Array.from({ length: Math.ceil(from / step) }, (_, index) => from - index * step).filter((seq) => seq > 0);

function follow(rows: TrailRows, page: (before?: number) => TrailPage, from: number, to: number): TrailRows {
  let current = rows;
  for (;;) {
    const request = nextRequest(current, from, to);
    if (request === null) return current;
    current = addPage(current, request.page, page(request.before));
  }
}

describe('an unfiltered trail', () => {
  const page = source(down(5000), 5000);
  const begun = beginRows(page(), false);

  test('can be entered anywhere at once, loading only what is in view', () => {
    expect(reachableRows(begun)).toBe(5000);
    const end = follow(begun, page, 4980, 5000);
    expect([...end.pages.keys()]).toEqual([0, 24]);
    expect(rowAt(end, 4999)?.seq).toBe(1);
    expect(rowAt(end, 2500)).toBeNull();
  });

  test('loads both pages of a view that crosses them', () => {
    const crossing = follow(begun, page, 590, 610);
    expect(rowAt(crossing, 599)?.seq).toBe(4401);
    expect(rowAt(crossing, 600)?.seq).toBe(4400);
  });

  test('knows where a record stands without loading', () => {
    expect(indexOfSeq(begun, 5000)).toBe(0);
    expect(indexOfSeq(begun, 1)).toBe(4999);
    expect(indexOfSeq(begun, 5001)).toBeNull();
  });

  test('forgets far pages of a million records, never the first nor the one in view', () => {
    const million = source(down(20_000), 20_000);
    let rows = beginRows(million(), false);
    for (let from = 0; from < 19_000; from += PAGE_SIZE) rows = follow(rows, million, from, from + 20);
    expect(rows.pages.size).toBeLessThanOrEqual(60);
    expect(rowAt(rows, 0)?.seq).toBe(20_000);
    expect(rowAt(rows, 18_800)?.seq).toBe(1200);
  });
});

describe('a filtered trail', () => {
  const seqs = down(5000, 7);
  const page = source(seqs, 5000);

  test('is loaded in its order to the last record, each once', () => {
    let rows = beginRows(page(), true);
    let seen = 0;
    while (reachableRows(rows) > seen) {
      seen = reachableRows(rows);
      rows = follow(rows, page, seen - 1, seen);
    }
    const all = Array.from({ length: seqs.length }, (_, index) => rowAt(rows, index)?.seq);
    expect(all).toEqual(seqs);
    expect(nextRequest(rows, 0, seqs.length)).toBeNull();
  });

  test('loads nothing while what is in view is there', () => {
    expect(nextRequest(beginRows(page(), true), 0, 40)).toBeNull();
  });

  test('finds a loaded record only', () => {
    const rows = beginRows(page(), true);
    expect(indexOfSeq(rows, 4993)).toBe(1);
    expect(indexOfSeq(rows, 4992)).toBeNull();
  });
});

test('a trail with records missing is read in order, as its places cannot be computed', () => {
  const seqs = down(1000).filter((seq) => seq !== 900);
  const page = source(seqs, 1000);
  const rows = beginRows(page(), false);
  expect(rows.anywhere).toBe(false);
  const more = follow(rows, page, 190, 210);
  expect(rowAt(more, 100)?.seq).toBe(899);
  expect(rowAt(more, 200)?.seq).toBe(799);
});

test('an empty trail asks for nothing', () => {
  const rows = beginRows({ rows: [], total: 0, totalIs: 'exact', head: 0, next: null, searched: 1 }, false);
  expect(reachableRows(rows)).toBe(0);
  expect(nextRequest(rows, 0, 0)).toBeNull();
});

describe('a search that pauses', () => {
  const paused = (rows: readonly TrailRow[], next: number | null): TrailPage => ({
    rows: [...rows],
    total: rows.length,
    totalIs: next === null && rows.length > 0 ? 'exact' : 'at-least',
    head: 5000,
    next,
    searched: next ?? 1,
  });

  test('goes on where it stopped, although its pages are not full, and knows how many there are at its end', () => {
    let rows = beginRows(paused([], 4000), true);
    expect(reachableRows(rows)).toBeGreaterThan(0);
    expect(nextRequest(rows, 0, 1)).toEqual({ page: 0, before: 4000 });
    rows = addPage(rows, 0, paused([row(3500), row(3400)], 3000));
    expect(nextRequest(rows, 0, 2)).toEqual({ page: 0, before: 3000 });
    expect(countText(rows, String)).toBe('at least 2');
    rows = addPage(rows, 0, paused([row(10)], null));
    expect([0, 1, 2].map((index) => rowAt(rows, index)?.seq)).toEqual([3500, 3400, 10]);
    expect([reachableRows(rows), rows.total, rows.totalIs]).toEqual([3, 3, 'exact']);
    expect(nextRequest(rows, 0, 3)).toBeNull();
  });

  test('never shows a smaller number while it is still counted', () => {
    const rows = beginRows({ ...paused([row(4999)], 4999), total: 900 }, true);
    expect(withTotal(rows, 400, 'at-least')).toMatchObject({ total: 900, totalIs: 'at-least' });
    expect(withTotal(rows, 1200, 'exact')).toMatchObject({ total: 1200, totalIs: 'exact' });
    const about = withTotal(rows, 5000, 'about');
    expect(countText(about, String)).toBe('about 5000');
  });
});
