import type { ReportDocument } from '#shared/model/report.ts';
import { sampleBroken, sampleEmpty, sampleTypeTwo, sha } from './sample-report.ts';
import { approvalsTable, incidentTimeline } from './sample-report-blocks.ts';

const PROFILELESS = {
  kind: 'approvals',
  window: sampleTypeTwo().window,
  zone: 'Europe/Istanbul',
  disclose: true,
} as const;

export function sampleApprovals(rows = 120): ReportDocument {
  return sampleTypeTwo({
    kind: 'approvals',
    title: 'Approvals, March to November 2026',
    query: { request: PROFILELESS, digest: sha('query') },
    sample: null,
    warnings: ['Two approvals were given outside of working hours; an auditor may ask who was awake.'],
    exceptions: sampleTypeTwo().exceptions.slice(2, 3),
    blocks: [
      {
        block: 'text',
        id: 'summary',
        title: 'Summary',
        paragraphs: [
          'Each remediation that was executed, with who asked, who decided, and why.',
          'An approver is never the requester: the console refuses it, and this report looks for it again.',
        ],
      },
      approvalsTable(rows),
    ],
  });
}

export function sampleIncident(entries = 40): ReportDocument {
  return sampleTypeTwo({
    kind: 'incident',
    title: 'Incident INC-2026-0704: everything on record',
    query: { request: { ...PROFILELESS, kind: 'incident', incident: 'INC-2026-0704' }, digest: sha('incident') },
    sample: null,
    exceptions: sampleTypeTwo().exceptions.slice(3, 4),
    blocks: [incidentTimeline(entries)],
  });
}

const RTL = 'نقل الخدمة إلى الإصدار السابق';
const LONG = 'arn:aws:ecs:eu-central-1:000000000000:service/'.padEnd(1600, 'checkout');

/** Texts somebody wrote to break the page, and texts that break it without meaning to. */
export function sampleHostile(): ReportDocument {
  const texts = [
    '<script>alert(1)</script>',
    '</script><img src=x onerror=alert(1)>',
    '<!--<script>',
    'invoice\u202egpj.exe',
    'a\u2066b\u2069c\u200bd\ufeff\u0007\u2028',
    RTL,
    LONG,
    '"quoted" & <b>bold</b>',
    'first line\nsecond line',
    '\u{1f469}\u200d\u{1f680} می\u200cخواهم',
  ];
  return sampleTypeTwo({
    title: '</title><script>alert(1)</script> \u202e report',
    system: { product: 'Causeway', tenant: '<b>tenant</b>', chain: 'c-1' },
    warnings: texts.map((text) => text.slice(0, 1900)),
    limits: ['</style><script>alert(2)</script>'],
    inclusion: [RTL],
    sample: null,
    exceptions: [],
    blocks: [
      {
        block: 'table',
        id: '"><script>',
        title: '<script>alert(3)</script>',
        empty: 'none',
        columns: [
          { id: 'foreign', label: 'Written outside', kind: 'foreign' },
          { id: 'text', label: 'Said inside', kind: 'text' },
          { id: 'seq', label: 'Record', kind: 'seq' },
        ],
        rows: texts.map((text, index) => ({ id: `h-${index}`, cells: [text, text, index + 1] })),
      },
    ],
  });
}

/** Every sample by name. */
export const SAMPLE_REPORTS: Readonly<Record<string, () => ReportDocument>> = {
  'type-two': () => sampleTypeTwo(),
  approvals: () => sampleApprovals(),
  incident: () => sampleIncident(),
  empty: sampleEmpty,
  broken: sampleBroken,
  hostile: sampleHostile,
};
