import { z } from 'zod';
import { Reauthentication } from '../model/access.ts';
import { Digest } from '../model/evidence.ts';
import { Remediation } from '../model/investigation.ts';
import { DueReview, ForeignRequest, PendingApproval } from './approval-views.ts';
import { Cancellable, type ChannelTerms, Justification, Nothing } from './channel-terms.ts';
import { PolicyPreview, PolicyText, PolicyView, ProtectionOutcome, ProtectionRequest } from './protection-views.ts';

const Plan = { remediation: z.string().max(64), planDigest: Digest };

/** Decisions of people: on plans, and on changes of what protects the trail. */
export const DECISION_CHANNELS = {
  'approvals.pending': { access: 'incidents.read', input: Nothing, output: z.array(PendingApproval).max(1000) },
  /** Resolves only after the decision's record is durable. Execution then goes on; watch the events. */
  'approvals.decide': {
    access: 'approvals.decide',
    input: z.strictObject({
      ...Plan,
      decision: z.enum(['approve', 'reject']),
      justification: Justification,
      reauthentication: Reauthentication.optional(), // approving needs it
    }),
    output: Remediation,
  },
  /** Approves without the second person, who has to review it afterwards. */
  'approvals.breakGlass': {
    access: 'approvals.break-glass',
    input: z.strictObject({
      ...Plan,
      reason: Justification,
      justification: Justification,
      reauthentication: Reauthentication,
    }),
    output: Remediation,
  },
  'approvals.reviews': { access: 'incidents.read', input: Nothing, output: z.array(DueReview).max(1000) },
  'approvals.review': {
    access: 'approvals.review',
    input: z.strictObject({
      record: Digest,
      verdict: z.enum(['justified', 'not-justified']),
      justification: Justification,
      reauthentication: Reauthentication,
    }),
    output: z.array(DueReview).max(1000),
  },
  /** Opens the save dialog: a signed request for somebody who decides at another console. */
  'approvals.saveRequest': {
    access: 'investigations.run',
    input: z.strictObject(Plan),
    output: Cancellable(z.strictObject({ file: z.string().max(4096) })),
  },
  /** Opens the file dialog: the answer that came back. */
  'approvals.takeAnswer': { access: 'investigations.run', input: Nothing, output: Cancellable(Remediation) },
  /** Opens the file dialog: somebody else's request, to be decided here. */
  'approvals.openRequest': { access: 'signed-in', input: Nothing, output: Cancellable(ForeignRequest) },
  /** Opens the save dialog: the decision on the request just opened, signed by this device's key. */
  'approvals.answerRequest': {
    access: 'signed-in',
    input: z.strictObject({
      digest: Digest,
      decision: z.enum(['approve', 'reject']),
      justification: Justification,
      reauthentication: Reauthentication,
      trust: z.string().max(64).optional(), // the key id the person compared, at first sight of that chain
    }),
    output: Cancellable(z.strictObject({ file: z.string().max(4096) })),
  },

  'protections.pending': { access: 'trail.read', input: Nothing, output: z.array(ProtectionRequest).max(100) },
  'protections.decide': {
    access: 'protections.decide',
    input: z.strictObject({
      request: z.string().max(64),
      digest: Digest,
      decision: z.enum(['approve', 'reject']),
      justification: Justification,
      reauthentication: Reauthentication,
    }),
    output: ProtectionOutcome,
  },
  /** The own request, before anybody decided on it. */
  'protections.withdraw': {
    access: 'signed-in',
    input: z.strictObject({ request: z.string().max(64) }),
    output: Nothing,
  },
  /** With another open break than those shown nothing is acknowledged. */
  'verification.acknowledge': {
    access: 'history.acknowledge',
    input: z.strictObject({
      justification: Justification,
      breaks: z.array(z.string().max(64)).max(200).optional(),
      reauthentication: Reauthentication,
    }),
    output: ProtectionOutcome,
  },
  /** A new key in the keychain signs from here on. */
  'verification.rotateKey': {
    access: 'keys.rotate',
    input: z.strictObject({ justification: Justification, reauthentication: Reauthentication }),
    output: ProtectionOutcome,
  },

  'policies.current': { access: 'policies.read', input: Nothing, output: PolicyView },
  'policies.text': {
    access: 'policies.read',
    input: z.strictObject({ version: Digest }),
    output: z.strictObject({ text: PolicyText }),
  },
  'policies.preview': { access: 'policies.change', input: z.strictObject({ text: PolicyText }), output: PolicyPreview },
  'policies.propose': {
    access: 'policies.change',
    input: z.strictObject({ text: PolicyText, justification: Justification, reauthentication: Reauthentication }),
    output: ProtectionOutcome,
  },
} as const satisfies Readonly<Record<string, ChannelTerms>>;
