import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
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
    `      − ${plain(change.field)}  ${plain(change.before ?? '(none)')}`,
    `      + ${plain(change.field)}  ${plain(change.after ?? '(none)')}`,
  ]),
];

interface PlanFacts {
  readonly plan: RemediationPlan;
  readonly planDigest: string;
  readonly askedBy: string;
  readonly rule: string;
  readonly expiresAt: string;
  readonly required?: number | undefined;
}

/** Everything a person needs to decide: what happens, where, how far it reaches, the way back, and who asks. */
export function presentPlan(remediation: Remediation, name?: string): string {
  const { requestedBy, onBehalfOf, rule, plan } = remediation;
  const human = name === undefined ? onBehalfOf : `${plain(name)} (${onBehalfOf})`;
  return presentFacts({
    ...remediation,
    askedBy: `${requestedBy}, for ${human}, in ${plan.investigation}`,
    rule: `${rule.text} (${rule.id}, policy ${rule.policyVersion.slice(0, 8)})`,
  });
}

/** The same of a request that came from another console. */
export function presentForeign(request: ForeignRequest): string {
  const { tenant, chain, keyId, severity, requestedByName } = request;
  const askedBy = `${plain(requestedByName)}, ${plain(severity)} incident`;
  return `Workspace: ${plain(tenant)}, chain ${plain(chain)}, key ${plain(keyId)}\n${presentFacts({ ...request, askedBy })}`;
}

function presentFacts({ plan, planDigest, askedBy, rule, expiresAt, required }: PlanFacts): string {
  return `${[
    `Proposed: ${plain(plan.summary)}`,
    '  What will be done, and nothing else:',
    ...plan.steps.flatMap(presentStep),
    `  Reaches:      ${plain(plan.blastRadius.summary)}`,
    `  Way back:     ${plain(plan.wayBack.summary)}`,
    `  Checked by:   ${plain(plan.postCheck.summary)}`,
    `  Asked by:     ${askedBy}`,
    `  Rule:         ${plain(rule)}`,
    ...(required !== undefined && required > 1 ? [`  Approvals:    ${required} people have to approve`] : []),
    `  Credentials:  ${plan.credentials.seconds / 60} minutes, ${plan.credentials.actions.join(', ')}`,
    ...plan.credentials.resources.map((resource) => `                on ${plain(resource)}`),
    `  Evidence:     ${plan.evidence.map((digest) => digest.slice(0, 8)).join(' ')}`,
    `  Plan digest:  ${planDigest}`,
    `  Decide by:    ${expiresAt} (doing nothing means no)`,
  ].join('\n')}\n`;
}

/** How it ended, in one paragraph. */
export function presentOutcome(remediation: Remediation): string {
  if (remediation.failure !== null) return `Execution failed: ${plain(remediation.failure)}\n`;
  if (remediation.result !== null) return `${plain(remediation.result.text)}\n`;
  const { status, approvals, required } = remediation;
  if (status === 'proposed' && approvals.length > 0) {
    const more = required - approvals.length;
    const others = more > 1 ? `${more} other people have` : 'another person has';
    return `${approvals.length} of ${required} approvals; ${others} to approve, too. Until then nothing is changed.\n`;
  }
  return `The plan is ${status}; nothing was changed.\n`;
}
