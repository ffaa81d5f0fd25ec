import { describe, expect, test } from 'vitest';
import { canonicalBytes } from '#main/audit/canonical.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { buildReport } from '#main/compliance/reports/build-report.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { CausewayError } from '#shared/errors.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import { REPORT_KINDS, type ReportDocument, type ReportRequest } from '#shared/model/report.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
import { changed, created, MADE_CHAIN, makeRecords, noted, role, type Wanted } from '../../../support/made-records.ts';
import { MADE } from '../../../support/make-report.ts';

const at = (day: string, hour = 12) => `2026-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const HALF_YEAR = { from: at('01-01', 0), to: at('07-01', 0) };
const asked = (more: Partial<ReportRequest> = {}): ReportRequest => ({
  kind: 'soc2-type2',
  window: HALF_YEAR,
  zone: 'UTC',
  disclose: false,
  ...more,
});

type Records = ReturnType<typeof makeRecords>;
function report(
  wanted: readonly Wanted[],
  more: Partial<ReportRequest> = {},
  spoil = (records: Records) => records,
  made: Parameters<typeof buildReport>[2] = MADE,
): ReportDocument {
  const request = asked(more);
  const plan = planReport(request, { last: wanted.length });
  const identity = { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null };
  const evaluation = evaluateEntries(PRODUCT_RULES, identity, plan, spoil(makeRecords(wanted)));
  return buildReport(request, evaluation, made);
}

const stateIn = (cell: unknown) => (typeof cell === 'object' && cell !== null && 'state' in cell ? cell.state : null);

/** Of each control of the report, by its id. */
function statusesOf({ blocks }: ReportDocument): Map<string, unknown> {
  const tables = blocks.flatMap((block) =>
    block.block === 'table' && block.columns[3]?.id === 'status' ? [block] : [],
  );
  return new Map(tables.flatMap(({ rows }) => rows.map(({ cells }) => [String(cells[0]), stateIn(cells[3])] as const)));
}

const refusal = (request: ReportRequest, now?: string): string | undefined => {
  try {
    planReport(request, { last: 10, ...(now === undefined ? {} : { now: Date.parse(now) }) });
    return undefined;
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'bad-input') return error.reason;
    throw error;
  }
};

describe('what no report can be made of is refused', () => {
  test('with a reason', () => {
    expect(refusal(asked())).toBeUndefined();
    expect(refusal(asked({ window: { from: at('03-01'), to: at('03-01') } }))).toBe('window');
    expect(refusal(asked(), at('01-01', 0))).toBe('window-in-future');
    expect(refusal(asked(), at('01-02'))).toBeUndefined();
    expect(refusal(asked({ zone: 'Europe/Nowhere' }))).toBe('zone');
    expect(refusal(asked({ kind: 'incident' }))).toBe('incident');
    expect(refusal(asked({ kind: 'access-review' }))).toBe('campaign');
    expect(refusal(asked({ incident: 'inc-1' }))).toBe('parameter');
    expect(refusal(asked({ criteria: [{ framework: 'soc2', id: 'CC9.9' }] }))).toBe('criteria');
    expect(refusal(asked({ criteria: [{ framework: 'gdpr', id: '15' }] }))).toBe('criteria');
  });

  test('a Type I report ends with the last record before its moment', () => {
    const lastBefore = (time: string) => (time === HALF_YEAR.to ? 7 : 0);
    expect(planReport(asked({ kind: 'soc2-type1' }), { last: 10, lastBefore }).last).toBe(7);
    expect(planReport(asked(), { last: 10, lastBefore }).last).toBe(10);
    const early = asked({ kind: 'soc2-type1', window: { ...HALF_YEAR, to: at('02-01') } });
    expect(() => planReport(early, { last: 10, lastBefore })).toThrow('The chain begins after this moment.');
  });

  test.each(REPORT_KINDS)('and the kind %s is planned alike each time', (kind) => {
    const more = {
      ...(kind === 'incident' ? { incident: 'i' } : {}),
      ...(kind === 'access-review' ? { campaign: 'c' } : {}),
    };
    const plan = planReport(asked({ kind, ...more }), { last: 10 });
    expect(plan).toEqual(planReport(asked({ kind, ...more }), { last: 10 }));
    expect([plan.actions.length > 0, plan.controls.length > 0, plan.collectors.length > 2]).toEqual([true, true, true]);
  });
});

describe('the first page says', () => {
  const year = [created(at('01-01', 0)), role(at('01-10'), 'u-2', 'operator'), role(at('06-30'), 'u-3', 'operator')];

  const checked = [
    ...year,
    {
      ...changed(at('06-30', 12), 'register', {
        kind: 'self-check',
        results: ['AC-01', 'AU-01'].map((control) => ({
          control,
          result: 'holds',
          detail: 'refused',
          digest: 'c'.repeat(64),
        })),
      }),
      wrong: { actor: { type: 'system', id: 'causeway' } },
    },
  ];

  test('that the chain is broken, before anything else', () => {
    const { warnings, integrity } = report(year, {}, (records) =>
      records.map((record, index) =>
        index === 1
          ? { ...record, bytes: Buffer.from(record.bytes.toString().replace('operator', 'approver')) }
          : record,
      ),
    );
    expect(integrity.state).toBe('broken');
    expect(warnings[0]).toMatch(/^The chain is broken: 2 problems.*Record 2 was altered/);
  });

  test('and that nothing counted from a broken chain is better than partial; each problem is an exception of AU-01', () => {
    const statusOf = (document: ReportDocument, id: string) => statusesOf(document).get(id);
    const asWritten = report(checked);
    const spoiled = report(checked, {}, (records) =>
      records.map((record, index) =>
        index === 1
          ? { ...record, bytes: Buffer.from(record.bytes.toString().replace('operator', 'approver')) }
          : record,
      ),
    );
    expect([statusOf(asWritten, 'AU-01'), statusOf(spoiled, 'AU-01')]).toEqual(['in-place', 'partial']);
    expect([...statusesOf(asWritten).values()]).toContain('in-place');
    expect([...statusesOf(spoiled).values()]).not.toContain('in-place');
    const found = spoiled.exceptions.filter(({ kind }) => kind === 'integrity');
    expect(found.map(({ id, control, state }) => [id, control, state])).toEqual([
      ['AU-01:integrity:2', 'AU-01', 'open'],
      ['AU-01:integrity:3', 'AU-01', 'open'],
    ]);
    expect(found[0]?.text).toContain('Record 2 was altered');
    const said = JSON.stringify(spoiled.blocks);
    expect(said).toContain('The history it is counted from does not verify. 2 problems with its records are open.');
    expect(asWritten.exceptions.filter(({ kind }) => kind === 'integrity')).toEqual([]);
  });

  test('that is so, too, where only what is known from elsewhere contradicts the chain, and not where it was acknowledged', () => {
    const history = ['rolled-back: The keychain has a checkpoint of more records.'];
    const contradicted = report(checked, {}, (records) => records, { ...MADE, history });
    expect(statusesOf(contradicted).get('AU-01')).toBe('partial');
    expect(contradicted.exceptions.find(({ kind }) => kind === 'integrity')).toMatchObject({
      id: 'AU-01:integrity:chain',
      seq: null,
      text: history[0],
    });
    const justification = { sealed: 'A'.repeat(43) };
    const data = { change: 'break-acknowledgement', changeDigest: 'a'.repeat(64), justification };
    const acknowledged = report([
      ...checked,
      { action: 'tenant.protection_change_approved', time: at('06-30', 13), data },
    ]);
    expect(statusesOf(acknowledged).get('AU-01')).toBe('in-place');
    expect(acknowledged.warnings[0]).toContain('people took note of it');
  });

  test('that a break was acknowledged', () => {
    const justification = { sealed: 'A'.repeat(43) };
    const data = { change: 'break-acknowledgement', changeDigest: 'a'.repeat(64), justification };
    const acknowledged = { action: 'tenant.protection_change_approved', time: at('02-01'), data };
    expect(report([...year.slice(0, 2), acknowledged]).warnings[0]).toContain(
      'people took note of it: 1 acknowledged break',
    );
  });

  test('that the population is empty, and the window not covered', () => {
    const { warnings, population } = report([created(at('03-01'))], { window: { from: at('04-01'), to: at('08-01') } });
    expect([population.inScope, population.root, population.seqs]).toEqual([0, null, '']);
    expect(warnings[0]).toMatch(/^The population is empty/);
    expect(warnings[1]).toMatch(/^The window ends at 2026-08-01.*the newest record is of 2026-03-01/);
  });

  test('that the window is too short or too long, begins before the chain, or ends before its records', () => {
    const said = (window: ReportRequest['window']) => report(year, { window }).warnings.join('\n');
    expect(said({ from: at('04-30', 0), to: at('07-29', 0) })).toContain('shorter than 3 months');
    expect(said({ from: at('04-30', 0), to: at('07-30', 0) })).not.toContain('shorter than 3 months');
    expect(said({ from: '2025-06-30T00:00:00.000Z', to: at('07-01', 0) })).toMatch(/longer than 12 months/);
    expect(said({ from: '2025-12-31T00:00:00.000Z', to: at('07-01', 0) })).toContain('the chain at 2026-01-01');
    expect(said({ from: at('01-01', 0), to: at('06-01', 0) })).toContain('1 record was written after the window');
  });

  test('that all evidence is recent, that none was sampled, or more was asked for than there is', () => {
    const late = [created('2025-12-01T00:00:00.000Z'), role(at('06-29'), 'u-2', 'operator')];
    expect(report(late).warnings.join('\n')).toContain('All evidence is from the last tenth of the window');
    expect(report(year).warnings.join('\n')).toContain('No sample was drawn.');
    const { warnings } = report(year, { sample: { number: '7', profile: HOUSE_PROFILE } });
    expect(warnings.join('\n')).toContain(
      'The sample asked for is larger than the population, so all of it was taken: AC-01 (2 of 25)',
    );
    const mixed = [...year, noted(at('06-30', 13))];
    expect(report(mixed).warnings.join('\n')).not.toContain('All evidence');
  });

  test('which controls have no owner or no cadence', () => {
    const owner = changed(at('02-01'), 'RA-01', { kind: 'owner', previous: null });
    const owned = { ...owner, data: { ...owner.data, owner: 'u-1' } };
    const said = report([
      ...year.slice(0, 2),
      owned,
      changed(at('02-02'), 'RA-01', { kind: 'cadence', previous: 'annual', next: 'event' }),
    ]).warnings;
    expect(said.find((text) => text.startsWith('Without an owner'))).not.toContain('RA-01');
    // nobody can say that it has none any more
    expect(said.find((text) => text.startsWith('Without a cadence'))).toBeUndefined();
  });
});

describe('an access review', () => {
  const subjects = [
    { id: 'u-1', role: 'owner' },
    { id: 'u-2', role: 'operator' },
  ];
  const rootOf = (some: readonly object[]) => {
    const tree = new Frontier();
    for (const subject of some) tree.append(hashLeaf(canonicalBytes(subject)));
    return tree.root().toString('hex');
  };
  const added = (id: string, what: string): Wanted => ({
    action: 'tenant.user_added',
    time: at('01-02'),
    data: { user: id, role: what },
  });
  const opened = (root = rootOf(subjects)): Wanted =>
    changed(at('02-01'), 'AR-01', { kind: 'review-opened', campaign: 'AR-7', due: at('02-10'), subjects, root });
  const decided = (by: string, subject: string, decision = 'keep', day = '02-05'): Wanted => ({
    ...changed(at(day), 'AR-01', {
      kind: 'review-decided',
      campaign: 'AR-7',
      subject,
      decision,
      note: { sealed: 'N'.repeat(43) },
    }),
    actor: by,
  });
  const kinds = (...records: Wanted[]) =>
    report([created(at('01-01')), ...records], { kind: 'access-review', campaign: 'AR-7' })
      .exceptions.filter(({ control }) => control === null)
      .map(({ kind }) => kind);

  const both = [added('u-1', 'owner'), added('u-2', 'operator')];

  test('without fault has none to tell', () => {
    expect(kinds(...both, opened(), decided('u-2', 'u-1'), decided('u-1', 'u-2'))).toEqual([]);
  });

  test('names who was left out, and a root that is not that of the population', () => {
    expect(kinds(...both, added('u-3', 'viewer'), opened(), decided('u-2', 'u-1'), decided('u-1', 'u-2'))).toEqual([
      'left-out',
    ]);
    expect(kinds(...both, opened('f'.repeat(64)), decided('u-2', 'u-1'), decided('u-1', 'u-2'))).toEqual(['root']);
  });

  test('names own access under an alias, decisions too late or missing, and what was not done', () => {
    const alias: Wanted = {
      action: 'tenant.configuration_changed',
      time: at('02-02'),
      data: { setting: 'people.alias', old: null, new: 'u-1' },
      wrong: { target: { type: 'user', id: 'u-2' } },
    };
    expect(kinds(...both, opened(), alias, decided('u-2', 'u-1'), decided('u-3', 'u-2'))).toEqual(['own-access']);
    expect(kinds(...both, opened(), decided('u-2', 'u-1'), decided('u-1', 'u-2', 'keep', '02-20'))).toEqual(['late']);
    expect(kinds(...both, opened(), decided('u-2', 'u-1'), role(at('03-01'), 'u-9', 'viewer'))).toEqual(['overdue']);
    expect(kinds(...both, opened(), decided('u-2', 'u-1'), decided('u-1', 'u-2', 'revoke'))).toEqual([
      'not-carried-out',
    ]);
  });

  const key: Wanted = {
    action: 'auth.api_key_created',
    time: at('01-03'),
    data: { apiKey: 'key-1', scopes: ['incidents.read'], expiresAt: '2026-12-31T00:00:00.000Z' },
  };

  test('names a key that was left out of it, and a decision by a key', () => {
    const all = [opened(), decided('u-2', 'u-1'), decided('u-1', 'u-2')];
    expect(kinds(...both, key, ...all)).toEqual(['left-out']);
    const byKey = { ...decided('key-1', 'u-2'), wrong: { actor: { type: 'api_key', id: 'key-1' } } };
    expect(kinds(...both, opened(), decided('u-2', 'u-1'), byKey)).toContain('not-a-person');
  });

  test('does not take access that was given again for one that ended', () => {
    const removed: Wanted = {
      action: 'tenant.user_removed',
      time: at('02-06'),
      data: { user: 'u-2', reason: 'removed' },
    };
    const revoked = [...both, opened(), decided('u-2', 'u-1'), decided('u-1', 'u-2', 'revoke'), removed];
    expect(kinds(...revoked)).toEqual([]);
    expect(kinds(...revoked, { ...added('u-2', 'admin'), time: at('02-07') })).toEqual(['not-carried-out']);
  });
});
