import { CausewayError, describeError, type ErrorCode } from '#shared/errors.ts';
import { errorName } from '../platform/aws-calls.ts';
import type { ApprovalRefusal } from './approval-check.ts';

/** Why no lease is issued: a stable word for the record, the facts, and the error the caller gets. */
export interface Refusal {
  readonly reason: string;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly cause?: unknown;
}

const APPROVAL_CODES: Readonly<Record<ApprovalRefusal, ErrorCode>> = {
  'no-approval': 'approval-required',
  'approval-expired': 'approval-required',
  'approval-used': 'approval-required',
  'approval-not-genuine': 'denied',
  'wrong-plan': 'denied',
  'approver-is-requester': 'denied',
  'approver-gone': 'denied',
  'device-not-own': 'denied',
  'approver-not-person': 'denied',
  'approver-twice': 'denied',
  'not-reauthenticated': 'denied',
  'policy-changed': 'approval-required',
  'quorum-not-reached': 'approval-required',
  'execution-expired': 'approval-required',
  'decided-otherwise': 'denied',
  'resources-differ': 'denied',
};

export function refuseApproval({ reason, detail }: { reason: ApprovalRefusal; detail: string }): Refusal {
  return { reason, detail, code: APPROVAL_CODES[reason] };
}

/** What went wrong between the decision and the session. */
export function refuseFailure(error: unknown): Refusal {
  if (error instanceof CausewayError) {
    return { reason: error.reason ?? error.code, detail: error.message, code: error.code, cause: error };
  }
  const answered = (error as { readonly $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (answered === undefined) {
    return { reason: 'cloud-unreachable', detail: describeError(error), code: 'cloud-unreachable', cause: error };
  }
  const name = errorName(error);
  const detail = `AssumeRole: ${name}: ${saidByCloud(error instanceof Error ? error.message : '')}`;
  return { reason: 'cloud-refused', detail, code: 'cloud-refused', cause: new Error(name) };
}

const LONGEST_SAID = 300;

/**
 * What the other side wrote, fit for a record that lasts: one printable line, without anything that could be a key. Ids of
 * access keys go as well: they say which of the user's own keys the console signs with.
 */
export function saidByCloud(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_SAID)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/\b(?:AKIA|ASIA)[A-Z0-9]{4,}/g, '(hidden)')
    .replace(/[A-Za-z0-9+/=_%-]{32,}/g, (run) => (isPathOfRole(run) ? run : '(hidden)'))
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > LONGEST_SAID ? `${line.slice(0, LONGEST_SAID - 1).trimEnd()}...` : line;
}

/** What an ARN ends with is as long as a key, too. */
function isPathOfRole(run: string): boolean {
  return /^(?:role|user|assumed-role)\//.test(run) && run.split('/').every((part) => part.length < 32);
}
