import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameworkHref, readFrameworkId } from '#renderer/features/compliance/compliance-links.ts';
import { layDays, levelOf } from '#renderer/features/compliance/control/calendar-grid.ts';
import { filterExceptions, openFirst } from '#renderer/features/compliance/exceptions/exception-order.ts';
import { countRecords, groupCriteria } from '#renderer/features/compliance/frameworks/criteria-groups.ts';
import { doneOn, endOfDay, judgeDone, judgeDue, judgeText } from '#renderer/features/compliance/parts/judge-entry.ts';
import { drawMarks, spellMarks } from '#renderer/features/compliance/parts/week-marks.ts';
import { lateFirst, placeBar, placeToday, weekOf } from '#renderer/features/compliance/readiness/timeline-layout.ts';
import { countStatuses, filterControls, worstFirst } from '#renderer/features/compliance/register/register-filter.ts';
import {
  findSubjects,
  type Subject,
  undecidedFirst,
  whatIsLeft,
} from '#renderer/features/compliance/reviews/review-progress.ts';
import { parseRoute } from '#renderer/navigation/route.ts';
import {
  ComplianceOverview,
  ControlDetail,
  FrameworkDetail,
  type PeriodCell,
  ReadinessPlan,
  ReviewView,
} from '#shared/ipc/compliance-views.ts';
import { FRAMEWORKS } from '#shared/model/control.ts';
import { ReportException } from '#shared/model/report.ts';
import {
  LITTLE,
  LONG,
  MUCH,
  NOTHING,
  sampleControls,
  sampleExceptions,
  sampleOverview,
} from './support/compliance-sample.ts';
import { sampleControl, sampleFramework, sampleReadiness, sampleReviews } from './support/control-sample.ts';

const DAY = 86_400_000;
const at = (time: number) => new Date(time).toISOString();

test('what the tests show is what the console may answer', () => {
  for (const size of [LITTLE, MUCH, LONG, NOTHING]) {
    ComplianceOverview.parse(sampleOverview(size));
    for (const { id } of sampleControls(size).slice(0, 4)) ControlDetail.parse(sampleControl(id, size));
    for (const framework of FRAMEWORKS) FrameworkDetail.parse(sampleFramework(framework, size));
    for (const review of sampleReviews(size)) ReviewView.parse(review);
    for (const exception of sampleExceptions(size)) ReportException.parse(exception);
    ReadinessPlan.parse(sampleReadiness(size));
  }
});

describe('a framework in the address', () => {
  test.each(FRAMEWORKS)('%s, and a criterion of it, are found again', (framework) => {
    for (const criterion of [undefined, 'CC6.1', 'A.8.15', '32', 'a:b/c d']) {
      const route = parseRoute(frameworkHref(framework, criterion));
      expect(route).toMatchObject({ screen: 'compliance', section: 'frameworks' });
      const id = 'id' in route ? route.id : undefined;
      expect(readFrameworkId(id ?? '')).toEqual({ framework, criterion: criterion ?? null });
    }
  });

  test('what no framework is called is none', () => {
    for (const id of ['', 'soc3', ':CC6.1', 'SOC2']) expect(readFrameworkId(id)).toBeNull();
  });
});

describe('the register', () => {
  const controls = sampleControls(LITTLE);

  test('is narrowed by everything that is asked for at once', () => {
    const found = filterControls(controls, {
      kind: 'technical',
      status: 'in-place',
      framework: 'iso27001',
      text: 'a.8',
    });
    expect(found.length).toBeGreaterThan(0);
    for (const control of found) {
      expect(control).toMatchObject({ kind: 'technical', status: 'in-place' });
      expect(control.criteria.some(({ framework }) => framework === 'iso27001')).toBe(true);
    }
    expect(filterControls(controls, {})).toEqual(controls);
    expect(filterControls(controls, { text: 'DEMO owner vendors' }).map(({ id }) => id)).toEqual(['OR-05']);
    expect(filterControls(controls, { text: '  TRAINED ' }).map(({ id }) => id)).toEqual(['OR-06']);
  });

  test('shows what asks for somebody first, and leaves nothing out', () => {
    const sorted = worstFirst(controls);
    expect(new Set(sorted)).toEqual(new Set(controls));
    const statuses = sorted.map(({ status }) => status);
    expect(statuses.slice(0, 2)).toEqual(['gap', 'gap']);
    expect(statuses.at(-1)).toBe('not-applicable');
    expect(statuses.lastIndexOf('partial')).toBeLessThan(statuses.indexOf('in-place'));
  });

  test('does not count what does not apply', () => {
    const row = { kind: 'technical' as const };
    const counted = countStatuses([
      { ...row, status: 'in-place' },
      { ...row, status: 'gap' },
      { kind: 'organizational', status: 'partial' },
      { ...row, status: 'not-applicable' },
    ]);
    expect(counted).toEqual({ applicable: 3, notInPlace: 2, organizational: 1 });
  });
});

describe('the calendar', () => {
  test('has each day of the window once, on its weekday', () => {
    const grid = layDays([{ day: '2026-02-28', count: 12 }], '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z');
    expect(grid.cells).toHaveLength(365);
    expect(new Set(grid.cells.map(({ column, row }) => column * 7 + row)).size).toBe(365);
    expect(grid.cells[0]).toMatchObject({ day: '2026-01-01', column: 0, row: 3 }); // a Thursday
    expect(grid.cells.find(({ day }) => day === '2026-02-28')).toMatchObject({ count: 12, level: 3, row: 5 });
    expect(grid.months.map(({ name }) => name)).toHaveLength(12);
    expect(grid.columns).toBe(53);
  });

  test('a window that ends at midnight does not have the day that begins then; one that is none has no days', () => {
    const days = (from: string, to: string) => layDays([], from, to).cells.map(({ day }) => day);
    expect(days('2028-02-28T12:00:00.000Z', '2028-03-01T00:00:00.000Z')).toEqual(['2028-02-28', '2028-02-29']);
    expect(days('2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z')).toEqual([]);
    expect(days('2026-03-02T00:00:00.000Z', '2026-03-01T00:00:00.000Z')).toEqual([]);
    expect(days('no', 'time')).toEqual([]);
  });

  test('more is never drawn smaller', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        expect(levelOf(Math.max(one, other))).toBeGreaterThanOrEqual(levelOf(Math.min(one, other)));
      }),
    );
  });
});

describe('marks of periods', () => {
  const cell = (state: PeriodCell['state']): PeriodCell => ({ from: at(0), to: at(DAY), count: 0, state });

  test('each period is drawn once and told once', () => {
    const periods = [cell('met'), cell('met'), cell('missed'), cell('late'), cell('not-due'), cell('no-data')];
    expect(spellMarks(periods, 'weeks')).toBe('6 weeks: 2 ran, 1 late, 1 missed, 1 to come, 1 nothing due');
    expect(spellMarks([], 'weeks')).toBe('no weeks');
    const drawn = drawMarks(periods);
    expect(drawn.map(({ mark }) => mark)).toEqual(['ran', 'late', 'missed', 'to-come', 'idle']);
    expect(drawn[0]?.path.match(/M/g)).toHaveLength(2);
    // no state has the outline of another
    const outlines = drawMarks([cell('met')]).concat(drawMarks([cell('late')]), drawMarks([cell('missed')]));
    expect(new Set(outlines.map(({ path }) => path)).size).toBe(3);
  });
});

describe('exceptions', () => {
  const exceptions = sampleExceptions(MUCH);

  test('open ones come first, the newest among them, and none is left out', () => {
    const sorted = openFirst(exceptions.toReversed());
    expect(sorted).toHaveLength(20_000);
    expect(sorted.findIndex(({ state }) => state === 'fixed')).toBe(3);
    const times = sorted.slice(3).map(({ time }) => time ?? '');
    expect(times).toEqual(times.toSorted().toReversed());
  });

  test('are found by words of control, kind and text', () => {
    const found = filterExceptions(exceptions, { state: 'open', text: 'ac-02 LATE revoked' });
    expect(found.map(({ control, state }) => [control, state])).toEqual([['AC-02', 'open']]);
    expect(filterExceptions(exceptions, {})).toBe(exceptions);
  });
});

test('criteria stay in their groups and their order, whatever is looked for', () => {
  const { criteria } = sampleFramework('soc2', LITTLE);
  const groups = groupCriteria(criteria, {});
  expect(groups.flatMap(({ rows }) => rows)).toEqual(criteria);
  const nothing = groupCriteria(criteria, { state: 'nothing' }).flatMap(({ rows }) => rows);
  expect(nothing).toHaveLength(7);
  for (const row of nothing) expect(countRecords(row)).toBe(0);
  expect(groupCriteria(criteria, { text: 'cc1.1' }).flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(['CC1.1']);
});

describe('an access review', () => {
  const base: Subject = { id: 'u-1', name: 'A', role: 'admin', roleNow: 'admin', own: false, decision: null };
  const decided = (decision: 'keep' | 'change' | 'revoke', roleNow: string | null): Subject => ({
    ...base,
    roleNow,
    decision: { decision, by: { id: 'u-2', name: 'B' }, time: at(0), seq: 1, note: null },
  });

  test('says what of a decision has not happened', () => {
    expect(whatIsLeft(base)).toBeNull();
    expect(whatIsLeft(decided('keep', 'admin'))).toBeNull();
    expect(whatIsLeft(decided('change', 'admin'))).not.toBeNull();
    expect(whatIsLeft(decided('change', 'viewer'))).toBeNull();
    expect(whatIsLeft(decided('revoke', 'viewer'))).not.toBeNull();
    expect(whatIsLeft(decided('revoke', null))).toBeNull();
  });

  test('undecided ones come first, then what is left to carry out', () => {
    const sorted = undecidedFirst([decided('keep', 'admin'), decided('revoke', 'admin'), base]);
    expect(sorted.map(({ decision }) => decision?.decision ?? null)).toEqual([null, 'revoke', 'keep']);
    expect(findSubjects(sorted, 'ADMIN u-1')).toHaveLength(3);
    expect(findSubjects(sorted, 'owner')).toEqual([]);
  });
});

describe('the plan', () => {
  const start = '2026-11-02T00:00:00.000Z';

  test('bars stay within it, whatever weeks they name', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 30 }), fc.integer({ min: -5, max: 30 }), (fromWeek, toWeek) => {
        const { from, to } = placeBar({ fromWeek, toWeek }, 10);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(100);
      }),
    );
    expect(placeBar({ fromWeek: 3, toWeek: 4 }, 8)).toEqual({ from: 25, to: 50 });
  });

  test('today is where it is, and nowhere outside', () => {
    expect(placeToday(start, '2026-11-16T00:00:00.000Z', 8)).toBe(25);
    expect(placeToday(start, '2026-11-01T00:00:00.000Z', 8)).toBeNull();
    expect(placeToday(start, '2027-02-01T00:00:00.000Z', 8)).toBeNull();
    expect(weekOf(start, start, 8)).toBe(1);
    expect(weekOf(start, '2026-11-01T00:00:00.000Z', 8)).toBe(0);
    expect(weekOf(start, '2028-11-01T00:00:00.000Z', 8)).toBe(9);
  });

  test('late items come first, and none is left out', () => {
    const items = sampleReadiness(MUCH).tracks.flatMap((track) => track.items);
    const sorted = lateFirst(items);
    expect(new Set(sorted)).toEqual(new Set(items));
    expect(sorted[0]?.state).toBe('late');
    expect(sorted.at(-1)?.state).toBe('done');
  });
});

describe('what is typed in', () => {
  const now = new Date(2026, 10, 20, 9, 0).getTime();

  test('a due date is the end of a day that is not over', () => {
    expect(judgeDue('2026-11-20', now)).toBeNull();
    expect(judgeDue('2026-11-19', now)).toBe('It has to be today or later.');
    expect(judgeDue('', now)).toBe('Choose a day.');
    expect(Date.parse(endOfDay('2026-11-20') ?? '')).toBe(new Date(2026, 10, 20, 23, 59, 59, 999).getTime());
    expect(endOfDay('2026-13-45')).toBeNull();
  });

  test('what was done was done on its day, and not after now', () => {
    expect(judgeDone('2026-11-20', now)).toBeNull();
    expect(judgeDone('2026-11-21', now)).toBe('What is still to come was not done yet.');
    expect(Date.parse(doneOn('2026-11-20', now) ?? '')).toBe(now);
    expect(Date.parse(doneOn('2026-11-18', now) ?? '')).toBe(new Date(2026, 10, 18, 12).getTime());
    expect(doneOn('yesterday', now)).toBeNull();
  });

  test('a text says what is missing of it', () => {
    expect(judgeText('  ', 'Say what was done')).toBe('Say what was done, in at least 10 characters.');
    expect(judgeText('123456789', 'Say why')).toBe('1 more character needed.');
    expect(judgeText('1234567890', 'Say why')).toBeNull();
  });
});
