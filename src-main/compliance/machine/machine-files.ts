import { actionPlan } from './action-plan.ts';
import { assessmentPlan } from './assessment-plan.ts';
import { assessmentResults } from './assessment-results.ts';
import { componentDefinition } from './component-definition.ts';
import type { MachineInput } from './machine-input.ts';
import { ocsfFindings } from './ocsf-findings.ts';

export interface MachineFile {
  readonly name: MachineName;
  readonly mediaType: string;
  /** What it is, in a few words. */
  readonly what: string;
  readonly bytes: Buffer;
}

export const MACHINE_FILES = [
  'assessment-plan.oscal.json',
  'assessment-results.oscal.json',
  'component-definition.oscal.json',
  'action-plan.oscal.json',
  'findings.ocsf.jsonl',
] as const;
export type MachineName = (typeof MACHINE_FILES)[number];

const WHAT: Readonly<Record<MachineName, string>> = {
  'assessment-plan.oscal.json': 'OSCAL assessment plan',
  'assessment-results.oscal.json': 'OSCAL assessment results',
  'component-definition.oscal.json': 'OSCAL component definition',
  'action-plan.oscal.json': 'OSCAL plan of action and milestones',
  'findings.ocsf.jsonl': 'OCSF compliance findings',
};

/**
 * All machine-readable files of one evaluation. Without gaps there is no plan of action.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function machineFiles(input: MachineInput): readonly MachineFile[] {
  return MACHINE_FILES.flatMap((name) => machineFile(input, name) ?? []);
}

/**
 * One of them; null for the plan of action when there is no gap.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function machineFile(input: MachineInput, name: MachineName): MachineFile | null {
  const bytes = bytesOf(input, name);
  if (bytes === null) return null;
  const mediaType = name === 'findings.ocsf.jsonl' ? 'application/jsonl' : 'application/oscal+json';
  return { name, mediaType, what: WHAT[name], bytes };
}

function bytesOf(input: MachineInput, name: MachineName): Buffer | null {
  switch (name) {
    case 'assessment-plan.oscal.json':
      return prettyBytes(assessmentPlan(input));
    case 'assessment-results.oscal.json':
      return prettyBytes(assessmentResults(input, prettyBytes(assessmentPlan(input))));
    case 'component-definition.oscal.json':
      return prettyBytes(componentDefinition(input));
    case 'action-plan.oscal.json': {
      const plan = actionPlan(input);
      return plan === null ? null : prettyBytes(plan);
    }
    case 'findings.ocsf.jsonl':
      return Buffer.concat(ocsfFindings(input).map((line) => Buffer.from(`${line}\n`, 'utf8')));
  }
}

/** The same document gives the same bytes: members in the order of RFC 8785, two spaces a level, LF at the end. */
function prettyBytes(document: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(ordered(document), null, 2)}\n`, 'utf8');
}

/** None of the members here has a name that looks like a number: those would keep no order of ours. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((name) => [name, ordered(members[name])]),
  );
}
