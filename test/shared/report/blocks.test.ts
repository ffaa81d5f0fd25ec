import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import type { Block, ReportState } from '#shared/model/report.ts';
import { isWide } from '#shared/report/block-table.ts';
import { ReportBlock } from '#shared/report/draw-block.ts';
import { countIn, draw, textOf } from '../../support/drawn.ts';
import { approvalsTable, incidentTimeline } from '../../support/sample-report-blocks.ts';

const render = (block: Block, rows?: number) =>
  draw(
    createElement(ReportBlock, {
      block,
      zone: 'Europe/Istanbul',
      anchor: 'b',
      ...(rows === undefined ? {} : { rows }),
    }),
  );

describe('text', () => {
  test('is its paragraphs', () => {
    const html = render({ block: 'text', id: 't', title: 'T', paragraphs: ['One.', 'Two <b>.'] });
    expect(html.match(/<p>/g)).toHaveLength(2);
    expect(textOf(html)).toBe('One. Two <b>.');
  });
});

describe('figures', () => {
  const items: Extract<Block, { block: 'figures' }>['items'] = [
    { id: 'a', label: 'Criteria', value: 52, of: 61, kind: 'number', note: 'with evidence' },
    { id: 'b', label: 'Chain', value: { state: 'holds', word: 'Holds' }, kind: 'state' },
    { id: 'c', label: 'Newest', value: null, kind: 'time' },
  ];
  test('numbers and states are cards, the others facts', () => {
    const html = render({ block: 'figures', id: 'f', title: 'F', items });
    expect(textOf(html)).toBe('Criteria 52 of 61 with evidence Chain Holds Newest –');
    expect(countIn(html, /class="r-card"/g)).toBe(2);
    expect(countIn(html, /class="r-fact"/g)).toBe(1);
  });
});

describe('table', () => {
  test('has a head for each column and a row for each row', () => {
    const html = render(approvalsTable(50));
    expect(countIn(html, /<th scope="col"/g)).toBe(9);
    expect(countIn(html, /<tr/g)).toBe(51);
    expect(html).toContain('role="region" aria-label="Approvals" tabindex="0"');
    expect(textOf(html)).toContain('UTC, then Europe/Istanbul');
  });

  test('says why it is empty', () => {
    const html = render({ ...approvalsTable(0) });
    expect(textOf(html)).toBe('Nothing was proposed.');
    expect(html).not.toContain('<table');
  });

  test('a preview tells how many rows it leaves out', () => {
    const html = render(approvalsTable(50), 10);
    expect(countIn(html, /<tr/g)).toBe(11);
    expect(textOf(html)).toContain('40 more rows of 50: in the saved report.');
  });

  test('thousands of rows are drawn; a short row is filled up', () => {
    const table = approvalsTable(3000);
    const html = render({ ...table, rows: [...table.rows, { id: 'short', cells: ['1'] }] });
    expect(countIn(html, /<tr/g)).toBe(3002);
    expect(countIn(html, /<td/g)).toBe(3001 * 9);
  });
});

describe('calendar', () => {
  const day = 86_400_000;
  const start = Date.parse('2026-03-01T00:00:00.000Z');
  const periods = (days: number, states: readonly ReportState[]) =>
    states.map((state, index) => ({
      from: new Date(start + index * days * day).toISOString(),
      to: new Date(start + (index + 1) * days * day).toISOString(),
      count: state === 'met' ? 1 : 0,
      state,
    }));
  const calendar = (...rows: { id: string; states: readonly ReportState[]; days: number }[]): Block => ({
    block: 'calendar',
    id: 'c',
    title: 'C',
    rows: rows.map(({ id, states, days }) => ({ id, label: `${id} name`, periods: periods(days, states) })),
  });
  const squares = (html: string, state: string) =>
    countIn(new RegExp(`class="r-sq r-sq-${state}" d="([^"]*)"`).exec(html)?.[1] ?? '', /M/g);

  test('draws each period once, says the numbers beside, and names each missed one', () => {
    const html = render(
      calendar({ id: 'AC-01', days: 7, states: ['met', 'missed', 'met', 'late', 'met', 'not-due', 'no-data'] }),
    );
    expect(squares(html, 'met')).toBe(3);
    expect(squares(html, 'not-due')).toBe(1);
    expect(squares(html, 'no-data')).toBe(1);
    expect(html).toContain('<title>Missed: 8 Mar 2026 to 14 Mar 2026</title>');
    expect(html).toContain('<title>Late: 22 Mar 2026 to 28 Mar 2026</title>');
    expect(textOf(html)).toMatch(/AC-01 name.*3 met 1 missed 1 late 1 not due yet 1 not in force/);
    expect(html).toContain('7 periods: 3 met, 1 missed, 1 late, 1 not due yet, 1 not in force. Missed: 8 Mar 2026');
  });

  test('a year of days is columns of seven, and stays small', () => {
    const states = Array.from({ length: 365 }, (): ReportState => 'met');
    const html = render(calendar({ id: 'AU-01', days: 1, states }));
    expect(html).toContain('viewBox="0 0 560 42"');
    expect(squares(html, 'met')).toBe(365);
    expect(html.length).toBeLessThan(20_000);
    const all = /r-sq-met" d="([^"]*)"/.exec(html)?.[1] ?? '';
    const places = [...all.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)].map(([, x = '', y = '', w = '']) => ({
      x: +x,
      y: +y,
      w: +w,
    }));
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(365); // none on top of another
    expect(new Set(places.map(({ y }) => y)).size).toBe(7);
    expect(Math.max(...places.map(({ x, w }) => x + w))).toBeLessThanOrEqual(560);
  });

  test('charts have names a screen reader finds, unique in the page', () => {
    const html = render(calendar({ id: 'A', days: 7, states: ['met'] }, { id: 'B', days: 30, states: ['met'] }));
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, wanted = ''] of html.matchAll(/aria-labelledby="([^"]+)"/g))
      for (const id of wanted.split(' ')) expect(ids).toContain(id);
  });

  test('without periods it says so', () => {
    expect(textOf(render(calendar()))).toBe('No control has a period in this window.');
    const html = render(calendar({ id: 'A', days: 7, states: ['met'] }, { id: 'CM-01', days: 7, states: [] }));
    expect(textOf(html)).toContain('CM-01 name each time it happens');
  });
});

describe('bars', () => {
  const bars = (...parts: { state: ReportState; value: number }[][]): Block => ({
    block: 'bars',
    id: 'b',
    title: 'B',
    bars: parts.map((one, index) => ({ id: `${index}`, label: `Bar ${index}`, parts: one })),
  });

  test('are drawn to one scale, with the numbers beside them', () => {
    const html = render(
      bars(
        [
          { state: 'in-place', value: 6 },
          { state: 'gap', value: 2 },
        ],
        [
          { state: 'in-place', value: 4 },
          { state: 'partial', value: 0 },
        ],
      ),
    );
    const parts = [...html.matchAll(/r-part r-(\w+)" x="([^"]+)" width="([^"]+)"/g)].map(([, tone, x, width]) => [
      tone,
      x,
      width,
    ]);
    expect(parts).toEqual([
      ['good', '0%', '75%'],
      ['bad', '75%', '25%'],
      ['good', '0%', '50%'],
    ]);
    expect(textOf(html)).toBe('Bar 0 6 in place, 2 gap.6 in place 2 gap Bar 1 4 in place.4 in place');
  });

  test('of nothing are no division by zero', () => {
    expect(textOf(render(bars()))).toBe('There is nothing to draw.');
    expect(render(bars([]))).not.toContain('NaN');
  });
});

describe('timeline', () => {
  test('has each entry with its time, record and who, and a strip that says how many', () => {
    const html = render(incidentTimeline(40));
    expect(countIn(html, /<li class="r-entry /g)).toBe(40);
    expect(html).toContain('40 entries from 2026-07-04 01:12:40.118 UTC to 2026-07-04 02:15:43.118 UTC.');
    expect(textOf(html)).toContain(
      'Agent log-analyst dispatched agent log-analyst for u-7f31c09a52d84e6b record 31001',
    );
    expect(html).not.toContain('NaN');
  });

  test('of one entry stands at one place; of none says so; a preview counts the rest', () => {
    expect(render(incidentTimeline(1))).not.toContain('NaN');
    expect(textOf(render(incidentTimeline(0)))).toBe('Nothing happened.');
    expect(textOf(render(incidentTimeline(40), 5))).toContain('35 more entries of 40: in the saved report.');
  });
});

describe('a table too wide for a page that stands', () => {
  const few = approvalsTable(2);
  test('of few rows is drawn as facts, with the same values by name', () => {
    const html = render(few);
    expect(html).not.toContain('<table');
    expect(countIn(html, /<dt>/g)).toBe(2 * few.columns.length);
    expect(textOf(html)).toContain('Target service/checkout-0 Asked by agent-remediator-0');
  });

  test('of many rows is printed across; an empty one and a narrow one are not', () => {
    const table = approvalsTable(10);
    expect(isWide(table)).toBe(true);
    expect(isWide(few)).toBe(false);
    expect(isWide(approvalsTable(0))).toBe(false);
    expect(isWide({ ...table, columns: table.columns.slice(0, 4) })).toBe(false);
  });
});

test('a calendar keeps to the window: a period that ends after it is cut there', () => {
  const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' };
  const periods = [
    { from: '2026-03-01T00:00:00.000Z', to: '2027-03-01T00:00:00.000Z', count: 1, state: 'met' as const },
  ];
  const block: Block = { block: 'calendar', id: 'c', title: 'C', rows: [{ id: 'A', label: 'A', periods }] };
  const html = draw(createElement(ReportBlock, { block, zone: 'UTC', anchor: 'b', window }));
  expect([...html.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, month]) => month)).toEqual([
    'Mar 2026',
    'Apr',
    'May',
    'Jun',
  ]);
  const [, x = '', width = ''] = /M([\d.]+) 0.5h([\d.]+)v/.exec(html) ?? [];
  expect(Number(x) + Number(width)).toBeLessThanOrEqual(560);
});

test('times inside of sentences stand as all times do', () => {
  const html = render({
    block: 'text',
    id: 't',
    title: 'T',
    paragraphs: ['Between 2026-03-08T00:00:00.000Z and 2026-03-15T01:02:03.004Z.'],
  });
  expect(textOf(html)).toBe('Between 2026-03-08 00:00:00 UTC and 2026-03-15 01:02:03.004 UTC.');
});
