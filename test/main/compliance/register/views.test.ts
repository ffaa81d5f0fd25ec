import { describe, expect, it } from 'vitest';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { windowAt } from '#main/compliance/register/control-facts.ts';
import { frameworkDetailOf } from '#main/compliance/register/framework-view.ts';
import type { Campaign, RegisterEntry } from '#main/compliance/register/register-state.ts';
import {
  controlDetailOf,
  exceptionsOf,
  madeReportsOf,
  overviewOf,
  profileOf,
  reviewsOf,
} from '#main/compliance/register/views.ts';
import {
  ComplianceOverview,
  ControlDetail,
  FrameworkDetail,
  MadeReport,
  ReviewView,
} from '#shared/ipc/compliance-views.ts';
import { FRAMEWORKS, HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import { ago, CONTEXT, DAY, dayAgo, NOW, occurred, snapshotOf } from '../../../support/register-snapshot.ts';

const { counting, nameOf } = CONTEXT;
const place = { sealed: 's', seq: 3, path: '/data/change/note' };
const holds: Partial<RegisterEntry> = {
  check: { result: 'holds', detail: 'refused', seq: 800, time: ago(1), digest: 'b'.repeat(64) },
};
const exception = (control: string, kind: string, days: number, state: 'open' | 'fixed' = 'open'): ReportException => ({
  id: `${control}:${kind}:${Math.round(days)}`,
  control,
  kind,
  text: 'wrong',
  seq: Math.round(days),
  time: ago(days),
  state,
  fixedBy: state === 'fixed' ? 850 : null,
});
const overview = (snapshot: Parameters<typeof overviewOf>[0]) =>
  ComplianceOverview.parse(overviewOf(snapshot, counting, NOW, nameOf));
const rowOf = (snapshot: Parameters<typeof overviewOf>[0], id: string) => {
  const found = overview(snapshot).controls.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
};

describe('the overview', () => {
  it('shows every control as a gap before anything was counted', () => {
    const { controls, exceptions, occurrences, frameworks } = overview(null);
    expect(controls).toHaveLength(CONTROLS.length);
    expect(controls.every(({ status, reasons }) => status === 'gap' && reasons.length === 1)).toBe(true);
    expect(exceptions).toEqual({ open: 0, fixed: 0 });
    expect(occurrences).toEqual({ expected: 0, actual: 0 });
    expect(frameworks.map(({ id }) => id)).toEqual([...FRAMEWORKS]);
    expect(frameworks.every((one) => one.evidenced + one.designed + one.nothing === one.criteria)).toBe(true);
    expect(frameworks[0]).toMatchObject({ criteria: 61, evidenced: 0, designed: 61 });
  });

  it('shows nothing better than partial, and the problems as exceptions of AU-01, where records do not hold', () => {
    const whole = snapshotOf({ 'AU-01': occurred([1]), 'AC-01': occurred([1]) }, { 'AU-01': holds, 'AC-01': holds });
    expect([rowOf(whole, 'AU-01').status, rowOf(whole, 'AC-01').status]).toEqual(['in-place', 'in-place']);
    const unsound = { problems: [{ seq: 700, text: 'the hash does not match' }], count: 2 };
    const spoiled = { ...whole, unsound };
    expect(overview(spoiled).controls.filter(({ status }) => status === 'in-place')).toEqual([]);
    expect(rowOf(spoiled, 'AU-01')).toMatchObject({
      status: 'partial',
      reasons: ['The history it is counted from does not verify.', '2 problems with its records are open.'],
      exceptions: { open: 2, fixed: 0 },
    });
    expect(rowOf(spoiled, 'AC-01').reasons[0]).toBe('The history it is counted from does not verify.');
    expect(exceptionsOf(spoiled, { now: NOW }).filter(({ kind }) => kind === 'integrity')).toMatchObject([
      { id: 'AU-01:integrity:700', seq: 700, state: 'open' },
      { id: 'AU-01:integrity:further', seq: null, state: 'open' },
    ]);
  });

  it('looks at twelve months of whole days', () => {
    expect(windowAt(NOW)).toEqual({ from: '2025-07-02T00:00:00.000Z', to: '2026-07-02T00:00:00.000Z' });
    expect(windowAt(Date.parse('2028-02-28T23:59:59.999Z')).from).toBe('2027-03-01T00:00:00.000Z');
  });

  it('counts occurrences and exceptions of the window, and what is open whatever the window', () => {
    const counts = occurred([1, 1, 30, 399], {
      inForceSince: NOW - 500 * DAY,
      exceptions: [
        exception('IA-04', 'too-long', 5),
        exception('IA-04', 'too-long', 398),
        exception('IA-04', 'not-ended', 397, 'fixed'),
        exception('IA-04', 'not-ended', 9, 'fixed'),
      ],
    });
    const row = rowOf(snapshotOf({ 'IA-04': counts }, { 'IA-04': holds }), 'IA-04');
    expect(row).toMatchObject({
      status: 'partial',
      occurrences: { expected: 5, actual: 3 },
      exceptions: { open: 2, fixed: 1 },
      overdue: false,
      owner: null,
    });
    expect(row.weeks.length).toBeGreaterThan(51);
    expect(row.weeks.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it('holds occurrences against the cadence, and tells what was missed', () => {
    const quarterly = occurred([300, 100], { inForceSince: NOW - 340 * DAY });
    const owned: Partial<RegisterEntry> = { owner: 'u-1', due: ago(2) };
    const row = rowOf(snapshotOf({ 'PM-02': quarterly }, { 'PM-02': owned }), 'PM-02');
    // by quarter from 2 July: one, none, one, not due
    expect(row.occurrences).toEqual({ expected: 3, actual: 2 });
    expect(row).toMatchObject({ owner: { id: 'u-1', name: 'Name of u-1' }, overdue: true, status: 'partial' });
    const { periods, exceptions } = ControlDetail.parse(
      controlDetailOf(snapshotOf({ 'PM-02': quarterly }, { 'PM-02': owned }), 'PM-02', CONTEXT),
    );
    expect(periods.map(({ from, state }) => `${from.slice(0, 10)} ${state}`)).toEqual([
      '2025-07-02 met',
      '2025-10-02 missed',
      '2026-01-02 met',
      '2026-04-02 not-due',
    ]);
    expect(exceptions.map(({ id, state, fixedBy }) => [id, state, fixedBy])).toEqual([
      ['PM-02:missed-period:2025-10-02', 'fixed', 2],
    ]);
  });

  it('marks the weeks of a missed period', () => {
    const weekly = occurred([1], { inForceSince: NOW - 40 * DAY });
    const row = rowOf(snapshotOf({ 'AU-03': weekly }, { 'AU-03': holds }), 'AU-03');
    const states = row.weeks.map(({ state }) => state);
    expect(states.slice(0, 40).every((state) => state === 'no-data')).toBe(true);
    expect(states.filter((state) => state === 'missed').length).toBeGreaterThanOrEqual(4);
    expect(states.filter((state) => state === 'met')).toHaveLength(1);
  });

  it('counts a criterion as evidenced by records of an action, or by a control that was seen operating', () => {
    const byAction = overview(snapshotOf({}, {}, {}, { 'auth.access_denied': { year: 3, all: 9, lastSeq: 7 } }));
    const byControl = overview(snapshotOf({ 'PE-01': occurred([3]) }));
    const old = overview(
      snapshotOf({ 'PE-01': occurred([399]) }, {}, {}, { 'auth.access_denied': { year: 0, all: 9, lastSeq: 7 } }),
    );
    const evidenced = (one: typeof old) => one.frameworks[0]?.evidenced ?? 0;
    expect(evidenced(byAction)).toBeGreaterThan(0);
    expect(evidenced(byControl)).toBe(3); // CC6.4, CC6.5, A1.2
    expect(evidenced(old)).toBe(0);
  });
});

describe('the detail of a control', () => {
  const entry: Partial<RegisterEntry> = {
    owner: 'u-1',
    performed: [
      {
        seq: 3,
        time: ago(2),
        on: ago(3),
        by: 'u-1',
        note: place,
        attachments: [
          {
            digest: 'c'.repeat(64),
            mediaType: 'text/plain',
            bytes: 4,
            name: { ...place, path: '/data/change/attachments/0/name' },
          },
        ],
      },
    ],
    history: [
      { seq: 2, time: ago(4), by: 'u-2', kind: 'owner', detail: 'nobody to u-1' },
      { seq: 1, time: ago(5), by: 'u-2', kind: 'status', detail: 'none to gap' },
    ],
  };

  it('says who did what, with sealed values in clear as far as they are known', () => {
    const snapshot = snapshotOf({ 'RA-01': occurred([2]) }, { 'RA-01': entry });
    const detail = ControlDetail.parse(controlDetailOf(snapshot, 'RA-01', CONTEXT));
    expect(detail.performed[0]).toMatchObject({
      note: 'value of 3 /data/change/note',
      by: { name: 'Name of u-1' },
      attachments: [{ name: 'value of 3 /data/change/attachments/0/name', kept: true }],
    });
    expect(detail.history.map(({ text }) => text)).toEqual(['Owner: nobody to Name of u-1', 'Status: none to gap']);
    expect(detail.days).toEqual([{ day: dayAgo(2), count: 1 }]);
    expect(detail.criteria.every(({ name, why }) => name !== '' && why !== '')).toBe(true);
    const erased = controlDetailOf(snapshot, 'RA-01', { ...CONTEXT, disclosed: () => null, kept: () => false });
    expect(erased.performed[0]).toMatchObject({ note: null, attachments: [{ name: null, kept: false }] });
  });

  it('is one a screen can show for every control there is', () => {
    const said = { notApplicable: { justification: place, by: 'u-2', time: ago(9) }, ...holds };
    for (const { id, kind } of CONTROLS) {
      const many = Array.from({ length: 900 }, (_, index) => exception(id, `kind-${index}`, 1 + (index % 300)));
      const snapshot = snapshotOf(
        {
          [id]: occurred([1, 2, 3], { exceptions: many, cadence: [{ time: 0, frequency: 'daily' }], inForceSince: 0 }),
        },
        { [id]: said },
      );
      const detail = ControlDetail.parse(controlDetailOf(snapshot, id, CONTEXT));
      expect(detail.exceptions).toHaveLength(500);
      expect(detail.periods.length).toBeGreaterThan(360);
      expect(detail.control.status).toBe(kind === 'organizational' ? 'not-applicable' : 'partial');
    }
  });

  it('is refused for a control there is not', () => {
    expect(() => controlDetailOf(null, 'ZZ-99', CONTEXT)).toThrow(/no control ZZ-99/);
    expect(() => controlDetailOf(snapshotOf({}), 'constructor', CONTEXT)).toThrow(/no control/);
  });
});

describe('exceptions', () => {
  it('are listed open ones first, then the newest, whatever control they are of', () => {
    const snapshot = snapshotOf({
      'IA-04': occurred([1], { exceptions: [exception('IA-04', 'a', 5, 'fixed'), exception('IA-04', 'b', 90)] }),
      'CM-01': occurred([1], { exceptions: [exception('CM-01', 'c', 3), exception('CM-01', 'd', 399)] }),
    });
    expect(exceptionsOf(snapshot, CONTEXT).map(({ kind }) => kind)).toEqual(['c', 'b', 'd', 'a']);
    expect(exceptionsOf(null, CONTEXT)).toEqual([]);
  });
});

describe('a framework', () => {
  it.each(FRAMEWORKS)('%s is shown criterion by criterion', (framework) => {
    const snapshot = snapshotOf(
      { 'AC-01': occurred([1]) },
      { 'AC-01': holds },
      {},
      {
        'auth.access_denied': { year: 4, all: 9, lastSeq: 77 },
      },
    );
    const detail = FrameworkDetail.parse(frameworkDetailOf(snapshot, framework, CONTEXT));
    expect(detail.criteria).toHaveLength(detail.framework.criteria);
    const states = detail.criteria.map(({ state }) => state);
    expect(states.filter((state) => state === 'evidenced')).toHaveLength(detail.framework.evidenced);
    expect(overview(snapshot).frameworks.find(({ id }) => id === framework)).toEqual(detail.framework);
    for (const { actions } of detail.criteria) {
      const found = actions.find(({ action }) => action === 'auth.access_denied');
      if (found !== undefined) expect(found).toMatchObject({ count: 4, lastSeq: 77 });
    }
  });

  it('names what of other frameworks asks for the same', () => {
    const detail = frameworkDetailOf(null, 'soc2', CONTEXT);
    expect(detail.criteria.find(({ id }) => id === 'CC6.1')?.crosswalk.length).toBeGreaterThan(0);
  });
});

describe('access reviews', () => {
  const campaign: Campaign = {
    id: 'review-1',
    openedBy: 'u-1',
    opened: ago(20),
    seq: 4,
    due: ago(2),
    root: 'd'.repeat(64),
    subjects: [
      { id: 'u-1', role: 'owner', decision: null },
      { id: 'u-2', role: 'viewer', decision: { decision: 'revoke', by: 'u-1', time: ago(10), seq: 5, note: place } },
    ],
    closed: null,
  };
  const context = {
    ...CONTEXT,
    roleOf: (id: string) => (id === 'u-1' ? 'owner' : null),
    isOwn: (id: string) => id === 'u-1',
  };

  it('show who is decided on, by whom, and whose own it is', () => {
    const { state } = snapshotOf({}, {}, { campaigns: [campaign] });
    const [view] = reviewsOf(state, context).map((one) => ReviewView.parse(one));
    expect(view).toMatchObject({ state: 'overdue', openedBy: { name: 'Name of u-1' } });
    expect(view?.subjects).toMatchObject([
      { id: 'u-1', own: true, roleNow: 'owner', decision: null },
      { id: 'u-2', own: false, roleNow: null, decision: { decision: 'revoke', note: 'value of 3 /data/change/note' } },
    ]);
    const states = [
      campaign,
      { ...campaign, due: ago(-1) },
      { ...campaign, closed: { time: ago(1), by: 'u-1', seq: 6 } },
    ];
    expect(reviewsOf({ ...state, campaigns: states }, context).map((one) => one.state)).toEqual([
      'overdue',
      'open',
      'closed',
    ]);
  });
});

describe('reports and the sample profile', () => {
  it('are shown as their records say', () => {
    const { state } = snapshotOf({});
    const report = {
      seq: 7,
      time: ago(1),
      by: 'u-1',
      kind: 'soc2-type2',
      framework: 'soc2',
      from: ago(90),
      to: ago(1),
      format: 'html',
      digest: 'e'.repeat(64),
      document: null,
      exceptions: null,
      inScope: 4,
    };
    const reports = [report, { ...report, kind: 'oscal' }];
    const made = madeReportsOf({ ...state, reports }, nameOf).map((one) => MadeReport.parse(one));
    expect(made.map(({ kind }) => kind)).toEqual(['soc2-type2', null]);
    expect(profileOf(state)).toEqual({ profile: HOUSE_PROFILE, own: false });
    expect(profileOf({ ...state, sampleProfile: { ...HOUSE_PROFILE, name: 'Firm' } })).toMatchObject({ own: true });
  });
});
