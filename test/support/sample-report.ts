import { createHash } from 'node:crypto';
import { canonicalText } from '#main/audit/canonical.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { Block, ReportDocument, ReportException, ReportRequest, SignedReport } from '#shared/model/report.ts';
import { ReportDocument as Schema } from '#shared/model/report.ts';
import { accessControls, calendarOf, controlRows, coverageBars } from './sample-report-blocks.ts';

/** Made-up evidence reports for tests and for looking at: the figures are plainly synthetic and no chain is behind them. */
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
export const commitment = (text: string): string => createHash('sha256').update(text).digest('base64url');

const WINDOW = { from: '2026-03-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const REQUEST: ReportRequest = {
  kind: 'soc2-type2',
  window: WINDOW,
  zone: 'Europe/Istanbul',
  sample: { number: '4711', profile: HOUSE_PROFILE },
  disclose: false,
};
const HEAD = sha('head');

export function signed(document: ReportDocument): SignedReport {
  const valid = Schema.parse(document);
  const digest = createHash('sha256').update(canonicalText(valid)).digest('hex');
  const value = createHash('sha512').update(`sample ${digest}`).digest('base64');
  return { document: valid, digest, signature: { key: '00c0ffee00c0ffee', alg: 'Ed25519', value } };
}

const EXCEPTIONS: readonly ReportException[] = [
  exception(
    'AC-03',
    'late-revocation',
    812,
    'Access ended 4 days and 2 hours after the person left; the limit is 1 day.',
    'fixed',
    861,
  ),
  exception(
    'AR-01',
    'missed-period',
    null,
    'No access review was completed from 1 Jun 2026 to 31 Aug 2026.',
    'open',
    null,
    '2026-09-01T00:00:00.000Z',
  ),
  exception(
    'CM-01',
    'executed-without-approval',
    20_431,
    'A remediation was executed, and no approval of it is on record.',
    'open',
    null,
  ),
  exception(
    'IN-02',
    'late-acknowledgement',
    31_007,
    'A critical incident was assigned after 52 minutes; the limit is 15.',
    'fixed',
    31_019,
  ),
  exception(
    'BK-01',
    'missed-period',
    null,
    'No backup was restored for proof from 7 Sep 2026 to 13 Sep 2026.',
    'fixed',
    38_802,
    '2026-09-14T00:00:00.000Z',
  ),
  exception(
    'CR-01',
    'lease-outlived',
    40_250,
    'Temporary credentials were valid for 61 minutes; the policy allows 60.',
    'fixed',
    40_251,
  ),
  exception('AU-04', 'failed-verification', 44_100, 'A verification of the chain did not finish.', 'open', null),
];

function exception(
  control: string,
  kind: string,
  seq: number | null,
  text: string,
  state: 'open' | 'fixed',
  fixedBy: number | null,
  time = '2026-07-04T09:31:22.118Z',
): ReportException {
  return { id: `${control}:${kind}:${seq ?? time}`, control, kind, text, seq, time, state, fixedBy };
}

/** A Type II report with 30 controls. */
export function sampleTypeTwo(changes: Partial<ReportDocument> = {}): ReportDocument {
  return {
    causeway: 'report/1',
    kind: 'soc2-type2',
    title: 'Operating evidence, March to November 2026',
    frameworks: [{ id: 'soc2', name: 'SOC 2 Trust Services Criteria', criteria: 61 }],
    criteria: [
      'CC6.1',
      'CC6.2',
      'CC6.3',
      'CC6.6',
      'CC7.2',
      'CC7.3',
      'CC7.4',
      'CC8.1',
      'A1.2',
      'A1.3',
      'C1.1',
      'P4.3',
    ].map((id) => ({
      framework: 'soc2' as const,
      id,
      name: `Short name of ${id} in the product’s own words`,
    })),
    system: { product: 'Causeway', tenant: 'example-tenant', chain: '7b0f6a4e-21d5-4b0e-9a6e-3f1d8c52aa10' },
    window: WINDOW,
    zone: 'Europe/Istanbul',
    asOf: { seq: 48_211, time: '2026-12-02T08:14:09.412Z' },
    query: { request: REQUEST, digest: sha(canonicalText(REQUEST)) },
    rules: { version: '2026-11', digest: sha('rules') },
    inclusion: [
      'Records whose time lies in the window, its beginning included and its end not.',
      'Records of the 41 actions that the criteria of this report rest on.',
      'All tenants’ users, service accounts and agents: the population is not narrowed.',
    ],
    exclusion: ['Records before or after the window.', 'Records of actions that no criterion of this report rests on.'],
    population: {
      range: { first: 1, last: 48_211 },
      head: HEAD,
      checkpoint: {
        size: 48_200,
        root: createHash('sha256').update('root').digest('base64'),
        at: '2026-12-02T08:00:00.000Z',
      },
      records: 48_211,
      inScope: 41_906,
      excluded: [
        { reason: 'before the window', count: 3_119 },
        { reason: 'after the window', count: 288 },
        { reason: 'of no action these criteria rest on', count: 2_898 },
        { reason: 'left out by the filter', count: 0 },
      ],
      root: sha('in scope'),
      seqs: Array.from({ length: 900 }, (_, index) => `${3120 + index * 50}-${3166 + index * 50}`).join(','),
      actions: [
        'auth.user_signed_in',
        'auth.sign_in_failed',
        'credential.issued',
        'credential.revoked',
        'remediation.proposed',
        'remediation.approved',
        'remediation.executed',
        'tenant.user_added',
        'tenant.user_removed',
        'tenant.backup_verified',
      ],
    },
    integrity: { state: 'holds', checked: 48_211, problems: [], problemCount: 0, acknowledged: [] },
    warnings: [],
    sample: {
      seed: sha('seed'),
      number: '4711',
      profile: HOUSE_PROFILE,
      drawn: accessControls(30).map(({ id }, index) => {
        const population = index % 7 === 6 ? 0 : 40 + index * 31;
        const asked = Math.min(index % 3 === 0 ? 25 : 5, population);
        return {
          control: id,
          population,
          root: population === 0 ? null : sha(`root ${id}`),
          asked,
          seqs: Array.from({ length: asked }, (_, at) => 3120 + ((at * 7919 + index * 104_729) % 44_000)),
        };
      }),
    },
    exceptions: [...EXCEPTIONS],
    hiddenByFilter: 0,
    blocks: typeTwoBlocks(),
    limits: LIMITS,
    made: {
      at: '2026-12-02T08:15:02.004Z',
      by: 'u-7f31c09a52d84e6b',
      device: 'd-1c5e7a90',
      build: { name: 'causeway', version: '0.1.0' },
    },
    ...changes,
  };
}

const LIMITS = [
  'That every event was recorded: it speaks of what is in the chain.',
  'That the signatures of the records hold: they were not checked in this pass; re-performing and the stand-alone verifier check them.',
  'That clocks were right: times are those of the computer that recorded.',
  'That a control is designed well enough for a criterion: that is the auditor’s judgement.',
  'Anything about systems that do not report to this console.',
];

function typeTwoBlocks(): Block[] {
  return [
    {
      block: 'figures',
      id: 'glance',
      title: 'At a glance',
      items: [
        { id: 'criteria', label: 'Criteria with evidence', value: 52, of: 61, kind: 'number' },
        { id: 'occurrences', label: 'Occurrences', value: 3806, of: 3871, kind: 'number', note: 'actual of expected' },
        { id: 'controls', label: 'Controls in place', value: 24, of: 30, kind: 'number' },
        { id: 'verdict', label: 'Chain', value: { state: 'holds', word: 'Holds' }, kind: 'state' },
        { id: 'first', label: 'First record in the window', value: '2026-03-01T00:04:11.020Z', kind: 'time' },
        { id: 'root', label: 'Root of the population', value: sha('in scope'), kind: 'hash' },
        {
          id: 'none',
          label: 'Newest access review',
          value: null,
          kind: 'time',
          note: 'none was completed in the window',
        },
      ],
    },
    { block: 'bars', id: 'coverage', title: 'Coverage of the criteria', bars: coverageBars() },
    {
      block: 'calendar',
      id: 'calendar',
      title: 'Occurrences over the window',
      rows: calendarOf(accessControls(30), WINDOW),
    },
    controlRows(accessControls(30)),
  ];
}

/** A report over a chain with nothing in the window. */
export function sampleEmpty(): ReportDocument {
  const { population } = sampleTypeTwo();
  return sampleTypeTwo({
    title: 'Operating evidence of a workspace made yesterday',
    criteria: [],
    frameworks: [],
    inclusion: [],
    exclusion: [],
    zone: 'UTC',
    warnings: ['The population is empty: an auditor would ask for another window.'],
    population: {
      ...population,
      range: { first: 1, last: 3 },
      checkpoint: null,
      records: 3,
      inScope: 0,
      excluded: [{ reason: 'before the window', count: 3 }],
      root: null,
      seqs: '',
      actions: [],
    },
    integrity: { state: 'holds', checked: 3, problems: [], problemCount: 0, acknowledged: [] },
    asOf: { seq: 3, time: '2026-12-02T08:14:09.412Z' },
    sample: null,
    exceptions: [],
    blocks: [
      { block: 'text', id: 't', title: 'Summary', paragraphs: [] },
      {
        block: 'table',
        id: 'tb',
        title: 'Controls',
        columns: [{ id: 'a', label: 'Control', kind: 'text' }],
        rows: [],
        empty: 'No control has a record in this window.',
      },
      { block: 'calendar', id: 'c', title: 'Occurrences', rows: [] },
      { block: 'bars', id: 'b', title: 'Coverage', bars: [] },
      { block: 'timeline', id: 'tl', title: 'What happened', entries: [] },
    ],
  });
}

/** A report over a chain with a break. */
export function sampleBroken(): ReportDocument {
  const problems = Array.from({ length: 40 }, (_, index) => ({
    seq: 20_431 + index,
    text:
      index === 0
        ? 'The hash of the bytes is not the one the next record links to.'
        : 'The record does not link to the one before it.',
  }));
  return sampleTypeTwo({
    title: 'Operating evidence over a chain with a break',
    warnings: [
      'The chain is broken at record 20431: no figure of this report may be relied on.',
      'The sample for BK-01 is smaller than the profile asks for.',
    ],
    integrity: {
      state: 'broken',
      checked: 48_211,
      problems,
      problemCount: 112,
      acknowledged: [{ seq: 30_112, time: '2026-08-02T10:00:00.000Z' }],
    },
    population: { ...sampleTypeTwo().population, records: 48_212 },
    hiddenByFilter: 2,
  });
}
