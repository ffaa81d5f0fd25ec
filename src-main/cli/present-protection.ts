import type { ProtectionOutcome, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { plain } from './io.ts';

/** What came of asking for a change of what protects the trail, or of deciding on one. */
export function presentProtection(outcome: ProtectionOutcome): string {
  switch (outcome.state) {
    case 'done':
      return 'Done, and on record.\n';
    case 'rejected':
      return 'Rejected, on record. Nothing was changed.\n';
    case 'waiting':
      return `${presentRequest(outcome.request)}Another person has to agree: causeway changes decide ${outcome.request.id}\n`;
  }
}

/** A change that waits, with everything that would be done. */
export function presentRequest(request: ProtectionRequest): string {
  const { id, kind, summary, details, digest, requestedByName, justification, expiresAt, mayNotDecide } = request;
  return [
    `${id}  ${kind}  ${plain(summary)}`,
    `  asked by  ${plain(requestedByName)}: ${plain(justification)}`,
    `  digest    ${digest}`,
    `  until     ${expiresAt}`,
    ...details.flatMap(({ label, text }) => [
      `  ${plain(label)}`,
      ...text.split('\n').map((line) => `    ${plain(line)}`),
    ]),
    ...(mayNotDecide === null ? [] : [`  not by you: ${plain(mayNotDecide)}`]),
    '',
  ].join('\n');
}
