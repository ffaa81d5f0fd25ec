import type { Block, ReportState } from '#shared/model/report.ts';
import { commitment, sha } from './sample-report.ts';

export interface SampleControl {
  readonly id: string;
  readonly name: string;
  readonly days: number;
}

const NAMES: readonly (readonly [string, string, number])[] = [
  ['AC-01', 'Roles decide what a person may do', 1],
  ['AC-02', 'Second factor at every sign-in', 7],
  ['AC-03', 'Access ends with the person’s leave', 0],
  ['AR-01', 'Access review', 91],
  ['AU-01', 'Audit chain written and signed', 7],
  ['AU-04', 'Chain verified from the first record', 7],
  ['BK-01', 'Backup restored for proof', 7],
  ['CM-01', 'Changes need another person’s approval', 0],
  ['CR-01', 'Temporary credentials only', 7],
  ['CR-05', 'Envelope encryption of integration secrets', 30],
];

/** Thirty controls of ten kinds; `days` is the cadence, 0 for each time. */
export function accessControls(count: number): SampleControl[] {
  return Array.from({ length: count }, (_, index) => {
    const [id, name, days] = NAMES[index % NAMES.length] ?? ['XX-01', 'Control', 7];
    const round = Math.floor(index / NAMES.length);
    return {
      id: `${id.slice(0, 3)}${String(Number(id.slice(3)) + round * 10).padStart(2, '0')}`,
      name: round === 0 ? name : `${name}, part ${round + 1}`,
      days,
    };
  });
}

export function calendarOf(
  controls: readonly SampleControl[],
  window: { readonly from: string; readonly to: string },
): Extract<Block, { block: 'calendar' }>['rows'] {
  return controls.map(({ id, name, days }) => ({
    id,
    label: `${id} ${name}`,
    periods: days === 0 ? [] : periodsOf(id, days, Date.parse(window.from), Date.parse(window.to)),
  }));
}

function periodsOf(id: string, days: number, from: number, to: number) {
  const length = days * 86_400_000;
  const count = Math.ceil((to - from) / length);
  return Array.from({ length: count }, (_, index) => ({
    from: new Date(from + index * length).toISOString(),
    to: new Date(Math.min(to, from + (index + 1) * length)).toISOString(),
    count: index % 5,
    state: stateOf(id, index, count),
  }));
}

function stateOf(id: string, index: number, count: number): ReportState {
  if (index >= count * 0.96) return 'not-due';
  if (id.startsWith('CR') && index < count * 0.2) return 'no-data';
  const chance = Number.parseInt(sha(`${id} ${index}`).slice(0, 4), 16) / 65_536;
  return chance < 0.02 ? 'missed' : chance < 0.05 ? 'late' : 'met';
}

export function coverageBars(): Extract<Block, { block: 'bars' }>['bars'] {
  const groups: readonly (readonly [string, number, number, number])[] = [
    ['Control environment', 3, 1, 1],
    ['Communication', 3, 0, 0],
    ['Logical access', 8, 0, 0],
    ['System operations', 4, 1, 0],
    ['Change management', 1, 0, 0],
    ['Availability', 2, 1, 0],
    ['Privacy', 11, 4, 3],
  ];
  return groups.map(([label, good, partial, gap]) => ({
    id: label,
    label,
    parts: [
      { state: 'in-place', value: good },
      { state: 'partial', value: partial },
      { state: 'gap', value: gap },
    ],
  }));
}

const STATES = [
  { state: 'in-place', word: 'In place' },
  { state: 'partial', word: 'Partial' },
  { state: 'gap', word: 'Gap' },
  { state: 'not-applicable', word: 'Not applicable' },
] as const;

export function controlRows(controls: readonly SampleControl[]): Extract<Block, { block: 'table' }> {
  return {
    block: 'table',
    id: 'controls',
    title: 'Controls',
    note: 'Expected occurrences follow the cadence in force at the beginning of each period.',
    empty: 'No control speaks to these criteria.',
    columns: [
      { id: 'id', label: 'Control', kind: 'id' },
      { id: 'name', label: 'Name', kind: 'text' },
      { id: 'status', label: 'Status', kind: 'state' },
      { id: 'cadence', label: 'Cadence', kind: 'text' },
      { id: 'expected', label: 'Expected', kind: 'number' },
      { id: 'actual', label: 'Actual', kind: 'number' },
      { id: 'exceptions', label: 'Exceptions', kind: 'number' },
      { id: 'last', label: 'Last occurrence', kind: 'time' },
      { id: 'root', label: 'Population root', kind: 'hash' },
    ],
    rows: controls.map(({ id, name, days }, index) => ({
      id,
      cells: [
        id,
        name,
        STATES[index % 9 === 8 ? 2 : index % 5 === 3 ? 1 : index % 29 === 28 ? 3 : 0] ?? STATES[0],
        days === 0 ? 'each time' : days === 1 ? 'daily' : days === 7 ? 'weekly' : days === 30 ? 'monthly' : 'quarterly',
        days === 0 ? null : Math.ceil(275 / days),
        days === 0 ? 1_204 : Math.ceil(270 / days),
        index % 6 === 0 ? 1 : 0,
        '2026-11-30T21:04:55.310Z',
        sha(`root ${id}`),
      ],
    })),
  };
}

/** A table of approvals: foreign text, sealed values given and not given, hashes. */
export function approvalsTable(rows: number): Extract<Block, { block: 'table' }> {
  return {
    block: 'table',
    id: 'approvals',
    title: 'Approvals',
    empty: 'Nothing was proposed.',
    columns: [
      { id: 'seq', label: 'Record', kind: 'seq' },
      { id: 'time', label: 'Decided', kind: 'time' },
      { id: 'what', label: 'Action', kind: 'text' },
      { id: 'target', label: 'Target', kind: 'foreign' },
      { id: 'asked', label: 'Asked by', kind: 'id' },
      { id: 'decided', label: 'Decided by', kind: 'id' },
      { id: 'outcome', label: 'Outcome', kind: 'state' },
      { id: 'why', label: 'Justification', kind: 'text' },
      { id: 'plan', label: 'Plan digest', kind: 'hash' },
    ],
    rows: Array.from({ length: rows }, (_, index) => ({
      id: `a-${index}`,
      cells: [
        4_000 + index * 17,
        new Date(Date.UTC(2026, 2, 1, 6, 0, 7) + index * 3_600_000).toISOString(),
        index % 3 === 0 ? 'ecs:UpdateService' : 'ec2:AuthorizeSecurityGroupIngress',
        `service/checkout-${index % 12}`,
        `agent-remediator-${index % 4}`,
        `u-${sha(`user ${index % 5}`).slice(0, 16)}`,
        index % 11 === 10 ? { state: 'missed', word: 'Rejected' } : { state: 'met', word: 'Approved' },
        {
          sealed: commitment(`justification ${index}`),
          seq: 4_000 + index * 17,
          path: 'data.justification',
          text: index % 2 === 0 ? null : 'Error rate follows the rollout of build 1142; roll back to 1141.',
        },
        sha(`plan ${index}`),
      ],
    })),
  };
}

export function incidentTimeline(count: number): Extract<Block, { block: 'timeline' }> {
  const texts = [
    'Incident created: latency of checkout',
    'Agent log-analyst dispatched',
    'Called cloudwatch:GetMetricData',
    'Hypotheses ranked',
    'Remediation proposed: roll back to build 1141',
    'Remediation approved',
    'Remediation executed',
    'Outcome checked against the signals',
  ];
  const states: readonly ReportState[] = ['open', 'info', 'info', 'info', 'info', 'met', 'met', 'holds'];
  return {
    block: 'timeline',
    id: 'timeline',
    title: 'What happened',
    entries: Array.from({ length: count }, (_, index) => ({
      id: `e-${index}`,
      seq: 31_000 + index,
      time: new Date(Date.UTC(2026, 6, 4, 1, 12, 40, 118) + index * 97_000).toISOString(),
      who: index % 4 === 1 ? 'agent log-analyst for u-7f31c09a52d84e6b' : 'u-7f31c09a52d84e6b',
      text: texts[index % texts.length] ?? '',
      sealed:
        index % 8 === 5
          ? [
              {
                sealed: commitment(`j ${index}`),
                seq: 31_000 + index,
                path: 'data.justification',
                text: index % 16 === 5 ? 'Seen it before: the pool is exhausted.' : null,
              },
            ]
          : [],
      state: index === 11 ? 'late' : (states[index % states.length] ?? 'info'),
    })),
  };
}
