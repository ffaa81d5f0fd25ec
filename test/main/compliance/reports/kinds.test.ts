import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppendInput } from '#main/audit/append-input.ts';
import { canonicalText } from '#main/audit/canonical.ts';
import { seal } from '#main/audit/seal.ts';
import { subjectsRoot } from '#main/compliance/reports/kinds/access-population.ts';
import { renderReportPage } from '#main/compliance/reports/report-page.ts';
import { signReport } from '#main/compliance/reports/sign-report.ts';
import { Block, REPORT_KINDS, type ReportDocument, type ReportKind } from '#shared/model/report.ts';
import { removeFolder } from '../../../support/audit-store.ts';
import { type EvidenceStory, STORY_INCIDENT, tellStory } from '../../../support/evidence-story.ts';
import { makeDocument, storyRequest } from '../../../support/make-report.ts';

let story: EvidenceStory;
const made = new Map<ReportKind, ReportDocument>();
beforeAll(async () => {
  story = await tellStory();
  for (const kind of REPORT_KINDS) {
    made.set(kind, await makeDocument(story.store, storyRequest(kind), { last: story.last }));
  }
});
afterAll(async () => {
  await story.store.close();
  removeFolder(story.folder);
});

function report(kind: ReportKind): ReportDocument {
  const found = made.get(kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function table(document: ReportDocument, id: string): Extract<Block, { block: 'table' }> {
  const found = document.blocks.find((block) => block.id === id);
  if (found?.block !== 'table') throw new Error(`no table ${id}`);
  return found;
}

/** Cells of the rows by the columns named, as a reader sees them. */
function read(document: ReportDocument, id: string, ...columns: string[]): unknown[][] {
  const { columns: all, rows } = table(document, id);
  const shown = (cell: unknown) => {
    if (typeof cell !== 'object' || cell === null) return cell;
    return 'word' in cell ? cell.word : 'text' in cell ? cell.text : cell;
  };
  return rows.map(({ cells }) => columns.map((name) => shown(cells[all.findIndex((one) => one.id === name)])));
}

function figure(document: ReportDocument, id: string): unknown {
  const items = document.blocks.flatMap((block) => (block.block === 'figures' ? block.items : []));
  return items.find((item) => item.id === id)?.value;
}

describe('every report', () => {
  test.each(REPORT_KINDS)('of the kind %s carries what an auditor asks of one', (kind) => {
    const { population, limits, criteria, asOf, query, rules, blocks, warnings, integrity } = report(kind);
    const excluded = population.excluded.reduce((sum, { count }) => sum + count, 0);
    expect(population.inScope + excluded).toBe(story.last);
    expect(asOf.seq).toBe(population.range.last);
    expect(population.checkpoint?.size).toBe(story.last);
    expect([limits.length > 4, criteria.length > 0, rules.digest.length, query.digest.length]).toEqual([
      true,
      true,
      64,
      64,
    ]);
    expect(integrity).toMatchObject({ state: 'holds', checked: story.last });
    const ids = blocks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['policies', 'rule-changes', 'people']));
    expect(warnings[0]).toContain('The window begins at 2026-02-01');
  });

  test('counts what a filter left out only where there is one', async () => {
    const reasons = ({ population }: ReportDocument) => population.excluded.map(({ reason }) => reason);
    for (const kind of REPORT_KINDS) expect(reasons(report(kind)), kind).not.toContain('left out by the filter');
    const filter = { actors: ['u-00000000000b'] };
    const filtered = await makeDocument(story.store, storyRequest('soc2-type2', { filter }), { last: story.last });
    expect(reasons(filtered)).toContain('left out by the filter');
  });

  test.each(REPORT_KINDS)('of the kind %s comes out the same again', async (kind) => {
    const again = await makeDocument(story.store, storyRequest(kind), { last: story.last });
    expect(canonicalText(again)).toBe(canonicalText(report(kind)));
  });

  test('keeps names sealed unless they are asked for', async () => {
    const document = await makeDocument(story.store, storyRequest('incident', { disclose: false }), {
      last: story.last,
    });
    expect(canonicalText(document)).not.toContain('Person');
    expect(canonicalText(report('incident'))).toContain('Person b <script>');
  });
});

describe('SOC 2', () => {
  test('Type I names each gap with its criteria and what would close it', () => {
    const document = report('soc2-type1');
    const gaps = read(document, 'organizational-gaps', 'control', 'status', 'remedy');
    expect(gaps.map(([control]) => control)).toContain('PM-01');
    expect(gaps.every(([, status, remedy]) => status !== 'In place' && String(remedy).length > 10)).toBe(true);
    const all = read(document, 'controls', 'control', 'status');
    const open = all.filter(([, status]) => status === 'Gap' || status === 'Partial').length;
    expect(read(document, 'technical-gaps', 'control').length + gaps.length).toBe(open);
    expect(document.criteria).toHaveLength(61);
  });

  test('Type II counts occurrences by periods, and each missed one is an exception', () => {
    const document = report('soc2-type2');
    const { exceptions } = document;
    const missed = read(document, 'missed', 'control', 'from');
    expect(missed.length).toBeGreaterThan(0);
    expect(exceptions.filter(({ kind }) => kind === 'missed-period')).toHaveLength(missed.length);
    const [backup] = read(document, 'controls', 'control', 'expected', 'actual').filter(
      ([control]) => control === 'CP-01',
    );
    expect(backup).toEqual(['CP-01', 4, 3]); // in force from March on; April had none
    expect(exceptions.find(({ id }) => id === 'CP-01:missed-period:2026-04-01')).toMatchObject({ state: 'fixed' });
    expect(exceptions.find(({ id }) => id.startsWith('SC-03:check-failed'))).toMatchObject({ state: 'open' });
    expect(document.sample?.drawn.find(({ control }) => control === 'CP-01')).toMatchObject({
      population: 3,
      asked: 2,
    });
  });
});

describe('privacy', () => {
  test('requests run against the clock of the law', () => {
    expect(read(report('gdpr-lgpd'), 'requests', 'request', 'due', 'state', 'took')).toEqual([
      ['er-2', '2026-07-15T09:00:01.000Z', 'Overdue', ''],
      ['er-1', '2026-08-04T09:00:01.000Z', 'In time', '24 h 0 min'],
    ]);
    expect(read(report('kvkk'), 'requests', 'request', 'due', 'state')).toEqual([
      ['er-2', '2026-07-15T09:00:01.000Z', 'Overdue'],
      ['er-1', '2026-08-03T09:00:01.000Z', 'In time'],
    ]);
    expect(report('gdpr-lgpd').exceptions.filter(({ kind }) => kind === 'late-request')).toMatchObject([
      { id: expect.stringMatching(/^gdpr-request:late-request:\d+$/), state: 'open', control: null },
    ]);
  });

  test('every incident of the window is listed, of whatever severity', async () => {
    const { store, folder, clock } = await tellStory();
    const opened = async (id: string, severity: 'low' | 'medium') => {
      clock.time += 1000;
      const { seq } = await store.append({
        action: 'incident.created',
        outcome: 'success',
        actor: { type: 'webhook', id: 'alarm' },
        target: { type: 'incident', id },
        links: { incident: id },
        data: {
          severity,
          source: 'alertmanager',
          payloadDigest: '1'.repeat(64),
          title: seal('incident', 'Search is slow'),
          service: 'search',
          metric: 'search.latency',
          environment: 'sandbox',
          account: null,
          region: null,
          startedAt: '2026-08-20T09:00:00.000Z',
        },
      });
      return seq;
    };
    const low = await opened('inc-0002', 'low');
    const medium = await opened('inc-0003', 'medium');
    await store.append({
      action: 'incident.severity_updated',
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      target: { type: 'incident', id: 'inc-0002' },
      links: { incident: 'inc-0002' },
      data: { old: 'low', new: 'high', reason: seal('incident', 'More of it.') },
    });
    const window = { from: '2026-02-01T00:00:00.000Z', to: '2026-09-01T00:00:00.000Z' };
    for (const [kind, id] of [
      ['gdpr-lgpd', 'breaches-gdpr'],
      ['gdpr-lgpd', 'breaches-lgpd'],
      ['kvkk', 'breaches'],
    ] as const) {
      const document = await makeDocument(store, storyRequest(kind, { window }));
      expect(read(document, id, 'seq', 'severity', 'severityThen')).toEqual([
        [5, 'critical', 'critical'],
        [low, 'low', 'high'],
        [medium, 'medium', 'medium'],
      ]);
    }
    await store.close();
    removeFolder(folder);
  });

  test.each(['gdpr-lgpd', 'kvkk', 'soc2-type2', 'iso27001'] as const)(
    'a report of the kind %s counts the same exceptions at a glance as it lists',
    (kind) => {
      const { exceptions, blocks } = report(kind);
      const glance = blocks.flatMap((block) => (block.block === 'figures' ? block.items : []));
      expect(glance.find((item) => item.id === 'open')).toMatchObject({
        value: exceptions.filter(({ state }) => state === 'open').length,
        of: exceptions.length,
      });
    },
  );

  test('breaches: 72 hours, and three working days', () => {
    const due = (kind: ReportKind, id: string) => read(report(kind), id, 'incident', 'due');
    // a Sunday
    expect(due('gdpr-lgpd', 'breaches-gdpr')).toEqual([[STORY_INCIDENT, '2026-03-04T12:00:04.000Z']]);
    expect(due('gdpr-lgpd', 'breaches-lgpd')).toEqual([[STORY_INCIDENT, '2026-03-04T12:00:04.000Z']]);
    expect(due('kvkk', 'breaches')).toEqual([[STORY_INCIDENT, '2026-03-04T12:00:04.000Z']]);
  });

  test('records of disposal are kept for three years, and masking is counted', () => {
    expect(read(report('kvkk'), 'disposals', 'request', 'until', 'state')).toEqual([
      ['er-1', '2029-07-05T09:00:01.000Z', 'In this chain'],
    ]);
    expect(read(report('gdpr-lgpd'), 'masking', 'agent', 'pattern', 'values')).toEqual([['log-analyst', 'email', 4]]);
  });
});

test('ISO 27001 goes through Annex A with what SOC 2 asks alike', () => {
  const rows = read(report('iso27001'), 'criteria', 'criterion', 'state', 'more');
  expect(rows).toHaveLength(93);
  expect(rows.find(([id]) => id === 'A.8.15')).toEqual([
    'A.8.15',
    'Records in the window',
    expect.stringContaining('CC7.2'),
  ]);
  expect(rows.some(([, state]) => state === 'Nothing here')).toBe(true);
});

describe('an incident', () => {
  test('is told whole, in order, with the end of every lease', () => {
    const document = report('incident');
    const timeline = document.blocks.find(({ id }) => id === 'timeline');
    if (timeline?.block !== 'timeline') throw new Error('no timeline');
    expect(timeline.entries.map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(timeline.entries[0]?.sealed).toMatchObject([{ path: '/data/title', text: 'Checkout is slow' }]);
    expect(read(document, 'leases', 'lease', 'how', 'calls', 'state')).toEqual([
      ['lease-1', 'task-finished, at the cloud: revoked', 1, 'Ended'],
    ]);
    expect(read(document, 'plans', 'field', 'before', 'after')).toEqual([
      ['taskDefinition', 'checkout:42', 'checkout:41'],
    ]);
    expect(read(document, 'approvals', 'decision', 'by', 'justification')).toEqual([
      ['Approved', 'u-00000000000b', 'The revision before it was sound.'],
    ]);
    expect(read(document, 'refusals', 'seq', 'outcome')).toEqual([[8, 'Denied']]);
    expect([figure(document, 'records'), figure(document, 'seqs')]).toEqual([9, '5-13']);
  });

  test('that is in no record is refused', async () => {
    const asked = makeDocument(story.store, storyRequest('incident', { incident: 'inc-9' }));
    await expect(asked).rejects.toMatchObject({ code: 'bad-input', reason: 'incident' });
  });

  test('warns of nothing that is about controls, and says on its first page how many records are its own', async () => {
    const { warnings, population } = report('incident');
    expect(warnings.join(' ')).not.toMatch(/Without an owner|In place, and not seen|No whole period|Without a cadence/);
    expect(report('soc2-type2').warnings.join(' ')).toMatch(/Without an owner/);
    const shown = async (kind: ReportKind) => {
      const page = renderReportPage(await signReport(story.store, report(kind)));
      return page
        .slice(page.indexOf('<body'))
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ');
    };
    const first = await shown('incident');
    expect(first).toContain('Records of the incident 9 ');
    expect(first).toContain(`of ${story.last} read; ${population.inScope} of such kinds are in the window`);
    const privacy = await shown('gdpr-lgpd');
    expect(privacy).toContain('GDPR all 13 criteria looked at');
    expect(privacy).toContain(`Records in scope ${report('gdpr-lgpd').population.inScope} `);
  });

  test('has the exceptions about its own records, and says how many are about others', () => {
    const { exceptions, exclusion } = report('incident');
    expect(exceptions.map(({ id }) => id)).toEqual(['CM-04:not-verified:12']);
    expect(exclusion.at(-1)).toMatch(/^\d+ exceptions of controls in the window are about other records/);
  });
});

describe('an access review', () => {
  test('that leaves out an API key is judged by the control as by the report, also when it was put right', async () => {
    const { store, folder, clock } = await tellStory();
    const [owner, second, key] = ['u-00000000000a', 'u-00000000000b', 'key-00000000000d'] as const;
    const by = (id: string) => ({ type: 'user' as const, id, name: seal(id, 'Somebody') });
    type Change = NonNullable<AppendInput<'tenant.control_updated'>['data']['change']>;
    const update = (who: string, change: Change) => {
      clock.time += 1000;
      const data = {
        framework: 'causeway',
        control: 'AR-01',
        oldStatus: null,
        newStatus: 'recorded',
        owner: null,
      } as const;
      const target = { type: 'control', id: 'AR-01' };
      const about = { outcome: 'success', actor: by(who), target } as const;
      return store.append({ action: 'tenant.control_updated', ...about, data: { ...data, evidence: [], change } });
    };
    const review = async (campaign: string, subjects: readonly { readonly id: string; readonly role: string }[]) => {
      const due = '2026-09-20T00:00:00.000Z';
      const root = subjectsRoot(subjects);
      const opening = await update(owner, { kind: 'review-opened', campaign, due, subjects: [...subjects], root });
      for (const { id } of subjects) {
        const who = id === second ? owner : second;
        const note = seal(who, 'Looked at it.');
        await update(who, { kind: 'review-decided', campaign, subject: id, decision: 'keep', note });
      }
      const decided = subjects.length;
      const closing = await update(owner, { kind: 'review-closed', campaign, decided, undecided: 0 });
      return { opening: opening.seq, closing: closing.seq };
    };
    const window = { from: '2026-02-01T00:00:00.000Z', to: '2026-09-01T00:00:00.000Z' };
    const judged = async () => {
      const asked = storyRequest('access-review', { campaign: 'AR-left', window });
      const { exceptions } = await makeDocument(store, asked);
      const operating = await makeDocument(store, storyRequest('soc2-type2', { window }));
      const of = (all: typeof exceptions) =>
        all
          .filter(({ kind }) => kind === 'left-out')
          .map(({ id, seq, state, fixedBy }) => ({ id, seq, state, fixedBy }));
      const [status] = read(operating, 'controls', 'control', 'status').filter(([control]) => control === 'AR-01');
      return { review: of(exceptions), operating: of(operating.exceptions), status };
    };
    clock.time += 1000;
    await store.append({
      action: 'auth.api_key_created',
      outcome: 'success',
      actor: by(owner),
      target: { type: 'api_key', id: key },
      data: { apiKey: key, scopes: ['trail.read'], expiresAt: null },
    });
    const people = [
      { id: owner, role: 'owner' },
      { id: second, role: 'admin' },
    ];
    const { opening } = await review('AR-left', people);
    const own = `AR-left:1:left-out:${opening}`;
    const ofControl = `AR-01:left-out:${opening}`;
    const open = { seq: opening, state: 'open', fixedBy: null };
    expect(await judged()).toEqual({
      review: [
        { id: ofControl, ...open },
        { id: own, ...open },
      ],
      operating: [{ id: ofControl, ...open }],
      status: ['AR-01', 'Partial'],
    });
    const { closing } = await review('AR-whole', [{ id: key, role: 'api-key' }, ...people]);
    const fixed = { seq: opening, state: 'fixed', fixedBy: closing };
    const later = await judged();
    expect(later.review).toEqual([
      { id: ofControl, ...fixed },
      { id: own, ...fixed },
    ]);
    expect(later.operating).toEqual([{ id: ofControl, ...fixed }]);
    await store.close();
    removeFolder(folder);
  });

  test('holds the frozen population against the records, and tells what became of each decision', () => {
    const document = report('access-review');
    expect(read(document, 'population', 'id', 'frozen', 'chain', 'agrees')).toEqual([
      ['u-00000000000a', 'owner', 'owner', 'Yes'],
      ['u-00000000000b', 'admin', 'admin', 'Yes'],
      ['u-00000000000c', 'operator', 'operator', 'Yes'],
    ]);
    expect(read(document, 'decisions', 'decision', 'by', 'own', 'became')).toEqual([
      ['Keep', 'u-00000000000b', 'Yes', 'Nothing to do'],
      ['Keep', 'u-00000000000a', 'Yes', 'Nothing to do'],
      ['Revoke', 'u-00000000000a', 'Yes', 'Removed'],
    ]);
    expect(figure(document, 'root-holds')).toEqual({ state: 'holds', word: 'The same' });
    expect(document.exceptions.filter(({ id }) => id.startsWith('AR-01:') && id.includes(':root:'))).toEqual([]);
  });

  test('that is in no record is refused', async () => {
    const asked = makeDocument(story.store, storyRequest('access-review', { campaign: 'AR-99' }));
    await expect(asked).rejects.toMatchObject({ code: 'bad-input', reason: 'campaign' });
  });
});

test('approvals: who asked, who approved on which device, and four eyes', () => {
  const document = report('approvals');
  expect(read(document, 'proposals', 'remediation', 'requested', 'outcome', 'took', 'eyes', 'became')).toEqual([
    ['rem-0001', 'remediator for u-00000000000a', 'Approved', '1 s', 'Kept', 'executed'],
  ]);
  expect(read(document, 'decisions', 'by', 'device', 'reauthentication', 'bound')).toEqual([
    ['u-00000000000b', 'dev-1', 'password', 'Yes'],
  ]);
});

test('a document is one of its schema', () => {
  expect(report('soc2-type2').blocks.every((block) => Block.safeParse(block).success)).toBe(true);
});
