import { describe, expect, test } from 'vitest';
import { type Cell, type Column, ReportState } from '#shared/model/report.ts';
import { drawCell } from '#shared/report/cells.ts';
import { formatCount, formatInZone, formatLastDay, formatUtc, isShownBesidesUtc } from '#shared/report/format.ts';
import { drawState, toneOf, wordOf } from '#shared/report/state-mark.ts';
import { draw, textOf } from '../../support/drawn.ts';
import { commitment, sha } from '../../support/sample-report.ts';

const cell = (value: Cell, kind: Column['kind'], zone = 'UTC') => draw(drawCell(value, kind, zone));

describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [48211, '48,211'],
    [1234567.25, '1,234,567.25'],
    [-1000, '-1,000'],
    [1e21, '1e+21'],
  ])('%d is written %s', (value, written) => expect(formatCount(value)).toBe(written));

  test('a seq is an id and has no separators', () => {
    expect(cell(48211, 'seq')).toBe('48211');
    expect(cell(48211, 'number')).toBe('48,211');
  });
});

describe('times', () => {
  const time = '2026-03-28T23:30:00.000Z';
  test('stand in UTC, and in the zone with its offset, also over a change to summer time', () => {
    expect(formatUtc(time)).toBe('2026-03-28 23:30:00 UTC');
    expect(formatInZone(time, 'Europe/Berlin')).toBe('2026-03-29 00:30:00 +01:00');
    expect(formatInZone('2026-03-29T01:00:00.000Z', 'Europe/Berlin')).toBe('2026-03-29 03:00:00 +02:00');
    expect(formatInZone(time, 'America/Sao_Paulo')).toBe('2026-03-28 20:30:00 -03:00');
    expect(formatInZone(time, 'Europe/London')).toBe('2026-03-28 23:30:00 +00:00');
    expect(textOf(cell(time, 'time', 'Europe/Istanbul'))).toBe('2026-03-28 23:30:00 UTC 2026-03-29 02:30:00 +03:00');
  });

  test('milliseconds are shown where there are some', () => {
    expect(formatUtc('2026-03-28T23:30:00.007Z')).toBe('2026-03-28 23:30:00.007 UTC');
  });

  test('a zone that is UTC or unknown adds nothing', () => {
    for (const zone of ['UTC', 'Etc/UTC', 'Mars/Olympus']) {
      expect(isShownBesidesUtc(zone)).toBe(false);
      expect(cell(time, 'time', zone)).not.toContain('r-zone');
    }
  });

  test('what is no time stays the text it is', () => {
    expect(textOf(cell('each day', 'time'))).toBe('each day');
    expect(textOf(cell('2026-99-99T00:00:00.000Z', 'time'))).toBe('2026-99-99T00:00:00.000Z');
  });

  test('the last day of a window is the one before its end', () => {
    expect(formatLastDay('2026-12-01T00:00:00.000Z')).toBe('30 Nov 2026');
    expect(formatLastDay('2026-12-01T12:00:00.000Z')).toBe('1 Dec 2026');
  });
});

describe('values', () => {
  test('a hash is whole in the page and in its title', () => {
    const hash = sha('a');
    expect(cell(hash, 'hash')).toBe(`<code class="r-hash" title="${hash}">${hash}</code>`);
  });

  test('a sealed value is its commitment, and says where it stands; its text is foreign', () => {
    const sealed = { sealed: commitment('x'), seq: 812, path: 'data.justification' };
    const closed = cell({ ...sealed, text: null }, 'text');
    expect(textOf(closed)).toBe(`Sealed ${sealed.sealed}`);
    expect(closed).toContain('title="Sealed in the chain: data.justification of record 812"');
    const open = cell({ ...sealed, text: '<b>because</b>' }, 'text');
    expect(textOf(open)).toBe(`<b>because</b>Opened ${sealed.sealed}`);
    expect(open).toContain('r-foreign');
  });

  test('nothing is a dash, not an empty cell', () => expect(textOf(cell(null, 'text'))).toBe('–'));

  test('foreign text is marked in a foreign column only', () => {
    expect(cell('name', 'foreign')).toContain('r-foreign');
    expect(cell('name', 'text')).toBe('name');
  });
});

describe('states', () => {
  test('each is told by a word and a shape besides its colour', () => {
    for (const state of ReportState.options) {
      const html = draw(drawState(state));
      expect(textOf(html)).toBe(wordOf(state));
      expect(html).toMatch(/<path d="M/);
      expect(html).toContain(`r-${toneOf(state)}`);
    }
  });

  test('no two that a chart shows together share a shape', () => {
    for (const together of [
      ['met', 'late', 'missed', 'not-due', 'no-data'],
      ['in-place', 'partial', 'gap', 'not-applicable'],
      ['open', 'fixed'],
    ] as const) {
      const shapes = together.map((state) =>
        draw(drawState(state)).replace(/<span class="[^"]*">|[^>]*<\/span>$/g, ''),
      );
      expect(new Set(shapes).size).toBe(together.length);
    }
  });
});
