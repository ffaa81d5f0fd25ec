import { CausewayError } from '#shared/errors.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Proposal } from './proposal-book.ts';

const SHORTEST_JUSTIFICATION = 10;
const LONGEST_JUSTIFICATION = 2000;

type Channel = 'dialog' | 'terminal' | 'terminal-flag';

export interface DecisionInput {
  readonly remediation: string;
  /** Digest of the plan the person looked at. */
  readonly planDigest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly channel: Channel;
  /** Approving needs it, at this moment; rejecting does not. */
  readonly reauthentication?: Reauthentication | undefined;
}

/** An approval by one person alone, in an emergency; another has to review it afterwards. */
export interface BreakGlassInput {
  readonly remediation: string;
  readonly planDigest: string;
  /** Why it could not wait for somebody else. */
  readonly reason: string;
  readonly justification: string;
  readonly reauthentication: Reauthentication;
  readonly channel?: Channel | undefined;
}

/** A decision that came in a file, whose signature by a registered device key of that person has been verified. */
export interface VerifiedAnswer {
  readonly person: string;
  readonly device: string;
  /** Id of the key that signed it. */
  readonly deviceKey: string;
  /** SHA-256 of the answer's file. */
  readonly fileDigest: string;
  /** SHA-256 of the request's file it answers. */
  readonly requestDigest: string;
  readonly remediation: string;
  readonly planDigest: string;
  /** Record of the proposal. */
  readonly requestHash: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  /** When the person decided, by their console's clock; RFC 3339. */
  readonly decidedAt: string;
  /** Of the guardrail policies the request was made under. */
  readonly policyVersion: string;
  /** As the signed answer states it. */
  readonly reauthentication: 'password' | 'totp';
}

/** A proposal after the decision; `record` is the hash of the decision's record. */
export interface Decided {
  readonly proposal: Proposal;
  readonly record: string;
  /** Nothing more is needed: it was rejected, or enough people have approved. */
  readonly complete: boolean;
}

/** @throws CausewayError `bad-input` when it is no sentence a reviewer could use */
export function demandSentence(text: string, what: 'justification' | 'reason'): string {
  const trimmed = text.trim();
  const length = Array.from(trimmed).length;
  if (length >= SHORTEST_JUSTIFICATION && length <= LONGEST_JUSTIFICATION) return trimmed;
  const ask = what === 'justification' ? 'Say why' : 'Say why it cannot wait for a second person';
  throw new CausewayError(
    'bad-input',
    `${ask}, in ${SHORTEST_JUSTIFICATION} to ${LONGEST_JUSTIFICATION} characters. Nothing has been decided.`,
    { reason: what },
  );
}

export function conflict(reason: string, message: string): CausewayError {
  return new CausewayError('conflict', message, { reason });
}
