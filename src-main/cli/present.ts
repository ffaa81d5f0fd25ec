import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { PlanStep } from '#shared/model/plan.ts';
import { plain } from './io.ts';

const percent = (ratio: string) => `${Math.round(Number(ratio) * 100)} %`;

/** Hypotheses best first, each with what speaks for and against it; or why there is none. */
export function presentHypotheses(investigation: Investigation): string {
  const lines: string[] = [];
  for (const hypothesis of investigation.hypotheses) {
    lines.push(`  ${hypothesis.rank}. ${percent(hypothesis.confidence).padStart(5)}  ${plain(hypothesis.title)}`);
    for (const claim of hypothesis.for) lines.push(`       + ${plain(claim.text)}${cite(claim.citations)}`);
    for (const claim of hypothesis.against) lines.push(`       − ${plain(claim.text)}${cite(claim.citations)}`);
  }
  if (investigation.abstained) lines.push('  No cause stands out enough to act on.');
  for (const need of investigation.needed) lines.push(`  Not established: ${plain(need)}`);
  return `${lines.join('\n')}\n`;
}

const cite = (citations: readonly { readonly digest: string }[]) =>
  citations.length === 0
    ? ''
    : `  [${[...new Set(citations.map((citation) => citation.digest.slice(0, 8)))].join(' ')}]`;

const presentStep = (step: PlanStep) => [
  `    ${step.operation} on ${step.resource}`,
  ...step.changes.flatMap((change) => [
    `      − ${change.field}  ${plain(change.before ?? '(none)')}`,
    `      + ${change.field}  ${plain(change.after ?? '(none)')}`,
  ]),
];

/** Everything a person needs to decide: what happens, where, how far it reaches, the way back, and who asks. */
export function presentPlan(remediation: Remediation): string {
  const { plan } = remediation;
  return `${[
    `Proposed: ${plain(plan.summary)}`,
    '  What will be done, and nothing else:',
    ...plan.steps.flatMap(presentStep),
    `  Reaches:      ${plain(plan.blastRadius.summary)}`,
    `  Way back:     ${plain(plan.wayBack.summary)}`,
    `  Checked by:   ${plain(plan.postCheck.summary)}`,
    `  Asked by:     ${remediation.requestedBy}, for ${remediation.onBehalfOf}, in ${plan.investigation}`,
    `  Rule:         ${remediation.rule.text} (${remediation.rule.id}, policy ${remediation.rule.policyVersion.slice(0, 8)})`,
    `  Credentials:  ${plan.credentials.seconds / 60} minutes, ${plan.credentials.actions.join(', ')}`,
    ...plan.credentials.resources.map((resource) => `                on ${resource}`),
    `  Evidence:     ${plan.evidence.map((digest) => digest.slice(0, 8)).join(' ')}`,
    `  Plan digest:  ${remediation.planDigest}`,
    `  Decide by:    ${remediation.expiresAt} (doing nothing means no)`,
  ].join('\n')}\n`;
}

/** How it ended, in one paragraph. */
export function presentOutcome(remediation: Remediation): string {
  if (remediation.failure !== null) return `Execution failed: ${plain(remediation.failure)}\n`;
  if (remediation.result !== null) return `${plain(remediation.result.text)}\n`;
  return `The plan is ${remediation.status}; nothing was changed.\n`;
}
