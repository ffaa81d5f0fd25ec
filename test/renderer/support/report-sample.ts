import type { BundleView, MadeReport, NotesView, PreflightFinding, SampleSheet } from '#shared/ipc/compliance-views.ts';
import type { Channel } from '#shared/ipc/contract.ts';
import { HOUSE_PROFILE, type SampleProfile } from '#shared/model/control.ts';
import type {
  Reperformed,
  ReportDocument,
  ReportException,
  ReportRequest,
  SignedReport,
} from '#shared/model/report.ts';
import { PERSON } from './sample-access.ts';

/** What reports, samples and bundles are in tests: plainly made up, with no chain behind them. */
const hex = (text: string): string =>
  [...text]
    .map((sign) => sign.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64);
const WINDOW = { from: '2025-11-21T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
export const REPORT_DIGEST = hex('report');

const REQUEST: ReportRequest = { kind: 'soc2-type2', window: WINDOW, zone: 'Europe/Istanbul', disclose: false };

export const EXCEPTION: ReportException = {
  id: 'AC-03:late-revocation:812',
  control: 'AC-03',
  kind: 'late-revocation',
  text: 'Access ended 31 hours after the person left; 24 hours are allowed.',
  seq: 812,
  time: '2026-04-02T09:12:00.000Z',
  state: 'fixed',
  fixedBy: 831,
};

export function sampleDocument(changes: Partial<ReportDocument> = {}): ReportDocument {
  return {
    causeway: 'report/1',
    kind: 'soc2-type2',
    title: 'SOC 2 Type II operating evidence',
    frameworks: [{ id: 'soc2', name: 'SOC 2', criteria: 61 }],
    criteria: [{ framework: 'soc2', id: 'CC6.1', name: 'Access is limited' }],
    system: { product: 'Causeway', tenant: 'demo', chain: '0f8fad5b-d9cb-469f-a165-70867728950e' },
    window: WINDOW,
    zone: 'Europe/Istanbul',
    asOf: { seq: 1200, time: '2026-11-20T10:00:00.000Z' },
    query: { request: REQUEST, digest: hex('query') },
    rules: { version: '1', digest: hex('rules') },
    inclusion: ['Records whose time lies in the window.'],
    exclusion: ['Records before or after the window.'],
    population: {
      range: { first: 1, last: 1200 },
      head: hex('head'),
      checkpoint: null,
      records: 1200,
      inScope: 900,
      excluded: [{ reason: 'before the window', count: 300 }],
      root: hex('root'),
      seqs: '301-1200',
      actions: ['auth.user_signed_in'],
    },
    integrity: { state: 'holds', checked: 1200, problems: [], problemCount: 0, acknowledged: [] },
    warnings: [],
    sample: null,
    exceptions: [EXCEPTION],
    hiddenByFilter: 0,
    blocks: [{ block: 'text', id: 'about', title: 'About the controls', paragraphs: ['A paragraph.'] }],
    limits: ['That every event was recorded.'],
    made: {
      at: '2026-11-21T08:00:00.000Z',
      by: PERSON.id,
      device: 'd-1',
      build: { name: 'causeway', version: '0.1.0' },
    },
    ...changes,
  };
}

export const sampleSigned = (document = sampleDocument()): SignedReport => ({
  document,
  digest: REPORT_DIGEST,
  signature: { key: '00c0ffee00c0ffee', alg: 'Ed25519', value: 'c2lnbmF0dXJl' },
});

export const FINDINGS: readonly PreflightFinding[] = [
  {
    id: 'asked',
    level: 'asked-about',
    text: 'The window ends 3 days before today.',
    remedy: 'Say why, or choose one that ends later.',
    control: null,
  },
  {
    id: 'no-owner',
    level: 'sent-back',
    text: 'OR-02 “Policies are reviewed and published” has no owner.',
    remedy: 'Name an owner in the control register.',
    control: 'OR-02',
  },
];

export const MADE: readonly MadeReport[] = [
  {
    seq: 1190,
    time: '2026-11-20T09:00:00.000Z',
    by: { id: PERSON.id, name: PERSON.name },
    kind: 'soc2-type2',
    framework: 'soc2',
    from: WINDOW.from,
    to: WINDOW.to,
    format: 'pdf',
    digest: hex('pdf'),
    document: REPORT_DIGEST,
    inScope: 900,
    exceptions: 1,
  },
  {
    seq: 1191,
    time: '2026-11-20T09:05:00.000Z',
    by: { id: PERSON.id, name: PERSON.name },
    kind: null,
    framework: 'soc2',
    from: WINDOW.from,
    to: WINDOW.to,
    format: 'oscal-assessment-results',
    digest: hex('oscal'),
    document: null,
    inScope: null,
    exceptions: null,
  },
];

export function sampleReperformed(verdict: Reperformed['verdict']): Reperformed {
  const differs = verdict === 'differs';
  return {
    verdict,
    title: 'SOC 2 Type II operating evidence',
    report: { file: 'type-two.html', digest: REPORT_DIGEST },
    chain: {
      file: 'demo.chain.jsonl',
      verdict: 'valid',
      detail: 'Every hash, link and signature holds.',
      records: 1200,
    },
    checks: [
      {
        id: 'digest',
        name: 'The report’s own digest',
        state: differs ? 'fails' : 'holds',
        detail: differs ? 'The document was changed after it was signed.' : 'It is that of the document.',
      },
      { id: 'signature', name: 'The signature', state: 'holds', detail: 'Made by a key of this chain.' },
      { id: 'rules', name: 'The evidence rules', state: 'open', detail: 'Another build may have others.' },
    ],
    figures: 4096,
    notGiven: differs ? 2 : 0,
    differences: differs
      ? [
          { where: 'Population, records in scope', report: '901', recomputed: '900', seq: null },
          { where: 'Exceptions, AC-03:late-revocation:812, state', report: 'open', recomputed: 'fixed', seq: 831 },
        ]
      : [],
    differenceCount: differs ? 2 : 0,
  };
}

export function sampleSheet(number: string, profile: SampleProfile): SampleSheet {
  const controls = ['AC-01', 'AC-03', 'CM-01'];
  const seqs = (at: number) => Array.from({ length: 5 }, (_, index) => 300 + ((at * 7919 + index * 1307) % 900));
  return {
    asOf: { seq: 1200, hash: hex('head'), time: '2026-11-20T10:00:00.000Z' },
    window: WINDOW,
    sample: {
      seed: hex('seed'),
      number,
      profile,
      drawn: controls.map((control, at) => ({
        control,
        population: 40 + at,
        root: hex(control),
        asked: at === 1 ? 25 : 5,
        seqs: seqs(at),
      })),
    },
    rows: controls.flatMap((control, at) =>
      seqs(at).map((seq, index) => ({
        control,
        name: `Control ${control} of the sample`,
        order: index + 1,
        seq,
        time: '2026-04-02T09:12:00.000Z',
        action: 'auth.user_signed_in' as const,
        outcome: index === 2 ? 'denied' : 'success',
        actor: PERSON.id,
        target: 'session of the demonstration',
        hash: hex(`${seq}`),
      })),
    ),
  };
}

export function sampleBundle(changes: Partial<BundleView> = {}): BundleView {
  return {
    folder: 'demo-bundle-2026-11-21',
    manifest: hex('manifest'),
    tenant: 'demo',
    chain: '0f8fad5b-d9cb-469f-a165-70867728950e',
    madeAt: '2026-11-21T08:00:00.000Z',
    key: { id: '00c0ffee00c0ffee', alg: 'Ed25519', holds: true },
    verdict: 'complete',
    problems: [],
    files: [
      { file: 'reports/type-two.html', bytes: 412_008, digest: hex('one'), what: 'Report', state: 'holds' },
      { file: 'demo.chain.jsonl', bytes: 2_412_008, digest: hex('two'), what: 'The exported chain', state: 'holds' },
      { file: 'verify.mjs', bytes: 41_008, digest: hex('three'), what: 'Stand-alone verifier', state: 'holds' },
    ],
    reports: [
      {
        file: 'reports/type-two.html',
        kind: 'soc2-type2',
        title: 'SOC 2 Type II operating evidence',
        window: WINDOW,
        digest: REPORT_DIGEST,
        exceptions: [EXCEPTION],
        samples: [{ control: 'AC-03', seqs: [812, 420, 633] }],
      },
    ],
    chainVerdict: { verdict: 'valid', problems: [] },
    ...changes,
  };
}

export const NOTES: NotesView = {
  seq: 1195,
  at: '2026-11-20T12:00:00.000Z',
  auditor: 'Example Auditor, Example Firm',
  key: 'feedfacefeedface',
  bundle: hex('manifest'),
  notes: [
    {
      about: { report: REPORT_DIGEST, what: 'report', id: REPORT_DIGEST },
      verdict: 'accepted',
      text: '',
    },
    {
      about: { report: REPORT_DIGEST, what: 'exception', id: EXCEPTION.id },
      verdict: 'flagged',
      text: 'No reason is given for the delay.',
    },
    {
      about: { report: REPORT_DIGEST, what: 'sample', id: 'AC-03' },
      verdict: 'question',
      text: 'Who approved record 420?',
    },
  ],
};

/** What the main process answers about reports, samples and bundles when nothing is in the way. */
export function answerReports(): Partial<Record<Channel, (input: unknown) => unknown>> {
  const saved = { cancelled: false, value: { file: 'type-two.html', bytes: 412_008, digest: hex('file') } };
  return {
    'reports.preflight': () => FINDINGS,
    'reports.preview': () => sampleSigned(),
    'reports.cancel': () => ({}),
    'reports.save': () => saved,
    'reports.machine': () => saved,
    'reports.list': () => MADE,
    'reports.reperform': () => ({ cancelled: false, value: sampleReperformed('differs') }),
    'reports.cancelReperform': () => ({}),
    'samples.profile': () => ({ profile: HOUSE_PROFILE, own: false }),
    'samples.setProfile': (profile) => ({ profile, own: true }),
    'samples.draw': (input) => {
      const { number, profile } = input as { readonly number: string; readonly profile: SampleProfile };
      return sampleSheet(number, profile);
    },
    'samples.saveWorksheet': () => saved,
    'bundle.save': () => ({
      cancelled: false,
      value: { folder: 'demo-bundle-2026-11-21', manifest: hex('manifest'), files: 12 },
    }),
    'bundle.open': () => ({ cancelled: false, value: sampleBundle() }),
    'bundle.reperform': () => sampleReperformed('agrees'),
    'bundle.saveNotes': () => ({ cancelled: false, value: { file: 'demo.notes.json', key: 'feedfacefeedface' } }),
    'notes.list': () => [NOTES],
    'notes.take': (input) =>
      (input as { readonly trust?: string }).trust === undefined
        ? { cancelled: false, value: { needsTrust: { auditor: NOTES.auditor, key: NOTES.key } } }
        : { cancelled: false, value: { needsTrust: null, notes: NOTES } },
  };
}
