import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import type { Permission } from '#shared/model/access.ts';
import type { Actor, AuditRecord, Device, Links } from '#shared/model/audit-record.ts';
import { type AuditWriter, appendOrRefuse } from '../policy/audit-port.ts';
import type { Asker } from '../policy/request.ts';
import type { ApprovalRules } from './approval-rules.ts';
import { isRequester } from './judge-approval.ts';
import type { Standing } from './standing.ts';

/** Why somebody may not do this, as a stable word and as a sentence to them. */
export interface WhyNot {
  readonly reason:
    | 'permission'
    | 'approver-not-person'
    | 'approver-not-eligible'
    | 'approver-is-requester'
    | 'already-approved'
    | 'device-not-own'
    | 'review-own';
  readonly text: string;
  readonly code: ErrorCode;
}

/** Why this person may not approve this proposal; null: they may. */
export function whyNotApprove(
  by: Asker,
  permitted: boolean,
  proposal: Pick<AuditRecord, 'actor' | 'onBehalfOf'>,
  { approvals }: Pick<Standing, 'approvals'>,
  rules: Pick<ApprovalRules, 'humanBehind'>,
): WhyNot | null {
  const basic = whyNotDecide(by, permitted);
  if (basic !== null) return basic;
  if (isRequester(by.id, proposal, rules) || isRequester(by.human, proposal, rules)) {
    const text = 'You asked for this, yourself or under another account. Somebody else has to approve it.';
    return { reason: 'approver-is-requester', text, code: 'denied' };
  }
  const human = rules.humanBehind(by.id);
  if (approvals.some((approval) => approval.human === human)) {
    const text = 'You approved this already. Somebody else has to, too.';
    return { reason: 'already-approved', text, code: 'conflict' };
  }
  return null;
}

/** Why somebody may not decide at all; null: they may. */
export function whyNotDecide({ type }: Pick<Asker, 'type'>, permitted: boolean): WhyNot | null {
  if (type !== 'user') {
    const text = 'An API key decides nothing: a person has to answer for it.';
    return { reason: 'approver-not-person', text, code: 'denied' };
  }
  if (permitted) return null;
  return { reason: 'permission', text: 'Your role does not let you do this.', code: 'denied' };
}

/** Who is refused what, for the record. */
export interface Refused {
  readonly actor: Actor;
  readonly device: Device;
  readonly role: string | null;
  readonly permission: Permission;
  readonly remediation: string;
  readonly links: Links;
}

/** Puts a refusal on record and makes the error of it. @throws CausewayError `audit-unavailable` */
export async function recordRefused(
  audit: AuditWriter,
  { actor, device, role, permission, remediation, links }: Refused,
  { reason, text, code }: WhyNot,
): Promise<CausewayError> {
  await appendOrRefuse(
    audit,
    {
      action: 'auth.access_denied',
      outcome: 'denied',
      actor,
      target: { type: 'remediation', id: remediation },
      links,
      device,
      data: { permission, role, reason },
    },
    'so nothing was decided',
  );
  return new CausewayError(code, `${text} Nothing has been decided.`, { reason });
}
