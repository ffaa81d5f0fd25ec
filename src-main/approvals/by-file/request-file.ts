import { z } from 'zod';
import { type FileFormat, holdsSignature, readSignedFile, writeSignedFile } from '#main/audit/signed-file.ts';
import type { DeviceKey } from '#main/identity/device-key.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { CausewayError } from '#shared/errors.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { type AuditRecord, ChainId, TenantSlug } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';
import { Severity } from '#shared/model/incident.ts';
import { RemediationPlan } from '#shared/model/plan.ts';
import { type ProposalOnRecord, readProposal } from '../judge-approval.ts';
import { ChainEvidence, type ChainKey, proveChain } from './chain-evidence.ts';
import { PlainText } from './plain-text.ts';

export const MAX_REQUEST_FILE = 8 * 1024 * 1024;
/** Of the record that puts a request's digest on the chain, before its file exists. */
export const REQUEST_SETTING = 'decision-request';

const Time = z.iso.datetime({ precision: 3 });

/** Everything the person at the other console sees, and their decision is bound to. */
export const FileRequest = z.strictObject({
  tenant: TenantSlug,
  chain: ChainId,
  remediation: z.string().min(1).max(64),
  incident: z.string().min(1).max(64),
  severity: Severity,
  environment: PlainText(0, 64).nullable(),
  plan: RemediationPlan,
  planDigest: Digest,
  /** Record of the proposal. */
  requestHash: Digest,
  requestedBy: z.strictObject({
    agent: z.string().min(1).max(128),
    /** The human it acts for. */
    person: z.string().min(1).max(128),
    name: PlainText(1, 100),
  }),
  rule: z.strictObject({ id: z.string().min(1).max(128), text: PlainText(0, 500) }),
  policyVersion: Digest,
  /** Approvals the policy asks for. */
  required: z.int().min(1).max(9),
  createdAt: Time,
  expiresAt: Time,
  /** 32 random bytes, lowercase hex: no two requests are the same, and none can be made up beforehand. */
  nonce: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FileRequest = Readonly<z.infer<typeof FileRequest>>;

const Content = z.strictObject({ request: FileRequest, evidence: ChainEvidence });

const REQUEST: FileFormat<z.infer<typeof Content>> = {
  name: 'causeway-request/1',
  maxBytes: MAX_REQUEST_FILE,
  content: Content,
  what: 'a request for a decision',
  reason: 'request-file',
};

/** Lowercase hex SHA-256 of the request's RFC 8785 form: on record at its chain, and named by every answer. */
export function requestDigest(request: FileRequest): string {
  return canonicalDigest(request).digest;
}

export function writeRequestFile(request: FileRequest, evidence: ChainEvidence, key: DeviceKey): Promise<Buffer> {
  return writeSignedFile(REQUEST, { request, evidence }, key);
}

/** A request whose every member is proven by records of its chain. Whose chain it is, a person has to compare. */
export interface ProvenRequest {
  readonly request: FileRequest;
  readonly digest: string;
  /** The keys of its chain, in the order of their introduction. */
  readonly keys: readonly ChainKey[];
  /** Hash of the record that puts it on its chain. */
  readonly issued: string;
}

/** @throws CausewayError `bad-input` (`request-file`), `denied` (`request-signature`, `request-chain`). Attacker-controlled. */
export function readRequestFile(bytes: Uint8Array): ProvenRequest {
  const file = readSignedFile(REQUEST, bytes);
  if (!holdsSignature(file, file.key)) {
    const text = 'The request was changed after it was signed. It cannot be answered; ask for a new one.';
    throw new CausewayError('denied', text, { reason: 'request-signature' });
  }
  const { request, evidence } = file.content;
  const { keys, proposal, issued } = proveChain(evidence, request);
  const digest = requestDigest(request);
  const proposed = readProposal(proposal.hash, proposal.record);
  if (proposed === null || proposal.record.outcome !== 'success') throw differs('its proposal is none');
  const other = differenceToProposal(request, proposed);
  if (other !== null) throw differs(other);
  if (!isIssued(issued.record, request, digest)) throw differs('it is not the one that was put on record');
  return { request, digest, keys, issued: issued.hash };
}

/** The first member that is not as the proposal on record has it; null when all are. */
export function differenceToProposal(request: FileRequest, { hash, record, data }: ProposalOnRecord): string | null {
  const plan = canonicalDigest(data.plan).digest;
  const held: readonly (readonly [string, boolean])[] = [
    ['another proposal is meant', request.requestHash === hash],
    ['its plan is another one', plan === data.planDigest && canonicalDigest(request.plan).digest === plan],
    ['its plan has another digest', request.planDigest === plan],
    ['it is about another remediation', request.remediation === data.plan.remediation],
    ['its record is about another remediation', record.links?.remediation === request.remediation],
    ['it is about another incident', request.incident === data.plan.incident],
    ['its severity is another one', request.severity === data.severity],
    ['its environment is another one', request.environment === (data.environment ?? null)],
    ['another agent proposed it', request.requestedBy.agent === record.actor.id],
    ['it was asked for on behalf of another person', request.requestedBy.person === record.onBehalfOf?.id],
    ['its rule is another one', request.rule.id === data.rule],
    ['its policy is another one', request.policyVersion === data.policyVersion],
    ['it needs another number of approvals', request.required === data.approvalsRequired],
    ['it expires at another time', request.expiresAt === data.expiresAt],
  ];
  return held.find(([, holds]) => !holds)?.[0] ?? null;
}

const Setting = AUDIT_DATA['tenant.configuration_changed'];

/** Whether a verified record puts a request of this digest, for this proposal, on its chain. */
export function isIssued(
  record: AuditRecord,
  { remediation, requestHash }: Pick<FileRequest, 'remediation' | 'requestHash'>,
  digest: string,
): boolean {
  const data = Setting.safeParse(record.data);
  return (
    record.action === 'tenant.configuration_changed' &&
    record.outcome === 'success' &&
    record.target.type === 'remediation' &&
    record.target.id === remediation &&
    record.links?.request === requestHash &&
    data.success &&
    data.data.setting === REQUEST_SETTING &&
    data.data.new === digest
  );
}

function differs(what: string): CausewayError {
  const text = `The request is not what its chain has on record: ${what}. It cannot be answered.`;
  return new CausewayError('denied', text, { reason: 'request-chain' });
}
