import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import type { Block, Cell, Column } from '#shared/model/report.ts';
import { fitsOf, WIDTH_CSS } from '#shared/report/column-room.ts';
import { ReportBlock } from '#shared/report/draw-block.ts';
import { draw } from '../../support/drawn.ts';

const column = (id: string, kind: Column['kind'] = 'text'): Column => ({ id, label: id, kind });
const rowsOf = (...rows: (readonly Cell[])[]) => rows.map((cells, at) => ({ id: `r${at}`, cells: [...cells] }));
const sentence = 'Its self-check holds, and no exception is open. ';

const table = (columns: readonly Column[], rows: ReturnType<typeof rowsOf>): Block => ({
  block: 'table',
  id: 't',
  title: 'T',
  columns: [...columns],
  rows,
  empty: 'none',
});
const render = (block: Block) => draw(createElement(ReportBlock, { block, zone: 'UTC', anchor: 'b' }));

describe('the columns of a table', () => {
  const columns = [column('id', 'id'), column('kind'), column('why'), column('name'), column('count', 'number')];
  const rows = rowsOf(
    ['AC-01', 'technical', sentence.repeat(2), 'Least privilege per task', 1],
    ['AC-02', 'technical', sentence.repeat(3), 'Access ends with the person', 2],
  );

  test('of sentences get more room than those of names, those of words what they need', () => {
    const [id, kind, why, name, count] = fitsOf({ columns, rows });
    expect([id, kind, count]).toEqual([null, 'brief', null]);
    expect(Number(why)).toBeGreaterThan(Number(name));
    expect(Number(why) + Number(name)).toBeLessThanOrEqual(100);
  });

  test('have a width the style knows, whatever stands in them', () => {
    const long = rowsOf(['AC-01', 'technical', 'x'.repeat(20_000), 'y'.repeat(20_000), 1]);
    for (const fit of [...fitsOf({ columns, rows }), ...fitsOf({ columns, rows: long })]) {
      if (typeof fit === 'number') expect(WIDTH_CSS).toContain(`.r-w-${fit} {`);
    }
  });

  test('of names of actions are as wide as the longest of them', () => {
    const [what, actions] = fitsOf({
      columns: [column('what'), column('actions')],
      rows: rowsOf([sentence.repeat(12), 'tenant.protection_change_approved']),
    });
    expect(Number(actions)).toBeGreaterThanOrEqual(25);
    expect(Number(what)).toBeGreaterThan(Number(actions));
  });

  test('of nothing take no share', () =>
    expect(fitsOf({ columns, rows: [] })).toEqual([null, 'brief', 'brief', 'brief', null]));
});

describe('numbers of records', () => {
  const seqs = '5862,5865,5877-5878,5882';
  const html = render(table([column('seqs')], rowsOf([seqs])));

  test('are broken after a comma, and not inside of a range', () => {
    expect(html).toContain('5862, 5865, <span class="r-range">5877-5878</span>, 5882');
  });

  test('that were cut are still numbers, with what is said of the others', () => {
    const cut = `${seqs}, and further ones; the root stands for all of them`;
    expect(render(table([column('seqs')], rowsOf([cut])))).toContain(
      '<span class="r-range">5877-5878</span>, 5882, and further ones; the root stands for all of them',
    );
  });

  test('are told from texts that only look like some', () => {
    for (const text of ['5862', '2026-11-21', '1,200 records', '1, 2']) {
      expect(render(table([column('text')], rowsOf([text])))).toContain(`>${text}</td>`);
    }
  });
});

test('only a row with a long text may be broken across two pages', () => {
  const html = render(table([column('text')], rowsOf(['short'], ['long '.repeat(200)])));
  expect(html.match(/<tr[^>]*>(?=<td)/g)).toEqual(['<tr>', '<tr class="r-tall">']);
});
