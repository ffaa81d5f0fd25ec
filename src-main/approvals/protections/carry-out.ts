import type { Acknowledgement } from '#main/audit/history/acknowledge.ts';
import { seal, type ToSeal } from '#main/audit/seal.ts';
import type { RotationRequest } from '#main/audit/signers/rotate-key.ts';
import type { KeptChange } from './change.ts';
import type { KeptRequest } from './request-book.ts';

/** One of the people a change rests on. `record` is null where the trail could not be written. */
export interface ProtectionApproval {
  readonly by: { readonly id: string; readonly name: string };
  readonly device: { readonly id: string };
  readonly justification: ToSeal;
  readonly record: string | null;
}

/** Does what was approved. The first approval is of who asked for it, the second of who agreed; of one person alone, one. */
export type Apply = (change: KeptChange, approvals: readonly ProtectionApproval[]) => Promise<void>;

export function approvalsOf(request: KeptRequest): readonly ProtectionApproval[] {
  const { requestedBy, decision } = request;
  const made = (by: KeptRequest['requestedBy'], text: string, record: string | null) => ({
    by: { id: by.id, name: by.name },
    device: { id: by.device },
    justification: seal(by.id, text),
    record,
  });
  const asked = made(requestedBy, request.justification, request.record);
  if (decision === null) return [asked];
  const agreed = made(decision.by, decision.justification, decision.record);
  return decision.by.id === requestedBy.id ? [agreed] : [asked, agreed];
}

export interface CarryOutParts {
  /** Of the audit store, with whatever has to follow it. */
  readonly rotate: (request: RotationRequest) => Promise<unknown>;
  readonly acknowledge: (request: Acknowledgement) => Promise<unknown>;
  /** Brings a policy into force. Its version is on record already; doing it twice must do no harm. */
  readonly adopt: (text: string, approvedBy: readonly string[]) => Promise<void>;
}

/**
 * The ways to carry a change out. The person who asked for it stands in the records of the audit store; the one who
 * agreed stands in the approval beside them.
 */
export function createCarryOut({ rotate, acknowledge, adopt }: CarryOutParts): Apply {
  return async (change, approvals) => {
    const [first] = approvals;
    if (first === undefined) throw new TypeError('a change of a protection rests on an approval');
    const actor = { type: 'user' as const, id: first.by.id, name: seal(first.by.id, first.by.name) };
    const { device, justification } = first;
    switch (change.kind) {
      case 'policy-change':
        return adopt(
          change.text,
          approvals.map(({ by }) => by.id),
        );
      case 'key-rotation': {
        const reason = change.to.kind === 'keychain' ? 'new-keychain-key' : 'new-kms-key';
        await rotate({ to: change.to, by: { actor, device }, justification, reason });
        return;
      }
      case 'break-acknowledgement':
        await acknowledge({ actor, device, justification, breaks: change.breaks });
    }
  };
}
