import { describe, expect, test } from 'vitest';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { buildReport } from '#main/compliance/reports/build-report.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import type { ReportDocument, ReportRequest } from '#shared/model/report.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
import { created, MADE_CHAIN, makeRecords, type Wanted } from '../../../support/made-records.ts';
import { MADE } from '../../../support/make-report.ts';
import { sampleRemediation } from '../../../support/sample-remediation.ts';

const at = (day: string, hour = 12) => `2026-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;

function reportOn(wanted: readonly Wanted[]): ReportDocument {
  const window = { from: at('01-01', 0), to: at('07-01', 0) };
  const request: ReportRequest = { kind: 'approvals', window, zone: 'UTC', disclose: false };
  const plan = planReport(request, { last: wanted.length });
  const identity = { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null };
  return buildReport(request, evaluateEntries(PRODUCT_RULES, identity, plan, makeRecords(wanted)), MADE);
}

describe('approvals', () => {
  const { plan } = sampleRemediation();
  const digest = 'b'.repeat(64);
  const version = 'd'.repeat(64);
  const about = { target: { type: 'remediation', id: 'rem-0001' } };
  const proposed: Wanted = {
    action: 'remediation.proposed',
    time: at('02-01'),
    data: {
      plan,
      planDigest: digest,
      rule: 'r',
      policyVersion: version,
      expiresAt: at('02-01', 14),
      approvalsRequired: 2,
    },
    wrong: { ...about, actor: { type: 'agent', id: 'remediator' }, onBehalfOf: { type: 'user', id: 'u-1' } },
  };
  const approved = (by: string, hour: number, more: Record<string, unknown> = {}): Wanted => ({
    action: 'remediation.approved',
    time: at('02-01', hour),
    actor: by,
    data: {
      planDigest: digest,
      justification: { sealed: 'J'.repeat(43) },
      channel: 'dialog',
      rule: 'r',
      policyVersion: version,
      reauthentication: 'password',
      ...more,
    },
    wrong: { ...about, links: { request: makeRecords([created(at('01-01')), proposed])[1]?.hash } },
  });
  const step = {
    operation: 'o',
    payloadDigest: digest,
    responseDigest: null,
    code: '200',
    httpStatus: 200,
    latencyMs: 1,
  };
  const executed = (hour: number): Wanted => ({
    action: 'remediation.executed',
    time: at('02-01', hour),
    data: { planDigest: digest, steps: [step], elapsedMs: 1 },
    wrong: about,
  });
  const alias: Wanted = {
    action: 'tenant.configuration_changed',
    time: at('02-01', 12),
    data: { setting: 'people.alias', old: null, new: 'u-1' },
    wrong: { target: { type: 'user', id: 'u-9' } },
  };
  const told = (...records: Wanted[]) => {
    const document = reportOn([created(at('01-01')), ...records]);
    const kinds = document.exceptions
      .filter(({ control }) => control === null)
      .map(({ kind, state }) => `${kind} ${state}`);
    const rows = document.blocks.find(({ id }) => id === 'proposals');
    const eyes = rows?.block === 'table' ? rows.rows[0]?.cells[11] : undefined;
    return { document, kinds, eyes: typeof eyes === 'object' && eyes !== null && 'word' in eyes ? eyes.word : null };
  };
  const found = (...after: Wanted[]) => {
    const { kinds, eyes } = told(proposed, ...after);
    return { kinds, eyes };
  };

  test('by two others keep four eyes', () => {
    expect(found(approved('u-2', 13), approved('u-3', 13), executed(13))).toEqual({ kinds: [], eyes: 'Kept' });
  });

  test('by the human it was asked for, also under an alias, do not', () => {
    expect(found(approved('u-1', 13), approved('u-3', 13))).toEqual({ kinds: ['own-request open'], eyes: 'Not kept' });
    expect(found(alias, approved('u-9', 13), approved('u-3', 13))).toEqual({
      kinds: ['own-request open'],
      eyes: 'Not kept',
    });
  });

  test('by one human twice, or given after it was carried out, are too few', () => {
    expect(found(approved('u-2', 13), approved('u-2', 13), executed(13)).kinds).toEqual(['too-few open']);
    expect(found(approved('u-2', 13), executed(13), approved('u-3', 13)).kinds).toEqual(['too-few open']);
  });

  test('of another plan, without showing who it is, too late, or rejected, are told each by itself', () => {
    expect(found(approved('u-2', 13, { planDigest: 'f'.repeat(64) })).kinds).toEqual(['unbound open']);
    expect(found(approved('u-2', 13, { reauthentication: 'none' })).kinds).toEqual(['no-reauthentication open']);
    expect(found(approved('u-2', 15)).kinds).toEqual(['late open']);
    const rejected = { ...approved('u-4', 13), action: 'remediation.rejected' };
    expect(found(approved('u-2', 13), approved('u-3', 13), rejected, executed(13)).kinds).toEqual(['rejected open']);
  });

  test('given alone stay an exception until somebody else has looked at them', () => {
    const alone = approved('u-2', 13, { breakGlass: { sealed: 'B'.repeat(43) } });
    const hash = makeRecords([created(at('01-01')), proposed, alone])[2]?.hash ?? '';
    const review = (by: string): Wanted => ({
      action: 'tenant.protection_change_approved',
      time: at('02-02'),
      actor: by,
      data: { change: 'break-glass-review', changeDigest: hash, justification: { sealed: 'R'.repeat(43) } },
      wrong: about,
    });
    expect(found(alone, executed(13))).toEqual({ kinds: ['break-glass open'], eyes: 'Alone, on record' });
    expect(found(alone, review('u-2')).kinds).toEqual(['break-glass open']);
    expect(found(alone, review('u-3')).kinds).toEqual(['break-glass fixed']);
  });

  const denied = (wanted: Wanted): Wanted => ({ ...wanted, wrong: { ...wanted.wrong, outcome: 'denied' } });
  const alsoWrong = (wanted: Wanted, wrong: Record<string, unknown>): Wanted => ({
    ...wanted,
    wrong: { ...wanted.wrong, ...wrong },
  });

  test('of one change stay what they are when it is proposed again, refused or not', () => {
    const own = [proposed, approved('u-1', 13), approved('u-3', 13), executed(13)];
    const first = told(...own);
    expect(first).toMatchObject({ kinds: ['own-request open', 'too-few open'], eyes: 'Not kept' });
    expect(told(...own, denied({ ...proposed, time: at('02-03') }))).toMatchObject({
      kinds: first.kinds,
      eyes: 'Not kept',
    });
    const again = told(...own, { ...proposed, time: at('02-03') });
    expect([again.kinds, again.eyes]).toEqual([first.kinds, 'Not kept']);
    const table = again.document.blocks.find(({ id }) => id === 'proposals');
    expect(table?.block === 'table' && table.rows.map(({ id }) => id)).toEqual(['rem-0001', 'rem-0001 (6)']);
  });

  test('that were refused, or by no person, do not count', () => {
    expect(found(denied(approved('u-2', 13)), approved('u-3', 13), executed(13)).kinds).toEqual(['too-few open']);
    const key = alsoWrong(approved('key-9', 13), { actor: { type: 'api_key', id: 'key-9' } });
    expect(found(key, approved('u-3', 13), executed(13))).toEqual({
      kinds: ['not-a-person open', 'too-few open'],
      eyes: 'Not kept',
    });
  });

  test('of what a person proposed are not that person’s to give', () => {
    const direct = alsoWrong(proposed, { actor: { type: 'user', id: 'u-1' }, onBehalfOf: undefined });
    delete direct.wrong?.onBehalfOf;
    const request = makeRecords([created(at('01-01')), direct])[1]?.hash;
    const by = (id: string) => alsoWrong(approved(id, 13), { links: { request } });
    expect(told(direct, by('u-1'), by('u-3'))).toMatchObject({ kinds: ['own-request open'], eyes: 'Not kept' });
    expect(told(direct, by('u-2'), by('u-3'), executed(13))).toMatchObject({ kinds: [], eyes: 'Kept' });
  });

  test('without a proposal, and changes carried out without one, are listed and exceptions', () => {
    const { document, kinds } = told(executed(13), approved('u-2', 14));
    expect(kinds).toEqual(['no-proposal open', 'no-proposal open']);
    const table = document.blocks.find(({ id }) => id === 'unproposed');
    expect(table?.block === 'table' && table.rows.map(({ cells }) => cells.slice(1, 5))).toEqual([
      [2, 'rem-0001', { state: 'fails', word: 'Executed' }, 'u-1'],
      [3, 'rem-0001', { state: 'fails', word: 'Approved' }, 'u-2'],
    ]);
    const other = { ...executed(13), data: { ...executed(13).data, planDigest: 'f'.repeat(64) } };
    expect(told(proposed, approved('u-2', 13), approved('u-3', 13), other).kinds).toEqual(['no-proposal open']);
  });

  test('are never kept where the control says otherwise', () => {
    const twice = told(proposed, approved('u-2', 13), approved('u-3', 13), executed(13), executed(13));
    expect(twice.document.exceptions.map(({ control, kind }) => [control, kind])).toContainEqual([
      'CM-01',
      'done-twice',
    ]);
    expect([twice.kinds, twice.eyes]).toEqual([[], 'Not kept']);
  });
});
