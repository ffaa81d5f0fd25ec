import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportJson } from '#main/compliance/reports/report-file.ts';
import type { ReportRequest, SignedReport, Window } from '#shared/model/report.ts';
import { removeFolder } from '../../../support/audit-store.ts';
import { type EvidenceStory, exportStory, STORY_WINDOW, tellStory } from '../../../support/evidence-story.ts';
import { makeReport, storyRequest } from '../../../support/make-report.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';
import { REPORTS_DOC, withRules } from '../../../support/write-control-rules.ts';

let story: EvidenceStory;
beforeAll(async () => {
  story = await tellStory();
});
afterAll(async () => {
  await story.store.close();
  removeFolder(story.folder);
});

interface Recomputed {
  readonly compared: number;
  readonly differences: readonly { readonly where: string; readonly report: unknown; readonly recomputed: unknown }[];
}

/** By the program in Python, which knows the documents and nothing of our code. */
function recompute(signed: SignedReport, chain = story.chainFile): Recomputed {
  const file = path.join(story.folder, 'report.json');
  writeFileSync(file, reportJson(signed));
  const program = path.join(PROJECT_ROOT, 'test/support/recompute-report.py');
  return JSON.parse(execFileSync('python3', [program, file, chain], { encoding: 'utf8' })) as Recomputed;
}

/** With draws on record after it: 17 of this window or of one that overlaps it, two of them with more records than one. */
async function drawnStory(): Promise<EvidenceStory> {
  const own = await tellStory();
  const draw = (seed: number, window: Window) =>
    own.store.append({
      action: 'tenant.report_generated',
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      target: { type: 'report', id: 'sample-draw' },
      data: {
        framework: 'soc2',
        ...window,
        format: `number ${seed}`,
        digest: `${seed}`.padStart(64, '0'),
        kind: 'sample-draw',
        parameters: 'b'.repeat(64),
        range: { first: 1, last: own.last },
      },
    });
  const { from, to } = STORY_WINDOW;
  const touching = { from: to, to: '2026-09-01T00:00:00.000Z' };
  for (let seed = 1; seed <= 17; seed++) {
    await draw(seed, seed % 2 === 0 ? { from, to } : { from, to: '2026-08-01T00:00:00.001Z' });
    if (seed % 8 === 0) await draw(seed, { from: '2026-07-31T00:00:00.000Z', to });
    await draw(100 + seed, touching);
  }
  return own;
}

const operating = (more: Partial<ReportRequest> = {}) =>
  makeReport(story.store, storyRequest('soc2-type2', more), { last: story.last });

describe('a program that is not ours computes from the exported chain', () => {
  test('the same population, roots, periods and sample', async () => {
    const { compared, differences } = recompute(await operating());
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(150);
  });

  test('the same with a filter, another window and another number', async () => {
    const window = { from: '2026-03-31T10:30:00.000Z', to: '2026-07-10T09:00:03.000Z' };
    const criteria = ['A1.2', 'A1.3', 'CC6.2'].map((id) => ({ framework: 'soc2' as const, id }));
    const signed = await operating({ criteria, window, filter: { actors: ['u-00000000000b', 'causeway'] } });
    expect(recompute(signed).differences).toEqual([]);
    expect(signed.document.population.excluded.map(({ count }) => count > 0)).toEqual([true, true, true, true]);
  });

  test('the same earlier draws of windows that overlap, and others where they are left out', async () => {
    const own = await drawnStory();
    try {
      const signed = await makeReport(own.store, storyRequest('soc2-type2'));
      const chain = await exportStory(own.store, path.join(own.folder, 'drawn.chain.jsonl'));
      const said = signed.document.warnings.filter((line) => line.includes('a sample was drawn'));
      expect(said).toEqual([expect.stringMatching(/drawn 17 times before: record .* and 4 more records\./)]);
      expect(recompute(signed, chain).differences).toEqual([]);
      const warnings = signed.document.warnings.filter((line) => !said.includes(line));
      const silent = { ...signed, document: { ...signed.document, warnings } };
      expect(recompute(silent, chain).differences.map(({ where }) => where)).toEqual(['digest', 'earlier draws']);
    } finally {
      await own.store.close();
      removeFolder(own.folder);
    }
  });

  test('the same list of record numbers where it is too long for its cell, and another one where it is cut elsewhere', async () => {
    const own = await tellStory();
    try {
      for (let number = 1; number <= 1000; number++) {
        own.clock.time += 1000;
        const about = { outcome: 'success', actor: { type: 'system', id: 'causeway' } } as const;
        await own.store.append({
          ...about,
          action: 'tenant.audit_verified',
          target: { type: 'chain', id: own.store.chain },
          data: {
            subject: 'store',
            fileDigest: null,
            range: { first: 1, last: 5 },
            verdict: 'valid',
            problems: 0,
            elapsedMs: 3,
          },
        });
        await own.store.append({
          ...about,
          action: 'tenant.backup_verified',
          target: { type: 'backup', id: `b-${number}` },
          data: { backupDigest: 'b'.repeat(64), bytes: 1, range: { first: 1, last: 5 }, restoredHead: 'c'.repeat(64) },
        });
      }
      const window = { from: STORY_WINDOW.from, to: '2026-09-01T00:00:00.000Z' };
      const signed = await makeReport(own.store, storyRequest('soc2-type2', { window }));
      const chain = await exportStory(own.store, path.join(own.folder, 'long.chain.jsonl'));
      expect(recompute(signed, chain).differences).toEqual([]);
      const text = reportJson(signed);
      const [cell = ''] = /[-\d,]+, and further ones; the root stands for all of them/.exec(text) ?? [];
      expect(cell.indexOf(', and')).toBeGreaterThan(3990);
      expect(cell.indexOf(', and')).toBeLessThanOrEqual(4000);
      const shorter = JSON.parse(text.replace(cell, cell.replace(/,\d+, and/, ', and'))) as SignedReport;
      expect(recompute(shorter, chain).differences.map(({ where }) => where)).toEqual([
        'digest',
        expect.stringMatching(/^(AU-03|CP-01) record numbers$/),
      ]);
    } finally {
      await own.store.close();
      removeFolder(own.folder);
    }
  }, 60_000);

  test('another one of each figure that is edited', async () => {
    const { document, ...rest } = await operating();
    const { population } = document;
    const edited = { ...document, population: { ...population, inScope: population.inScope + 1 } };
    expect(recompute({ document: edited, ...rest }).differences.map(({ where }) => where)).toEqual([
      'digest',
      'in scope',
    ]);
    const { sample } = document;
    if (sample === null) throw new Error('no sample');
    const drawn = sample.drawn.map((one) => (one.control === 'AU-03' ? { ...one, seqs: one.seqs.with(0, 1) } : one));
    const swapped = { ...document, sample: { ...sample, drawn } };
    expect(recompute({ document: swapped, ...rest }).differences.map(({ where }) => where)).toContain('AU-03 sample');
  });

  test('another one when a record of the chain was altered', async () => {
    const signed = await operating();
    const altered = path.join(story.folder, 'altered.jsonl');
    const text = readFileSync(story.chainFile, 'utf8');
    expect(text).toContain('"id":"b-5"');
    writeFileSync(altered, text.replace('"id":"b-5"', '"id":"b-6"'));
    const where = recompute(signed, altered).differences.map((difference) => difference.where);
    expect(where).toEqual(expect.arrayContaining(['checkpoint', 'root', 'CP-01 root']));
  });
});

test('the document names the rules of the controls as they are', () => {
  const text = readFileSync(REPORTS_DOC, 'utf8');
  expect(text, 'node test/support/write-control-rules.ts writes them anew').toBe(withRules(text));
});
