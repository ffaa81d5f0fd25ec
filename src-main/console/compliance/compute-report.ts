import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { evaluate } from '#main/compliance/evaluation/evaluate.ts';
import type { Evaluation } from '#main/compliance/evaluation/evaluation.ts';
import type { MachineInput } from '#main/compliance/machine/machine-input.ts';
import { buildReport, type ReportMade } from '#main/compliance/reports/build-report.ts';
import { fillDisclosures, showDisclosed } from '#main/compliance/reports/disclosures.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { REPORT_KIND } from '#main/compliance/reports/report-kinds.ts';
import { signReport } from '#main/compliance/reports/sign-report.ts';
import type { Principal } from '#main/identity/principal.ts';
import { wallClock } from '#main/platform/clock.ts';
import type { Standing } from '#shared/ipc/verification-views.ts';
import type { FrameworkId } from '#shared/model/control.ts';
import type { ReportRequest, SignedReport, Window } from '#shared/model/report.ts';
import type { Parts } from '../parts.ts';
import { PRODUCT } from '../product.ts';
import type { Watched } from './compliance-desk.ts';
import { lastBefore } from './last-before.ts';
import type { ReportRecord } from './save-on-record.ts';

type ReportParts = Pick<Parts, 'config' | 'rooms' | 'continuous'>;

/** Who makes it, when and with what. */
export function madeBy({ config }: Pick<Parts, 'config'>, by: Principal): ReportMade {
  return {
    at: new Date((config.clock ?? wallClock).now()).toISOString(),
    by: by.id,
    device: by.device.id,
    build: { name: PRODUCT, version: config.version },
  };
}

/** How a computation is watched, and over which records. */
export interface Computing extends Watched {
  /** Seq of the last record it is made over; the newest one where it is not said. What is made together shares it. */
  readonly last?: number | undefined;
}

/** Reads the chain, and makes and signs the report. @throws CausewayError as `planReport`, `evaluate`, `signReport` */
export async function computeReport(
  parts: ReportParts,
  by: Principal,
  request: ReportRequest,
  { last, ...watched }: Computing,
): Promise<SignedReport> {
  const { store } = parts.rooms;
  const plan = planReport(request, {
    last: last ?? store.head().seq,
    now: (parts.config.clock ?? wallClock).now(),
    lastBefore: (time) => lastBefore(store, time),
  });
  const evaluation = await count(parts, plan, watched);
  const document = buildReport(request, evaluation, { ...madeBy(parts, by), ...contradictions(store.standing()) });
  const filled = fillDisclosures(document, (seq, path) => {
    const found = store.disclosures(seq).find((one) => one.path === path);
    return found === undefined ? null : showDisclosed(found.value);
  });
  return signReport(store, filled);
}

/** What counting finds wrong is verified at once: it is then told wherever the state of the chain is, and not in a report alone. */
async function count(
  { rooms: { store }, continuous }: ReportParts,
  plan: ReturnType<typeof planReport>,
  watched: Watched,
): Promise<Evaluation> {
  const evaluation = await evaluate({ kind: 'store', address: store.reader() }, plan, watched);
  const { problems } = evaluation.integrity;
  if (problems.length > 0) await continuous.heed(problems.map(({ seq }) => seq));
  return evaluation;
}

/** What is known from elsewhere and not yet acknowledged: acknowledged breaks are on record, and told from there. */
function contradictions({ breaks }: Standing): Pick<ReportMade, 'history'> {
  const open = breaks.filter(({ acknowledged }) => acknowledged === null);
  return open.length === 0 ? {} : { history: open.slice(0, 20).map(({ kind, text }) => `${kind}: ${text}`) };
}

/** What machine-readable files of one framework are made of. */
export async function computeMachineInput(
  parts: ReportParts,
  by: Principal,
  { framework, window }: { readonly framework: FrameworkId; readonly window: Window },
  { last, ...watched }: Computing,
): Promise<MachineInput> {
  const { store } = parts.rooms;
  const now = (parts.config.clock ?? wallClock).now();
  const made = { ...madeBy(parts, by), ...contradictions(store.standing()) };
  const request: ReportRequest = { kind: KIND_OF[framework], window, zone: 'UTC', disclose: false };
  const plan = planReport(request, { last: last ?? store.head().seq, now });
  const evaluation = await count(parts, plan, watched);
  return { evaluation, window, controls: CONTROLS, frameworks: [framework], made };
}

/** The report whose scope is that of a framework. */
const KIND_OF: Readonly<Record<FrameworkId, ReportRequest['kind']>> = {
  soc2: 'soc2-type2',
  iso27001: 'iso27001',
  gdpr: 'gdpr-lgpd',
  lgpd: 'gdpr-lgpd',
  kvkk: 'kvkk',
  tisax: 'iso27001',
};

/** What the record of a report's file says. */
export function recordOf({ document, digest }: SignedReport, format: string): ReportRecord {
  const { kind, window, query, population, exceptions } = document;
  return {
    framework: REPORT_KIND[kind].frameworks.join('+'),
    from: window.from,
    to: window.to,
    format,
    kind,
    document: digest,
    parameters: query.digest,
    range: population.range,
    inScope: population.inScope,
    exceptions: exceptions.length,
  };
}
