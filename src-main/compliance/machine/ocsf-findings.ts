import { OCSF_VERSION, SYNTHETIC_LABEL } from '#main/audit/export/ocsf.ts';
import { attestEvent, type OcsfLink } from '#main/audit/export/ocsf-attestation.ts';
import type { ControlStatus } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import { criterionOf, FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { type FoundControl, foundControls, isMadeUp, type MachineInput } from './machine-input.ts';
import type { Members } from './oscal-common.ts';
import { dateTime } from './oscal-values.ts';

const CLASS = 2003;
const CREATE = 1;
const TYPE = CLASS * 100 + CREATE;

/** What the class says of a status; finding status is of the workflow, compliance status of the check. */
const STATUS: Readonly<
  Record<
    ControlStatus,
    {
      readonly check: readonly [id: number, name: string];
      readonly finding: readonly [id: number, name: string];
      readonly severity: readonly [id: number, name: string];
    }
  >
> = {
  'in-place': { check: [1, 'Pass'], finding: [4, 'Resolved'], severity: [1, 'Informational'] },
  // OCSF has nothing between pass and fail; its warning means that a check gave no result
  partial: { check: [3, 'Fail'], finding: [1, 'New'], severity: [2, 'Low'] },
  gap: { check: [3, 'Fail'], finding: [1, 'New'], severity: [3, 'Medium'] },
  'not-applicable': { check: [99, 'Not applicable'], finding: [3, 'Suppressed'], severity: [1, 'Informational'] },
};

/**
 * One OCSF 1.9 compliance finding (class 2003) for each control, as lines of JCS. They are attested as exported events are
 * (docs/export-formats.md): a fingerprint over each, linked to the one before. No line is signed by itself.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function ocsfFindings(input: MachineInput): readonly string[] {
  const lines: string[] = [];
  let before: OcsfLink | null = null;
  for (const control of foundControls(input)) {
    const { line, link } = attestEvent(wellFormed(eventOf(control, input)), attestedAs(control, input), before);
    lines.push(line);
    before = link;
  }
  return lines;
}

function eventOf(control: FoundControl, input: MachineInput): Members {
  const { definition, status, found } = control;
  const { evaluation, made, window } = input;
  const { check, finding, severity } = STATUS[status];
  return {
    activity_id: CREATE,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Compliance Finding',
    type_uid: TYPE,
    type_name: 'Compliance Finding: Create',
    time: millisecondsOf(made.at),
    start_time: millisecondsOf(window.from),
    end_time: millisecondsOf(window.to),
    timezone_offset: 0,
    message: `${definition.id} ${definition.name}: ${status}`,
    severity_id: severity[0],
    severity: severity[1],
    status_id: finding[0],
    status: finding[1],
    metadata: {
      version: OCSF_VERSION,
      product: { name: made.build.name, vendor_name: made.build.name, version: made.build.version },
      profiles: ['record_integrity'],
      uid: uidOf(control, input),
      tenant_uid: evaluation.tenant,
      log_name: 'control register',
      ...(isMadeUp(input) ? { labels: [SYNTHETIC_LABEL] } : {}),
    },
    finding_info: {
      uid: uidOf(control, input),
      title: `${definition.id} ${definition.name}`,
      desc: definition.objective,
      types: [definition.kind],
      ...(found.last === null ? {} : { last_seen_time: millisecondsOf(found.last.time) }),
      related_events_count: found.population.count,
    },
    compliance: {
      control: `${definition.id} ${definition.name}`,
      standards: [...new Set(control.criteria.map(({ framework }) => FRAMEWORK_DATA[framework].name))],
      requirements: control.criteria.map((ref) =>
        `${FRAMEWORK_DATA[ref.framework].name} ${ref.id} ${criterionOf(ref)?.name ?? ''}`.trimEnd(),
      ),
      status_id: check[0],
      status: check[1],
      status_code: status,
      status_details: found.reasons,
    },
    ...(status === 'gap' || status === 'partial' ? { remediation: { desc: definition.remedy } } : {}),
    resources: [{ uid: evaluation.chain, name: 'audit chain', type: 'audit chain' }],
    evidences: [populationOf(control), ...found.exceptions.map(exceptionOf)],
    unmapped: {
      causeway: {
        chain: evaluation.chain,
        range: evaluation.range,
        head: evaluation.head.hash,
        integrity: evaluation.integrity.state,
        madeAt: dateTime(made.at),
        madeBy: made.by,
        ...(control.owner === null ? {} : { owner: control.owner }),
        ...(control.due === null ? {} : { due: dateTime(control.due) }),
        effort: definition.effort,
      },
    },
  };
}

function populationOf({ found }: FoundControl): Members {
  const { population, frequency, periods, expected, actual } = found;
  // of what operates each time something happens, no record says how often that should have been
  const counted = periods.length === 0 ? {} : { periodsExpected: expected, periodsMet: actual };
  return {
    name: 'population',
    data: { frequency, ...counted, records: population.count, root: population.root },
  };
}

function exceptionOf({ id, kind, text, seq, time, state, fixedBy }: ReportException): Members {
  return { name: 'exception', uid: id, data: { kind, text, seq, time, state, fixedBy } };
}

function attestedAs(control: FoundControl, input: MachineInput) {
  const authority = `causeway/${input.evaluation.chain}`;
  const { window, frameworks } = input;
  const of = `${frameworks.join('+')}:${window.from}/${window.to}`;
  const sequence = `${authority}/findings/${of}:${input.evaluation.head.hash}`;
  return { uid: uidOf(control, input), type_uid: TYPE, authority, sequence };
}

function uidOf({ definition }: FoundControl, { evaluation, window, frameworks }: MachineInput): string {
  const of = frameworks.join('+');
  return `${evaluation.chain}:${definition.id}:${of}:${window.from}/${window.to}:${evaluation.range.last}`;
}

function millisecondsOf(time: string): number {
  return Date.parse(dateTime(time));
}

/** What a record says may hold lone surrogates, which no JSON text in UTF-8 can. */
function wellFormed(event: Members): Members {
  return Object.fromEntries(Object.entries(event).map(([name, member]) => [name, wellFormedValue(member)]));
}

function wellFormedValue(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormedValue);
  return isMembers(value) ? wellFormed(value) : value;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
