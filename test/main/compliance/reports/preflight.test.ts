import { describe, expect, test } from 'vitest';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import type { ControlCounts, RegisterSnapshot } from '#main/compliance/evaluation/register-snapshot.ts';
import { beginRegister } from '#main/compliance/register/fold.ts';
import type { Campaign, RegisterState } from '#main/compliance/register/register-state.ts';
import { type PreflightFacts, preflight } from '#main/compliance/reports/preflight.ts';
import { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportRequest } from '#shared/model/report.ts';

const NOW = Date.parse('2026-07-15T00:00:00.000Z');
const START = Date.parse('2025-12-01T00:00:00.000Z');
const request: ReportRequest = {
  kind: 'soc2-type2',
  window: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
  zone: 'UTC',
  disclose: true,
  sample: { number: '1', profile: HOUSE_PROFILE },
};

/** A control seen on these days. */
const seenOn = (...days: readonly string[]): ControlCounts => ({
  days: Object.fromEntries(days.map((day) => [day, 30])),
  total: days.length,
  last: days.length === 0 ? null : { seq: 9, time: `${days.at(-1)}T12:00:00.000Z` },
  newest: [],
  exceptions: [],
  cadence: [],
  inForceSince: START,
});
const everyDay = Array.from({ length: 230 }, (_, day) => new Date(START + day * 86_400_000).toISOString().slice(0, 10));

function facts(of: Partial<Record<string, ControlCounts>> = {}, state: Partial<RegisterState> = {}): PreflightFacts {
  const snapshot: RegisterSnapshot = {
    asOf: { seq: 10, time: '2026-07-14T00:00:00.000Z', hash: 'a'.repeat(64) },
    begins: new Date(START).toISOString(),
    state: { ...beginRegister(), ...state },
    controls: Object.fromEntries(CONTROLS.map(({ id }) => [id, of[id] ?? seenOn(...everyDay)])),
    actions: {},
    unreadable: 0,
  };
  return { snapshot, now: NOW, nameOf: (id) => `Name of ${id}`, standing: 'whole' };
}

const ids = (asked: ReportRequest, known: PreflightFacts = facts()) => {
  const found = preflight(asked, known);
  expect(PreflightFinding.array().safeParse(found).success).toBe(true);
  return found.map(({ id, level }) => `${level} ${id}`);
};

describe('before a report is made it is said', () => {
  test('that verification knows records that do not hold', () => {
    const { snapshot, ...rest } = facts();
    if (snapshot === null) throw new Error('no snapshot');
    const unsound = { problems: [{ seq: 1000, text: 'the hash does not match' }], count: 1 };
    const known = { ...rest, snapshot: { ...snapshot, unsound } };
    expect(ids(request)).not.toContain('sent-back unsound');
    expect(ids(request, known)).toEqual(expect.arrayContaining(['sent-back unsound', 'asked-about AU-01:open']));
    const [told] = preflight(request, known).filter(({ id }) => id === 'unsound');
    expect(told?.text).toBe('The history does not verify: 1 problem. The first: record 1000: the hash does not match');
  });

  test('that no report can be made of the request', () => {
    const window = { from: '2027-01-01T00:00:00.000Z', to: '2027-07-01T00:00:00.000Z' };
    expect(ids({ ...request, window })).toEqual(['sent-back request-window-in-future']);
  });

  test('what is wrong with the window, the filter and the sample', () => {
    const { sample: _, ...bare } = request;
    const asked = {
      ...bare,
      filter: { actors: ['u-1'] },
      window: { from: '2025-06-01T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z' },
    };
    expect(ids(asked)).toEqual(
      expect.arrayContaining([
        'sent-back filter',
        'sent-back future',
        'sent-back before-chain',
        'sent-back long',
        'asked-about no-sample',
      ]),
    );
    const short = { ...request, window: { from: '2026-05-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' } };
    expect(ids(short)).toContain('sent-back short');
    expect(ids(request).filter((id) => !/[A-Z]{2}-\d\d:/.test(id))).toEqual([]);
  });

  test('that the history is broken, or nothing was counted yet', () => {
    expect(ids(request, { ...facts(), standing: 'blocked' })[0]).toBe('sent-back broken');
    expect(ids(request, { ...facts(), standing: 'acknowledged' })).toContain('asked-about acknowledged');
    expect(ids(request, { ...facts(), snapshot: null })).toEqual(['asked-about not-counted']);
  });

  test('which controls were not seen, or lately only, or missed a period, or are nobody’s', () => {
    const found = ids(
      request,
      facts({ 'CP-01': seenOn(), 'AU-03': seenOn('2026-06-25', '2026-06-26'), 'IA-04': seenOn('2026-06-20') }),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'sent-back CP-01:unseen',
        'asked-about CP-01:missed',
        'sent-back AU-03:recent',
        'sent-back IA-04:recent',
        'sent-back RA-01:owner',
      ]),
    );
    expect(found).not.toContain('sent-back IR-01:recent');
    expect(found.findIndex((id) => id.startsWith('asked'))).toBeGreaterThan(
      found.findLastIndex((id) => id.startsWith('sent')),
    );
  });

  test('of a control that was said not to apply only that, and by whom', () => {
    const notApplicable = {
      justification: { sealed: 'A'.repeat(43), seq: 2, path: '/x' },
      by: 'u-1',
      time: '2026-01-01T00:00:00.000Z',
    };
    const entry = {
      owner: null,
      frequency: null,
      due: null,
      notApplicable,
      check: null,
      performed: [],
      status: null,
      history: [],
    };
    const found = ids(request, facts({}, { controls: { 'PE-01': entry } }));
    expect(found.filter((id) => id.includes('PE-01'))).toEqual(['asked-about PE-01:not-applicable']);
    expect(found.filter((id) => id.includes('PL-01'))).not.toEqual([]);
  });

  test('that a review is not done, or somebody decided on themselves', () => {
    const decision = {
      decision: 'keep' as const,
      by: 'u-1',
      time: '2026-07-01T00:00:00.000Z',
      seq: 3,
      note: { sealed: 'A'.repeat(43), seq: 3, path: '/x' },
    };
    const campaign: Campaign = {
      id: 'AR-01',
      openedBy: 'u-1',
      opened: '2026-06-01T00:00:00.000Z',
      seq: 2,
      due: '2026-07-01T00:00:00.000Z',
      root: 'a'.repeat(64),
      subjects: [
        { id: 'u-1', role: 'owner', decision },
        { id: 'u-2', role: 'viewer', decision: null },
      ],
      closed: null,
    };
    const { sample: _, ...asked } = { ...request, kind: 'access-review' as const, campaign: 'AR-01' };
    const found = preflight(asked, facts({}, { campaigns: [campaign] }));
    expect(found.find(({ id }) => id === 'undecided')?.text).toBe(
      'In AR-01 the access of 1 of 2 is not decided on. It was due.',
    );
    expect(found.find(({ id }) => id === 'own-u-1')?.text).toContain('Name of u-1 decided on their own access');
  });
});
