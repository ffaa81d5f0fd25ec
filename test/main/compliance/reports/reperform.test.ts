import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '#main/compliance/reports/build-report.ts';
import { reperform } from '#main/compliance/reports/reperform.ts';
import { reportFile, reportJson } from '#main/compliance/reports/report-file.ts';
import { signReport } from '#main/compliance/reports/sign-report.ts';
import type { Reperformed, ReportDocument, SignedReport } from '#shared/model/report.ts';
import { openTestStore, removeFolder, roleInput } from '../../../support/audit-store.ts';
import { type EvidenceStory, exportStory, STORY_WINDOW, tellStory } from '../../../support/evidence-story.ts';
import { evaluateHere, makeReport, storyRequest } from '../../../support/make-report.ts';

let story: EvidenceStory;
let signed: SignedReport;
beforeAll(async () => {
  story = await tellStory();
  signed = await makeReport(story.store, storyRequest('approvals'), { last: story.last });
});
afterAll(async () => {
  await story.store.close();
  removeFolder(story.folder);
});

let files = 0;
function written(text: string, ending: string): string {
  const file = path.join(story.folder, `report-${++files}.${ending}`);
  writeFileSync(file, text);
  return file;
}

const again = (report: string, chain = story.chainFile) => reperform({ report, chain }, { evaluate: evaluateHere });
const states = ({ checks }: Reperformed) => Object.fromEntries(checks.map(({ id, state }) => [id, state]));
const failing = ({ checks }: Reperformed) => checks.filter(({ state }) => state === 'fails').map(({ id }) => id);

/** The same report after somebody edited the data in it, and fixed nothing else. */
const edited = (change: (document: ReportDocument) => ReportDocument): SignedReport => ({
  ...signed,
  document: change(signed.document),
});

describe('computed again from the exported chain', () => {
  test.each(['html', 'json'] as const)('a report as %s agrees, every check of it', async (ending) => {
    const file = written(ending === 'html' ? reportFile(signed) : reportJson(signed), ending);
    const progress: number[] = [];
    const onProgress = (done: number) => progress.push(done);
    const found = await reperform({ report: file, chain: story.chainFile }, { onProgress });
    expect(found).toMatchObject({ verdict: 'agrees', notGiven: 0, differences: [], differenceCount: 0 });
    const { made, ...computed } = states(found);
    expect([made, new Set(Object.values(computed))]).toEqual(['open', new Set(['holds'])]);
    expect(found.figures).toBeGreaterThan(500);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
  });

  test('values the chain file keeps sealed are counted, and told from differences', async () => {
    const sealed = await exportStory(story.store, path.join(story.folder, 'sealed.chain.jsonl'), false);
    const found = await again(written(reportJson(signed), 'json'), sealed);
    expect(found).toMatchObject({ verdict: 'agrees', differenceCount: 0 });
    expect(found.notGiven).toBeGreaterThan(3);
  });

  test('the chain may have grown since', async () => {
    const grown = await openTestStore();
    try {
      await grown.store.append(roleInput('u-1'));
      const to = new Date(grown.clock.time + 1).toISOString();
      const request = storyRequest('soc2-type1', { disclose: false, window: { ...STORY_WINDOW, to } });
      const report = written(reportJson(await makeReport(grown.store, request)), 'json');
      grown.clock.time += 3_600_000;
      await grown.store.append(roleInput('u-2'));
      const found = await again(report, await exportStory(grown.store, path.join(story.folder, 'grown.jsonl')));
      expect(found.verdict).toBe('agrees');
    } finally {
      await grown.store.close();
      removeFolder(grown.folder);
    }
  });
});

describe('what was edited is named', () => {
  test('a row of the data', async () => {
    const report = edited((document) => ({
      ...document,
      blocks: document.blocks.map((block) =>
        block.block === 'table' && block.id === 'proposals'
          ? { ...block, rows: block.rows.map((row) => ({ ...row, cells: row.cells.with(8, 7) })) }
          : block,
      ),
    }));
    const found = await again(written(reportJson(report), 'json'));
    expect(failing(found)).toEqual(['digest', 'signature', 'figures']);
    expect(found.differences).toEqual([
      { where: '“Proposals and how they ended”, rem-0001, Given by humans', report: '7', recomputed: '1', seq: 10 },
    ]);
  });

  test('an exception taken away, and a row added', async () => {
    const report = edited((document) => ({
      ...document,
      exceptions: document.exceptions.slice(1),
      blocks: document.blocks.map((block) =>
        block.block === 'table' && block.id === 'people'
          ? {
              ...block,
              rows: [...block.rows, { id: 'u-x', cells: ['u-x', 'person', null, null, null, 1, null, null] }],
            }
          : block,
      ),
    }));
    const found = await again(written(reportJson(report), 'json'));
    expect(found.verdict).toBe('differs');
    expect(
      found.differences.map(({ where, recomputed, report: had }) => [
        where,
        had === 'not there',
        recomputed === 'not there',
      ]),
    ).toEqual([
      [`Exceptions, ${signed.document.exceptions[0]?.id}`, true, false],
      ['“People and API keys by the ids in records”, u-x', false, true],
    ]);
  });

  test('a parameter, also when its digest and that of the report were made to fit', async () => {
    const window = { ...signed.document.window, to: '2026-07-01T00:00:00.000Z' };
    const request = { ...signed.document.query.request, window };
    const bare = edited((document) => ({ ...document, query: { ...document.query, request } }));
    const found = await again(written(reportJson(bare), 'json'));
    expect(failing(found)).toEqual(['digest', 'signature', 'parameters', 'figures']);
    expect(found.differences[0]).toMatchObject({ where: 'Observation window, to', recomputed: window.to });

    const document = { ...signed.document, window, query: { request, digest: digestOf(request) } };
    const fitted = { ...signed, document, digest: digestOf(document) };
    const other = await again(written(reportJson(fitted), 'json'));
    expect(failing(other)).toEqual(['signature', 'figures']);
    expect(other.differences.map(({ where }) => where)).toEqual(
      expect.arrayContaining(['Population, records excluded, after the window, count']),
    );
  });

  test('a figure by somebody who can sign: the records say otherwise', async () => {
    const document = { ...signed.document, population: { ...signed.document.population, inScope: 1 } };
    const found = await again(written(reportJson(await signReport(story.store, document)), 'json'));
    expect(failing(found)).toEqual(['figures']);
    expect(found.differences).toMatchObject([{ where: 'Population, records in scope', report: '1', recomputed: '3' }]);
  });

  test('what a reader sees on the page, and nothing else', async () => {
    const page = reportFile(signed);
    const title = page.indexOf('Proposals and how they ended', page.indexOf('<section'));
    const at = page.indexOf('Roll back checkout to revision 41', title);
    expect(at).toBeGreaterThan(0);
    const changed = `${page.slice(0, at)}Restart checkout${page.slice(at + 'Roll back checkout to revision 41'.length)}`;
    const found = await again(written(changed, 'html'));
    expect(failing(found)).toEqual(['page']);
    expect(found.differences).toHaveLength(1);
    expect(found.differences[0]).toMatchObject({
      report: 'Restart checkout',
      recomputed: 'Roll back checkout to revision 41',
    });
    expect(found.differences[0]?.where).toMatch(/^Page: Under “.*Proposals and how they ended”, in the row/);
  });

  test('what a page hides', async () => {
    const page = reportFile(signed).replace('</main>', '</main><style>.r-section{display:none}</style>');
    const found = await again(written(page, 'html'));
    expect(failing(found)).toEqual(['page']);
    expect(found.differences).toMatchObject([{ where: 'Page: a second style sheet' }]);
    const restyled = reportFile(signed).replace('</style>', 'tbody tr{display:none}</style>');
    expect((await again(written(restyled, 'html'))).differences).toMatchObject([{ where: 'Page: markup' }]);
  });

  test('data written otherwise than by the program', async () => {
    const found = await again(written(JSON.stringify(signed, undefined, 2), 'json'));
    expect(failing(found)).toEqual(['file']);
    const twice = reportJson(signed).replace('{"digest":', `{"digest":"${'0'.repeat(64)}","digest":`);
    expect(failing(await again(written(twice, 'json')))).toEqual(['file']);
  });

  test('a record of the chain', async () => {
    const chain = path.join(story.folder, 'altered.chain.jsonl');
    writeFileSync(
      chain,
      readFileSync(story.chainFile, 'utf8').replace('"reauthentication":"password"', '"reauthentication":"totp"'),
    );
    const found = await again(written(reportJson(signed), 'json'), chain);
    expect(found.verdict).toBe('differs');
    expect(found.chain.verdict).toBe('invalid');
    expect(failing(found)).toEqual(expect.arrayContaining(['chain', 'records', 'figures']));
    expect(found.differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ where: 'Chain file, record 11', seq: 11 }),
        expect.objectContaining({
          where: '“Every decision”, 11, Re-authenticated by',
          report: 'password',
          recomputed: 'totp',
          seq: 11,
        }),
      ]),
    );
  });
});

describe('what cannot be told is said', () => {
  test('of a report counted by other rules', async () => {
    const document = { ...signed.document, rules: { version: '0', digest: 'f'.repeat(64) } };
    const found = await again(written(reportJson(await signReport(story.store, document)), 'json'));
    expect(found.verdict).toBe('cannot-tell');
    expect(states(found)).toMatchObject({ rules: 'open', figures: 'holds', signature: 'holds' });
  });

  test('from a file of another chain, of fewer records, or none', async () => {
    const other = await openTestStore();
    try {
      const report = written(reportJson(signed), 'json');
      const chain = await exportStory(other.store, path.join(story.folder, 'other.chain.jsonl'));
      const found = await again(report, chain);
      expect([found.verdict, states(found).signature, states(found).records]).toEqual(['cannot-tell', 'open', 'open']);
      const none = await again(report, path.join(story.folder, 'not-there.jsonl'));
      expect([none.verdict, none.chain.verdict, none.figures]).toEqual(['cannot-tell', 'unreadable', 0]);
    } finally {
      await other.store.close();
      removeFolder(other.folder);
    }
  });

  test('from a longer file of another chain, damaged at that: nothing in it looks like a forgery of the report', async () => {
    const other = await openTestStore();
    try {
      const about = await makeReport(other.store, storyRequest('soc2-type1', { disclose: false }));
      expect(about.document.population.range.last).toBeLessThan(story.last);
      const lines = readFileSync(story.chainFile, 'utf8').split('\n');
      const damaged = written(
        lines.toSpliced(2, 1, (lines[2] ?? '').replace('"success"', '"failure"')).join('\n'),
        'jsonl',
      );
      for (const chain of [story.chainFile, damaged]) {
        const found = await again(written(reportJson(about), 'json'), chain);
        expect([found.verdict, found.figures, found.differences]).toEqual(['cannot-tell', 0, []]);
        expect(states(found)).toMatchObject({ signature: 'open', chain: 'open', records: 'open', figures: 'open' });
        const said = found.checks.filter(({ id }) => id === 'records' || id === 'figures').map(({ detail }) => detail);
        for (const detail of said) expect(detail).toContain(`choose the one exported from ${other.store.chain}`);
      }
    } finally {
      await other.store.close();
      removeFolder(other.folder);
    }
  });

  test('and what is no report is refused, with what to do', async () => {
    await expect(again(written('%PDF-1.7 …', 'pdf'))).rejects.toMatchObject({ code: 'bad-input', reason: 'pdf' });
    await expect(again(written('<p>hello</p>', 'html'))).rejects.toMatchObject({ reason: 'no-data' });
    const page = reportFile(signed);
    const data = page.slice(page.indexOf('<script type'), page.indexOf('</script>') + '</script>'.length);
    await expect(again(written(page.replace('</body>', `${data}</body>`), 'html'))).rejects.toMatchObject({
      reason: 'twice',
    });
    const wrong = reportJson(signed).replace('"inScope":3', '"inScope":"3"');
    await expect(again(written(wrong, 'json'))).rejects.toThrow('/document/population/inScope');
    await expect(again(path.join(story.folder, 'none.html'))).rejects.toMatchObject({ reason: 'unreadable' });
  });

  test('when it is stopped', async () => {
    const signal = AbortSignal.abort();
    const files = { report: written(reportJson(signed), 'json'), chain: story.chainFile };
    await expect(reperform(files, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
