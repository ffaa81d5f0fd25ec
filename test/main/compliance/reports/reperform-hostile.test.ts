import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findActive } from '#main/compliance/reports/page-active.ts';
import { reportJson } from '#main/compliance/reports/report-file.ts';
import { renderReportPage } from '#main/compliance/reports/report-page.ts';
import type { ReportDocument, ReportRequest, SignedReport } from '#shared/model/report.ts';
import { removeFolder } from '../../../support/audit-store.ts';
import { newKey } from '../../../support/forge-chain.ts';
import { detailOf, ForgedReports, stateOf } from '../../../support/forged-report.ts';
import { MADE } from '../../../support/make-report.ts';
import { signed } from '../../../support/sample-report.ts';
import { SAMPLE_REPORTS } from '../../../support/sample-reports.ts';

const forge = new ForgedReports();
const role = (time: string, user: string) => ({
  time,
  action: 'tenant.user_role_changed',
  data: { user, old: 'viewer', new: 'operator' },
});
const WINDOW = { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' };
const REQUEST: ReportRequest = { kind: 'soc2-type2', window: WINDOW, zone: 'UTC', disclose: false };
const RECORDS = [
  { time: '2026-01-02T00:00:00.000Z', action: 'tenant.created', data: {} },
  ...['02-01', '03-01', '04-01', '05-01', '06-01'].map((day, at) => role(`2026-${day}T00:00:00.000Z`, `u-${at}`)),
];
const OTHER = { build: { name: MADE.build.name, version: '9.0.0' } };

let chain: string;
let report: SignedReport;
let page: string;
beforeAll(async () => {
  chain = forge.write(forge.chain(RECORDS).text(), 'jsonl');
  report = await forge.report(chain, REQUEST, RECORDS.length);
  page = forge.page(report);
});
afterAll(() => removeFolder(forge.folder));

/** The same by somebody who can sign: the digest of the parameters fits, too. */
function resigned(change: (document: ReportDocument) => void): SignedReport {
  const document = structuredClone(report.document);
  change(document);
  return forge.sign(document);
}

describe('whatever stands in a report is answered, and not thrown', () => {
  test('what has no canonical form is refused as an edited report', async () => {
    const fraction = reportJson(report).replace('"inScope":6', '"inScope":5.5');
    await expect(forge.again(fraction, chain)).rejects.toMatchObject({ code: 'bad-input', reason: 'form' });
    const cell = page.replace(/"cells":\["AC-01"/, '"cells":["AC-01",0.5');
    expect(cell).not.toBe(page);
    await expect(forge.again(cell, chain)).rejects.toMatchObject({ code: 'bad-input', reason: 'form' });
    const half = reportJson(report).replace('"title":"', '"title":"\\ud800');
    await expect(forge.again(half, chain)).rejects.toMatchObject({ code: 'bad-input', reason: 'form' });
    const criterion = { framework: 'soc2' as const, id: '\ud800' };
    const request = { ...report.document.query.request, criteria: [criterion] };
    const text = JSON.stringify({
      ...report,
      document: { ...report.document, query: { request, digest: report.digest } },
    });
    await expect(forge.again(text, chain)).rejects.toMatchObject({ code: 'bad-input', reason: 'form' });
  });

  test.each([
    [
      'a window of thousands of years',
      { window: { from: '0001-01-01T00:00:00.000Z', to: '9999-12-31T00:00:00.000Z' } },
    ],
    ['an incident where there is none', { incident: 'inc-1' }],
    ['another kind that needs one', { kind: 'incident' as const, incident: 'inc-404' }],
  ])('%s: it could not be computed, and the other checks are told', async (_what, more) => {
    const request = { ...REQUEST, ...more };
    const edited = { ...report, document: { ...report.document, query: { request, digest: report.digest } } };
    const found = await forge.again(edited, chain);
    expect(found.verdict).toBe('differs');
    expect(stateOf(found, 'digest')).toBe('fails');
    expect([stateOf(found, 'signature'), stateOf(found, 'chain')]).toEqual(['fails', 'holds']);
    expect(stateOf(found, 'figures')).toBe('fails');
    expect(detailOf(found, 'figures')).toContain('By the rules it names no such report is made.');
  });

  test('a chain longer than any', async () => {
    const beyond = resigned((document) => {
      document.population.range.last = Number.MAX_SAFE_INTEGER;
    });
    const seen: number[] = [];
    const found = await forge.again(beyond, chain, { onProgress: (_done, total) => seen.push(total) });
    expect(found.verdict).toBe('cannot-tell');
    expect(detailOf(found, 'records')).toContain('this file ends at 6');
    expect(seen.every((total) => total <= 2 * RECORDS.length)).toBe(true);
  });

  test('a fault while it is counted', async () => {
    const evaluate = () => Promise.reject(new RangeError('Invalid time value'));
    const found = await forge.again(report, chain, { evaluate });
    expect([found.verdict, stateOf(found, 'signature')]).toEqual(['cannot-tell', 'holds']);
    expect(detailOf(found, 'figures')).toContain('Invalid time value');
  });
});

describe('a page another build drew', () => {
  test('holds when it is the same, whoever drew it', async () => {
    expect(await forge.again(page, chain, OTHER)).toMatchObject({ verdict: 'agrees', differences: [] });
  });

  test('with another style sheet is not told from one that hides', async () => {
    const hidden = restyled(page, 'table tbody tr{display:none}');
    const found = await forge.again(hidden, chain, OTHER);
    expect([found.verdict, stateOf(found, 'page')]).toEqual(['cannot-tell', 'open']);
    expect(stateOf(await forge.again(hidden, chain, { build: MADE.build }), 'page')).toBe('fails');
  });

  test.each<[string, (html: string) => string, string]>([
    ['a style its policy does not allow', (html) => html.replace('</style>', 'tr{display:none}</style>'), 'markup'],
    [
      'a script instead of the policy',
      (html) => html.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', '<script>1</script></body>'),
      'a script',
    ],
    ['an event handler', (html) => html.replace('<main>', '<main onclick="x()">'), 'an attribute of the element main'],
    ['a hidden table', (html) => html.replace('<table', '<table hidden'), 'an attribute of the element table'],
    ['a style of an element', (html) => html.replace('<table', '<table style="opacity:0"'), 'an attribute of'],
    ['a second style', (html) => html.replace('</head>', '<style>p{}</style></head>'), 'a second style sheet'],
    ['a picture', (html) => html.replace('<main>', '<main><img src="data:,">'), 'an element img'],
    [
      'another title of a cell',
      (html) => html.replace(/ title="[0-9a-f]{64}"/, ` title="${'0'.repeat(64)}"`),
      'markup',
    ],
    ['a class that its style hides', (html) => html.replace('<main>', '<main class="r-hidden">'), 'markup'],
    ['another text', (html) => html.replace('<h1>', '<h1>Draft '), 'Under “SOC 2 Type II'],
  ])('with %s is named', async (_what, edit, where) => {
    const edited = edit(page);
    expect(edited).not.toBe(page);
    const found = await forge.again(edited, chain, OTHER);
    expect([found.verdict, stateOf(found, 'page')]).toEqual(['differs', 'fails']);
    expect(found.differences.map((difference) => difference.where).join('\n')).toContain(`Page: ${where}`);
  });

  test.each(Object.entries(SAMPLE_REPORTS))('nothing in the page of %s is taken for active', (_name, make) => {
    expect(findActive(renderReportPage(signed(make())))).toEqual([]);
  });

  test('is looked through in one pass, whatever was done to it', () => {
    const started = performance.now();
    findActive(`${'<a'.repeat(200_000)}${'<a "'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

/** Another style sheet, and the policy made to allow it. */
function restyled(html: string, more: string): string {
  const [, style = ''] = /<style>([^<]*)<\/style>/.exec(html) ?? [];
  const digest = (text: string) => createHash('sha256').update(text).digest('base64');
  return html.replace(style, () => style + more).replace(digest(style), () => digest(style + more));
}

describe('somebody who can sign cannot soften', () => {
  test('a difference by naming other rules', async () => {
    const found = await forge.again(
      resigned((document) => {
        document.rules.digest = 'a'.repeat(64);
        document.population.inScope = 1;
      }),
      chain,
    );
    expect([found.verdict, stateOf(found, 'rules'), stateOf(found, 'figures')]).toEqual(['differs', 'open', 'fails']);
    expect(found.differences).toMatchObject([{ where: 'Population, records in scope', report: '1', recomputed: '6' }]);
    expect(detailOf(found, 'figures')).toContain('names other rules');
  });

  test('a difference by a zone nobody knows', async () => {
    const edited = resigned((document) => {
      document.zone = 'Nowhere/Foo';
      document.query.request.zone = 'Nowhere/Foo';
      document.population.inScope = 1;
    });
    const found = await forge.again(edited, chain);
    expect([found.verdict, stateOf(found, 'figures')]).toEqual(['differs', 'fails']);
    expect(found.differences.map(({ where }) => where)).toContain('Population, records in scope');
  });

  test('with a key that was taken out of use before', async () => {
    const rotated = forge.chain(RECORDS);
    rotated.rotate(newKey());
    const { record } = rotated.add('tenant.user_role_changed', { user: 'u-9', old: 'viewer', new: 'operator' });
    Object.assign(record, { time: '2026-06-03T00:00:00.000Z' });
    Object.assign(rotated.records.at(-2)?.record ?? {}, { time: '2026-06-02T00:00:00.000Z' });
    const file = forge.write(rotated.text(), 'jsonl');
    const { document } = await forge.report(file, REQUEST, rotated.records.length);
    const old = await forge.again(forge.sign(document), file);
    expect([old.verdict, stateOf(old, 'signature')]).toEqual(['differs', 'fails']);
    expect(detailOf(old, 'signature')).toContain('was not in force');
    const current = await forge.again(forge.sign(document, rotated.noteKey), file);
    expect([current.verdict, stateOf(current, 'signature')]).toEqual(['agrees', 'holds']);
    const before = await forge.report(file, REQUEST, 6);
    expect(stateOf(await forge.again(before, file), 'signature')).toBe('holds');
  });

  test('who made it and when, against the record of saving it', async () => {
    const saved = (more: Record<string, unknown> = {}, document = report.digest) => ({
      time: MADE.at,
      action: 'tenant.report_generated',
      actor: { type: 'user', id: MADE.by },
      device: { id: MADE.device },
      data: { framework: 'soc2', ...WINDOW, format: 'html', digest: 'a'.repeat(64), document },
      ...more,
    });
    const again = async (record: ReturnType<typeof saved>, of = report) =>
      forge.again(of, forge.write(forge.chain([...RECORDS, record]).text(), 'jsonl'));
    const own = await again(saved());
    expect([own.verdict, stateOf(own, 'made')]).toEqual(['agrees', 'holds']);
    expect(stateOf(await again(saved({}, 'b'.repeat(64))), 'made')).toBe('open');
    const other = await again(saved({ actor: { type: 'user', id: 'u-2' } }));
    expect([other.verdict, stateOf(other, 'made')]).toEqual(['differs', 'fails']);
    expect(other.differences).toMatchObject([{ where: 'Made by', report: MADE.by, recomputed: 'u-2', seq: 7 }]);
    const early = resigned((document) => {
      document.made.at = '2026-06-01T00:00:00.000Z';
    });
    expect(stateOf(await again(saved({}, early.digest), early), 'made')).toBe('fails');
    const before = resigned((document) => {
      document.made.at = '2026-01-01T00:00:00.000Z';
    });
    expect((await forge.again(before, chain)).differences).toMatchObject([{ where: 'Made at', seq: 6 }]);
  });

  test('where a Type I report ends', async () => {
    const request: ReportRequest = {
      ...REQUEST,
      kind: 'soc2-type1',
      window: { ...WINDOW, to: '2026-05-15T00:00:00.000Z' },
    };
    const of = async (last: number) => forge.again(await forge.report(chain, request, last), chain);
    expect((await of(5)).verdict).toBe('agrees');
    const short = await of(4);
    expect([short.verdict, stateOf(short, 'records')]).toEqual(['differs', 'fails']);
    expect(detailOf(short, 'records')).toContain('Records 5 to 5 were written before the moment');
    expect(detailOf(await of(6), 'records')).toContain('was not there at the moment');
    const { document } = await forge.report(chain, request, 4);
    const earlier = forge.sign({ ...document, made: { ...document.made, at: '2026-04-02T00:00:00.000Z' } });
    expect((await forge.again(earlier, chain)).verdict).toBe('cannot-tell');
  });

  test('a chain file that was altered by cutting it off, or making it anew', async () => {
    const lines = readFileSync(chain, 'utf8').split('\n');
    const cut = lines.slice(0, 6).join('\n');
    expect((await forge.again(report, forge.write(`${cut}\n`, 'jsonl'))).verdict).toBe('cannot-tell');
    const altered = `${cut.replace('"user":"u-1"', '"user":"u-7"')}\n`;
    const found = await forge.again(report, forge.write(altered, 'jsonl'));
    expect([found.verdict, stateOf(found, 'chain')]).toEqual(['differs', 'fails']);

    const tree = forge.chain(RECORDS).tree(3);
    const held = resigned((document) => {
      document.population.checkpoint = { size: 3, root: tree.root().toString('base64'), at: RECORDS[2]?.time ?? '' };
    });
    const shorter = (records: typeof RECORDS) => forge.write(forge.chain(records).text(), 'jsonl');
    expect((await forge.again(held, shorter(RECORDS.slice(0, 4)))).verdict).toBe('cannot-tell');
    const anew = RECORDS.slice(0, 4).with(1, role('2026-02-02T00:00:00.000Z', 'u-7'));
    const other = await forge.again(held, shorter(anew));
    expect([other.verdict, stateOf(other, 'records')]).toEqual(['differs', 'fails']);
  });
});
