import { canonicalBytes } from '#main/audit/canonical.ts';
import { hashRecord } from '#main/audit/hash.ts';
import { CausewayError } from '#shared/errors.ts';
import type { FrameworkId } from '#shared/model/control.ts';
import {
  ReportDocument,
  type ReportException,
  type ReportKind,
  type ReportRequest,
  type ReportSample,
} from '#shared/model/report.ts';
import { CONTROLS, RULES } from '../controls/controls.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { heedIntegrity } from '../register/unsound.ts';
import { backgroundBlocks } from './blocks/background-blocks.ts';
import { clip, count as sayCount } from './blocks/cells.ts';
import { type BuildContext, contextOf } from './build-context.ts';
import { accessReview } from './kinds/access-review.ts';
import { approvals } from './kinds/approvals.ts';
import { gdprLgpd } from './kinds/gdpr-lgpd.ts';
import { incident } from './kinds/incident.ts';
import { iso27001 } from './kinds/iso27001.ts';
import type { KindContent } from './kinds/kind-content.ts';
import { kvkk } from './kinds/kvkk.ts';
import { soc2Type1 } from './kinds/soc2-type1.ts';
import { soc2Type2 } from './kinds/soc2-type2.ts';
import { planReport } from './plan-report.ts';
import { REPORT_KIND, titleOf } from './report-kinds.ts';
import { warningsOf } from './warnings.ts';

/** Who made it, when and with what: the one part of a report that is not computed from the chain. */
export type ReportMade = ReportDocument['made'];

const CONTENT: Readonly<Record<ReportKind, (context: BuildContext) => KindContent>> = {
  'soc2-type1': soc2Type1,
  'soc2-type2': soc2Type2,
  'gdpr-lgpd': gdprLgpd,
  kvkk,
  iso27001,
  incident,
  'access-review': accessReview,
  approvals,
};

/** In every report, whatever its kind. */
const LIMITS: readonly string[] = [
  'It rests on what was recorded. What happened without a record is not in it.',
  'Times are those of the recording machine’s clock.',
  'The hash of each record and its link to the one before were checked while counting. Signatures are checked by the stand-alone verifier on the exported chain, and when this report is computed again.',
  'Who may decide is told by the roles on record and by this build, whose permissions no workspace changes. What guardrail policies a workspace changed said is not in the chain, only their digests.',
  'It is complete up to the record it names. That the chain was not cut off there is shown by a checkpoint kept somewhere else, or by a witness.',
];

const MOST_EXCEPTIONS = 100_000;

/**
 * The report as data. The same evaluation and the same request give the same document but for `made`.
 * @throws CausewayError `bad-input` for an incident or a review that is not in the chain, `too-large`
 */
export function buildReport(request: ReportRequest, counted: Evaluation, made: ReportMade): ReportDocument {
  const evaluation = heedIntegrity(counted, made.history);
  const context = contextOf(request, evaluation);
  const content = CONTENT[request.kind](context);
  const exceptions = exceptionsOf(context, content);
  const { window, zone } = request;
  const { chain, tenant, range, head, integrity } = evaluation;
  const { actions } = planReport(request, { last: range.last, anyZone: true });
  const document: ReportDocument = {
    causeway: 'report/1',
    kind: request.kind,
    title: clip(titleOf(request), 200),
    frameworks: frameworksOf(request.kind),
    criteria: context.criteria.map(({ framework, id, name }) => ({ framework, id, name })),
    system: { product: 'Causeway', tenant, chain },
    window,
    zone,
    asOf: { seq: range.last, time: head.time },
    query: { request, digest: digestOf(request) },
    rules: { version: RULES.version, digest: RULES.digest },
    inclusion: [...inclusionOf(context), ...(content.inclusion ?? [])].map((line) => clip(line)),
    exclusion: [...exclusionOf(context, content), ...(content.exclusion ?? [])].map((line) => clip(line)),
    population: {
      range: { ...range },
      head: head.hash,
      checkpoint: evaluation.checkpoint,
      records: evaluation.records,
      inScope: evaluation.inScope,
      excluded: evaluation.excluded.map(({ reason, count }) => ({ reason, count })),
      root: evaluation.root,
      seqs: evaluation.seqs,
      actions: [...actions],
    },
    integrity,
    warnings: [...warningsOf(context), ...(content.warnings ?? [])].slice(0, 50).map((line) => clip(line)),
    sample: sampleOf(context),
    exceptions: [...exceptions],
    hiddenByFilter: evaluation.controls.reduce((sum, { hidden }) => sum + hidden, 0),
    blocks: [...content.blocks, ...backgroundBlocks(context)],
    limits: [...REPORT_KIND[request.kind].limits, ...LIMITS],
    made,
  };
  return check(document);
}

/** SHA-256 of the canonical JSON (RFC 8785) of a request or of a document. */
export function digestOf(value: unknown): string {
  return hashRecord(canonicalBytes(value));
}

function check(document: ReportDocument): ReportDocument {
  const parsed = ReportDocument.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join('/') ?? '';
  throw new CausewayError('internal', `The report came out in a form it may not have, at /${place}.`, {
    cause: parsed.error,
  });
}

function frameworksOf(kind: ReportKind): { id: FrameworkId; name: string; criteria: number }[] {
  return REPORT_KIND[kind].frameworks.map((id) => {
    const { name, criteria } = FRAMEWORK_DATA[id];
    return { id, name, criteria: criteria.length };
  });
}

function exceptionsOf({ exceptions }: BuildContext, content: KindContent): readonly ReportException[] {
  const concerned = content.concerns === undefined ? exceptions : exceptions.filter(content.concerns);
  const all = [...concerned, ...(content.exceptions ?? [])];
  if (all.length <= MOST_EXCEPTIONS) return all;
  const text = `There are ${all.length} exceptions, and a report can list ${MOST_EXCEPTIONS}. Choose a shorter window.`;
  throw new CausewayError('too-large', text, { reason: 'exceptions' });
}

function inclusionOf({ request, evaluation }: BuildContext): readonly string[] {
  const { from, to } = request.window;
  const { range } = evaluation;
  const actors = request.filter?.actors;
  return [
    `Records ${range.first} to ${range.last} of the chain, every one of them read. In scope: those whose time is ${from} or later and earlier than ${to}, of the kinds of record listed with the population.`,
    'The occurrences of a control are the records its rule names, in the window; the rules stand in this report.',
    ...(actors === undefined ? [] : [`Only records by these actors: ${actors.join(', ')}.`]),
  ];
}

function exclusionOf({ request, evaluation, controls }: BuildContext, content: KindContent): readonly string[] {
  const counted = evaluation.excluded.map(({ reason, count }) => `${sayCount(count, 'record')}: ${reason}.`);
  const listed =
    content.concerns === undefined
      ? `Of the ${sayCount(controls.length, 'control')} of this report no exception is left out`
      : 'Of the exceptions of controls those are listed that are about its records, and of these none is left out';
  const outside = CONTROLS.length - controls.length;
  return [
    ...counted,
    `Nothing is left out by hand. ${listed}: also those already put right are listed.`,
    ...(outside === 0
      ? []
      : [
          `${sayCount(outside, 'control')} of the register ${outside === 1 ? 'has' : 'have'} no part in its criteria: exceptions of ${outside === 1 ? 'it' : 'these'} are not in this report.`,
        ]),
    ...(request.filter === undefined ? [] : ['The filter narrows the population, not the exceptions.']),
  ];
}

function sampleOf({ request, evaluation, controls }: BuildContext): ReportSample | null {
  const { sample } = request;
  if (sample === undefined || evaluation.seed === null) return null;
  const drawn = controls
    .filter(({ found }) => found.population.count > 0)
    .map(({ found }) => ({
      control: found.control,
      population: found.population.count,
      root: found.population.root,
      asked: sample.profile.sizes[found.frequency],
      seqs: [...found.sample],
    }));
  return { seed: evaluation.seed, number: sample.number, profile: sample.profile, drawn };
}
