import { createHash } from 'node:crypto';
import { canonicalText } from '#main/audit/canonical.ts';
import { actionPlan } from './action-plan.ts';
import { assessmentPlan } from './assessment-plan.ts';
import { assessmentResults } from './assessment-results.ts';
import { componentDefinition } from './component-definition.ts';
import type { MachineInput } from './machine-input.ts';
import { ocsfFindings } from './ocsf-findings.ts';

export interface MachineFile {
  readonly name: string;
  readonly mediaType: string;
  /** What it is, in a few words. */
  readonly what: string;
  readonly bytes: Buffer;
}

const OSCAL = 'application/oscal+json';
const PLAN = 'assessment-plan.oscal.json';

/**
 * All machine-readable files of one evaluation. Without gaps there is no plan of action.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function machineFiles(input: MachineInput): readonly MachineFile[] {
  const oscal = (name: string, what: string, document: unknown): MachineFile => ({
    name,
    mediaType: OSCAL,
    what,
    bytes: prettyBytes(document),
  });
  const plan = oscal(PLAN, 'OSCAL assessment plan', assessmentPlan(input));
  const results = assessmentResults(input, { href: PLAN, digest: sha256(plan.bytes) });
  const gaps = actionPlan(input);
  return [
    plan,
    oscal('assessment-results.oscal.json', 'OSCAL assessment results', results),
    oscal('component-definition.oscal.json', 'OSCAL component definition', componentDefinition(input)),
    ...(gaps === null ? [] : [oscal('action-plan.oscal.json', 'OSCAL plan of action and milestones', gaps)]),
    {
      name: 'findings.ocsf.jsonl',
      mediaType: 'application/jsonl',
      what: 'OCSF compliance findings',
      bytes: Buffer.from(
        ocsfFindings(input)
          .map((line) => `${line}\n`)
          .join(''),
        'utf8',
      ),
    },
  ];
}

/** The same document gives the same bytes: members in the order of RFC 8785, two spaces a level, LF at the end. */
export function prettyBytes(document: unknown): Buffer {
  const ordered: unknown = JSON.parse(canonicalText(document, { integersOnly: false }));
  return Buffer.from(`${JSON.stringify(ordered, null, 2)}\n`, 'utf8');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
