import type { ChannelInput } from '#shared/ipc/contract.ts';
import type { PolicyPreview, PolicyView, ProtectionOutcome, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';

/** Changes of what protects the trail that wait for a second person, as one person sees them. */
export interface ProtectionDesk {
  pending(): readonly ProtectionRequest[];
  decide(decision: ChannelInput<'protections.decide'>): Promise<ProtectionOutcome>;
  withdraw(request: string): Promise<void>;
}

/** The guardrail policies, as one person sees them. */
export interface PolicyDesk {
  current(): PolicyView;
  /** The text of a version. `not-found` when there is none. */
  text(version: string): string;
  preview(text: string): Promise<PolicyPreview>;
  /** Asks for another policy; another person has to agree. */
  propose(text: string, justification: string, proof: Reauthentication): Promise<ProtectionOutcome>;
}
