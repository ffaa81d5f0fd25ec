import { createHash } from 'node:crypto';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { EMBEDDED_ID, renderReportPage } from '#main/compliance/reports/report-page.ts';
import { writeHtml } from '#main/compliance/reports/write-html.ts';
import { type ReportDocument, SignedReport } from '#shared/model/report.ts';
import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { ReportPage } from '#shared/report/draw-report.ts';
import { formatCount } from '#shared/report/format.ts';
import { countIn, textOf } from '../../../support/drawn.ts';
import { sampleBroken, sampleEmpty, sampleTypeTwo, signed } from '../../../support/sample-report.ts';
import { SAMPLE_REPORTS, sampleApprovals, sampleHostile } from '../../../support/sample-reports.ts';

const pageOf = (document: ReportDocument) => renderReportPage(signed(document));
const embedded = (html: string): unknown =>
  JSON.parse(
    new RegExp(`<script type="application/json" id="${EMBEDDED_ID}">(.*?)</script>`, 's').exec(html)?.[1] ?? '',
  );
/** The page without its style and its data: what is drawn. */
const drawn = (html: string) => /<main>.*<\/main>/s.exec(html)?.[0] ?? '';

describe.each(Object.entries(SAMPLE_REPORTS))('the page of %s', (_name, make) => {
  const report = signed(make());
  const html = renderReportPage(report);

  test('comes out the same for the same signed report, and after a way through JSON', () => {
    expect(renderReportPage(report)).toBe(html);
    expect(renderReportPage(SignedReport.parse(JSON.parse(JSON.stringify(report))))).toBe(html);
  });

  test('carries the signed document as it is, and no other script', () => {
    expect(embedded(html)).toEqual(report);
    expect(countIn(html, /<script/gi)).toBe(1);
    expect(countIn(html, /<\/script/gi)).toBe(1);
    expect(html).not.toContain('<!--');
  });

  test('allows its own style and nothing else', () => {
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const hash = createHash('sha256').update(style, 'utf8').digest('base64');
    expect(html).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(countIn(html, /<style/g)).toBe(1);
    expect(style).not.toMatch(/url\(|@import|@font-face/);
    const tags =
      drawn(html)
        .match(/<[^>]*>/g)
        ?.join('') ?? '';
    expect(tags).not.toMatch(/ style=| on[a-z]+=|<(img|iframe|object|embed|link|form|base)\b|javascript:/);
    expect([...drawn(html).matchAll(/href="([^"]*)"/g)].every(([, to = '']) => to.startsWith('#'))).toBe(true);
  });

  test('has unique ids, and each link and name leads to one', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [
      ...[...html.matchAll(/ href="#([^"]+)"/g)].map(([, id = '']) => id),
      ...[...html.matchAll(/ aria-labelledby="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' ')),
    ];
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('is in one language with one main heading, its sections numbered as its contents say', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/);
    expect(countIn(html, /<h1/g)).toBe(1);
    const sections = [...html.matchAll(/<h2 id="([^"]+)-title"><span class="r-no">(\d+)<\/span>/g)].map(
      ([, id, no]) => [id, no],
    );
    const contents = [...html.matchAll(/href="#([^"]+)"><span class="r-no">(\d+)<\/span>/g)].map(([, id, no]) => [
      id,
      no,
    ]);
    expect(sections).toEqual(contents);
    expect(sections.length).toBe(make().blocks.length + 9);
  });

  test('is written as React would write it', () => {
    const element = createElement(ReportPage, report);
    expect(writeHtml(element)).toBe(renderToStaticMarkup(element));
  });
});

describe('what an auditor looks for', () => {
  const document = sampleTypeTwo();
  const report = signed(document);
  const text = textOf(drawn(renderReportPage(report)));
  const { population, sample, asOf, made, query, rules } = document;

  test.each([
    ['title', document.title],
    ['framework, and how much of it', 'SOC 2 Trust Services Criteria 12 of 61 criteria looked at'],
    ['system and tenant', 'Causeway · example-tenant'],
    ['chain', document.system.chain],
    ['window in UTC, and which end belongs to it', 'from 2026-03-01 00:00:00 UTC, included 2026-03-01 03:00:00 +03:00'],
    ['its end', 'to 2026-12-01 00:00:00 UTC, not included 2026-12-01 03:00:00 +03:00'],
    ['as-of', '2026-12-02 08:14:09.412 UTC 2026-12-02 11:14:09 +03:00'],
    ['record it was made over', `record ${asOf.seq}`],
    ['digest of the parameters', query.digest],
    ['sample parameter', 'number 4711'],
    ['range', 'records 1 to 48211, every one of them read'],
    ['sum', '41,906 in scope + 6,305 left out = 48,211; read: 48,211 records. Adds up'],
    ['head', population.head],
    ['checkpoint', population.checkpoint?.root ?? ''],
    ['root', population.root ?? ''],
    ['who made it', made.by],
    ['on which device', `on device ${made.device}`],
    ['with which build', 'causeway 0.1.0'],
    ['rules', rules.digest],
    ['seed', sample?.seed ?? ''],
    ['method', 'Seed = SHA-256(H ‖ T)'],
    ['integrity', '48,211 records checked'],
    ['exceptions', '7 exceptions: 3 open, 4 fixed. Fixed ones stay listed. No filter hides any.'],
    ['digest', report.digest],
    ['signature', report.signature.value],
    ['how to compute it again', 'causeway report reperform REPORT --chain FILE'],
  ])('%s', (_what, wanted) => expect(text).toContain(wanted));

  test('rules, reasons, criteria, actions, limits: each one', () => {
    for (const line of [...document.inclusion, ...document.exclusion, ...document.limits]) expect(text).toContain(line);
    for (const { reason, count } of population.excluded)
      expect(text).toMatch(new RegExp(`${reason.slice(1)} ${formatCount(count)}`));
    for (const { id, name } of document.criteria) expect(text).toContain(`${id} ${name}`);
    for (const action of population.actions) expect(text).toContain(action);
  });

  test('every exception, fixed ones too', () => {
    for (const { text: found, fixedBy } of document.exceptions) {
      expect(text).toContain(found);
      if (fixedBy !== null) expect(text).toContain(` ${fixedBy} `);
    }
  });

  test('every selected record, in the order drawn', () => {
    for (const { control, seqs } of sample?.drawn ?? []) {
      expect(text).toContain(control);
      if (seqs.length > 0) expect(text).toContain(seqs.join(', '));
    }
  });

  test('exceptions a filter would hide are counted and listed', () => {
    expect(textOf(pageOf(sampleBroken()))).toContain(
      'The filter of this report would have hidden 2 of them; they are listed all the same.',
    );
  });

  test('a population that does not add up is called so', () => {
    expect(textOf(pageOf(sampleBroken()))).toContain('read: 48,212 records. Does not add up');
  });
});

describe('what is wrong comes first', () => {
  test('what is made up is named so, before a title of any length', () => {
    const name = (document: ReportDocument) => /<title>(.*?)<\/title>/.exec(pageOf(document))?.[1] ?? '';
    const report = sampleTypeTwo();
    const title = 'T'.repeat(200);
    expect(name({ ...report, title, warnings: [...report.warnings, SYNTHETIC_CHAIN] })).toMatch(
      /^Made-up example · T{200} · [0-9a-f]{16}$/,
    );
    expect(name({ ...report, title })).toMatch(/^T{200} · [0-9a-f]{16}$/);
  });

  test('a broken chain and warnings stand before the title', () => {
    const html = drawn(pageOf(sampleBroken()));
    const at = (text: string) => html.indexOf(text);
    expect(at('The records do not hold together')).toBeGreaterThan(0);
    expect(at('The records do not hold together')).toBeLessThan(at('2 warnings to read first'));
    expect(at('2 warnings to read first')).toBeLessThan(at('<h1'));
    expect(textOf(html)).toContain('112 problems were found');
    expect(textOf(html)).toContain('112 found, the first 40 of them');
  });

  test('where nothing is wrong nothing is said', () => {
    expect(pageOf(sampleTypeTwo())).not.toContain('class="r-alert');
  });
});

describe('an empty report', () => {
  test('says of each part that it is empty, and claims nothing', () => {
    const text = textOf(drawn(pageOf(sampleEmpty())));
    for (const said of [
      'The population is empty',
      'No record is in scope.',
      'The rules of this report found none in the window.',
      'No sample was asked for.',
      'none: no record is in scope',
      'not tied to criteria of a framework',
    ])
      expect(text).toContain(said);
    expect(text).not.toMatch(/NaN|undefined|null/);
  });
});

describe('hostile texts', () => {
  const html = pageOf(sampleHostile());
  test('are text: their markup is escaped in the page, its title and its data', () => {
    expect(html).not.toMatch(/<script>alert|<img|<\/title><script|<b>/);
    expect(drawn(html)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(textOf(drawn(html))).toContain('</script><img src=x onerror=alert(1)>');
    expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).toMatch(
      /^&lt;\/title&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt; ⟨U\+202E⟩ report · [0-9a-f]{16}$/,
    );
  });

  test('are marked where they were written outside of the console', () => {
    expect(countIn(html, /<bdi class="r-foreign"/g)).toBe(10);
  });
});

describe('long populations', () => {
  const seqs = Array.from({ length: 30_000 }, (_, index) => String(index * 2 + 1)).join(',');
  const { population } = sampleTypeTwo();
  test('are drawn by their ends, which says how many are between; the data has all', () => {
    const html = pageOf(sampleTypeTwo({ population: { ...population, seqs } }));
    const [, between = ''] = /; ([\d,]+) ranges between them stand/.exec(html) ?? [];
    expect(Number(between.replace(',', '')) + countIn(html, /class="r-range"/g)).toBe(30_000);
    expect(embedded(html)).toMatchObject({ document: { population: { seqs } } });
  });

  test('that are not listed at all are stood for by their root', () => {
    expect(pageOf(sampleTypeTwo({ population: { ...population, seqs: null } }))).toContain('too many to list');
  });
});

test('thousands of rows make one page', () => {
  const html = pageOf(sampleApprovals(3000));
  expect(countIn(html, /<tr/g)).toBeGreaterThan(3000);
});

test('what no report draws is refused, not guessed', () => {
  expect(() => writeHtml(createElement('p', { style: { color: 'red' } }))).toThrow('no attribute style');
  expect(() => writeHtml(createElement('p', { onClick: () => {} }))).toThrow('no attribute onClick');
});
