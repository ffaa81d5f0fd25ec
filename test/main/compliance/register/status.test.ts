import { describe, expect, it } from 'vitest';
import type { StatusFacts } from '#main/compliance/evaluation/rules.ts';
import { EMPTY_ENTRY } from '#main/compliance/register/fold-control.ts';
import type { RegisterEntry } from '#main/compliance/register/register-state.ts';
import { judgeStatus } from '#main/compliance/register/status.ts';
import type { CheckResult, ControlStatus } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';

const DAY = 86_400_000;
const AT = Date.parse('2026-06-30T12:00:00.000Z');
const ago = (days: number) => new Date(AT - days * DAY).toISOString();
const place = { sealed: 's', seq: 3, path: '/data/change/note' };

const entry = (more: Partial<RegisterEntry>): RegisterEntry => ({ ...EMPTY_ENTRY, ...more });
const check = (result: CheckResult, days = 1): Partial<RegisterEntry> => ({
  check: { result, detail: 'what was seen', seq: 7, time: ago(days), digest: 'a'.repeat(64) },
});
const exception = (kind: string): ReportException => ({
  id: `X:${kind}:1`,
  control: 'X',
  kind,
  text: 'wrong',
  seq: 1,
  time: ago(9),
  state: 'open',
  fixedBy: null,
});
const seen = { seq: 5, time: ago(10) };

type Row = readonly [what: string, facts: Partial<StatusFacts>, status: ControlStatus, reason: RegExp];

const judge = (control: string, facts: Partial<StatusFacts>) =>
  judgeStatus({ control, entry: null, frequency: 'annual', last: null, open: [], at: AT, ...facts });

describe('a technical control', () => {
  const rows: readonly Row[] = [
    ['nothing on record', {}, 'gap', /No self-check/],
    ['an occurrence without a check', { last: seen }, 'gap', /No self-check/],
    ['absent', { entry: entry(check('absent')), last: seen }, 'gap', /not there: what was seen/],
    ['a check that fails', { entry: entry(check('fails')), last: seen }, 'gap', /fails: what was seen/],
    ['a check that holds in part', { entry: entry(check('partial')), last: seen }, 'partial', /holds in part/],
    ['a check of eight days ago', { entry: entry(check('holds', 8)), last: seen }, 'in-place', /holds/],
    ['a check of nine days ago', { entry: entry(check('holds', 9)), last: seen }, 'partial', /older than 8 days/],
    ['never seen operating', { entry: entry(check('holds')) }, 'partial', /No record shows it operating/],
    [
      'an open exception',
      { entry: entry(check('holds')), last: seen, open: [exception('too-long')] },
      'partial',
      /One exception is open/,
    ],
    [
      'two of them',
      { entry: entry(check('holds')), last: seen, open: [exception('y'), exception('x')] },
      'partial',
      /2 exceptions are open/,
    ],
    [
      'seen operating longer ago than its cadence',
      { entry: entry(check('holds')), last: { seq: 1, time: ago(32) }, frequency: 'monthly' },
      'partial',
      /last seen operating on 2026-05-29, longer ago than its cadence \(monthly\)/,
    ],
    [
      'seen operating within it',
      { entry: entry(check('holds')), last: { seq: 1, time: ago(30) }, frequency: 'monthly' },
      'in-place',
      /last seen/,
    ],
    [
      'a cadence made longer after the next was due',
      { entry: entry(check('holds')), last: { seq: 1, time: ago(100) }, due: AT - 70 * DAY },
      'partial',
      /longer ago/,
    ],
    ['all of it', { entry: entry(check('holds')), last: seen }, 'in-place', /last seen operating on 2026-06-20/],
    [
      'said not to apply, and not there',
      { entry: entry({ ...check('absent'), notApplicable: { justification: place, by: 'u-1', time: ago(3) } }) },
      'not-applicable',
      /on record since 2026-06-27/,
    ],
    [
      'said not to apply, over a check that fails',
      { entry: entry({ ...check('fails'), notApplicable: { justification: place, by: 'u-1', time: ago(3) } }) },
      'gap',
      /fails: what was seen/,
    ],
  ];

  it.each(rows)('%s', (_, facts, status, reason) => {
    const judged = judge('IA-04', facts);
    expect(judged.status).toBe(status);
    expect(judged.reasons.join(' ')).toMatch(reason);
  });

  it('whose occurrences are rare may be in place without one', () => {
    const facts = { entry: entry(check('holds')), frequency: 'event' as const };
    expect(judge('CM-02', facts).status).toBe('in-place');
    expect(judge('CM-02', { ...facts, frequency: 'weekly' }).status).toBe('partial');
  });
});

describe('an organizational control', () => {
  const owned = { owner: 'u-1' };
  const rows: readonly Row[] = [
    ['nobody, never', {}, 'gap', /Nobody owns it, and it was never done/],
    [
      'its owner was removed',
      { entry: entry({ ownerLeft: 'u-1' }), last: seen },
      'partial',
      /its owner was removed from the workspace/,
    ],
    ['owned, never done', { entry: entry(owned) }, 'partial', /never done/],
    ['done, nobody owns it', { last: seen }, 'partial', /Nobody owns it/],
    ['done within its cadence', { entry: entry(owned), last: seen }, 'in-place', /within its cadence \(annual\)/],
    [
      'done longer ago',
      { entry: entry(owned), last: { seq: 1, time: ago(366) } },
      'partial',
      /longer ago than its cadence/,
    ],
    [
      'done a quarter ago, of a monthly one',
      { entry: entry(owned), last: { seq: 1, time: ago(90) }, frequency: 'monthly' },
      'partial',
      /cadence \(monthly\)/,
    ],
    [
      'done long ago, of one without a cadence',
      { entry: entry(owned), last: { seq: 1, time: ago(900) }, frequency: 'event' },
      'in-place',
      /owned/,
    ],
    ['overdue', { entry: entry({ ...owned, due: ago(1) }), last: seen }, 'partial', /due on 2026-06-29/],
    ['due tomorrow', { entry: entry({ ...owned, due: ago(-1) }), last: seen }, 'in-place', /owned/],
    [
      'an open exception',
      { entry: entry(owned), last: seen, open: [exception('undecided')] },
      'partial',
      /One exception/,
    ],
    [
      'a missed period, and done since',
      { entry: entry(owned), last: seen, open: [exception('missed-period')] },
      'in-place',
      /owned/,
    ],
    [
      'said not to apply',
      { entry: entry({ notApplicable: { justification: place, by: 'u-1', time: ago(3) } }) },
      'not-applicable',
      /not applicable/,
    ],
  ];

  it.each(rows)('%s', (_, facts, status, reason) => {
    const judged = judge('RA-01', facts);
    expect(judged.status).toBe(status);
    expect(judged.reasons.join(' ')).toMatch(reason);
  });

  it('a self-check says nothing about it', () => {
    expect(judge('RA-01', { entry: entry(check('holds')) }).status).toBe('gap');
  });
});

describe('the reasons', () => {
  it('fit what a record and a screen hold', () => {
    const long = {
      ...check('fails'),
      check: { result: 'fails', detail: `${'x'.repeat(999)}😀`, seq: 1, time: ago(1), digest: '' },
    };
    const { reasons } = judge('IA-04', { entry: entry(long as Partial<RegisterEntry>) });
    expect(reasons.every((reason) => reason.length <= 1000 && reason.isWellFormed())).toBe(true);
  });

  it('of a control this version does not know are none of a status', () => {
    expect(judge('ZZ-99', {}).status).toBe('gap');
  });
});
