import type { Principal } from '#main/identity/principal.ts';
import type { ProtectionOutcome, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { ProtectionChange } from './change.ts';
import { ProtectionDesk, type ProtectionsOptions } from './protection-desk.ts';

export interface ProtectionDecision {
  readonly request: string;
  /** The digest of what the person was shown. */
  readonly digest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly reauthentication: Reauthentication;
}

/**
 * Changes of what protects the trail and the workspace, which two people make: one asks, another one agrees to exactly
 * that. That a person may at all is checked before (permissions); here it is checked who, what, and until when.
 */
export interface Protections {
  /** What waits for another person, and what was approved and could not be carried out; oldest first. */
  pending(by: Principal): readonly ProtectionRequest[];
  /**
   * Asks for a change, on record. Where one person alone may decide, and did for
   * long enough, it is carried out at once.
   * @throws CausewayError `bad-input`, `denied` (`api-key`), `reauthentication-required`, `conflict` (`no-change`,
   * `no-break`, `history-changed`), `rate-limited`, `audit-unavailable`, and as carrying out
   */
  propose(
    by: Principal,
    change: ProtectionChange,
    justification: string,
    proof: Reauthentication,
  ): Promise<ProtectionOutcome>;
  /**
   * Agrees or says no. A change that was approved and could not be carried out is tried once more by approving it again.
   * @throws CausewayError `not-found`, `conflict` (`not-waiting`, `decided-on-record`, `request-digest`, `expired`, `void`),
   * `denied` (`approver-is-requester`, `api-key`), `reauthentication-required`, `bad-input`, `audit-broken`
   * (`request-differs`, `approval-differs`, `decisions-unknown`), `audit-unavailable`; what carrying out threw, with reason
   * `not-carried-out`: then it is approved all the same
   */
  decide(by: Principal, input: ProtectionDecision): Promise<ProtectionOutcome>;
  /** The own request, before anybody decided on it. @throws CausewayError `not-found`, `conflict`, `denied` */
  withdraw(by: Principal, request: string): Promise<void>;
  /** Records every request whose time has passed as expired. Failures are told to `onWarning`. */
  expireDue(): Promise<void>;
  /**
   * At the start: brings the requests in line with the chain, and a policy that is in force by the chain into force here.
   * Failures are told to `onWarning`; what is left is listed as pending.
   */
  recover(): Promise<void>;
}

export function createProtections(options: ProtectionsOptions): Protections {
  return new ProtectionDesk(options);
}
