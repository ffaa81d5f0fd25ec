import { holdsSignature } from '#main/audit/signed-file.ts';
import type { AuditStore } from '#main/audit/store.ts';
import type { Clock } from '#main/platform/clock.ts';
import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import type { DeviceView } from '#shared/ipc/access-views.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { VerifiedAnswer } from '../decision.ts';
import { type ProposalOnRecord, readProposal } from '../judge-approval.ts';
import { type FileAnswer, readAnswerFile } from './answer-file.ts';
import { isIssued } from './request-file.ts';

/** Clocks of two machines differ by so much at most. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface AnswerPorts {
  readonly tenant: string;
  readonly audit: Pick<AuditStore, 'chain' | 'getVerified' | 'decisionsAfter'>;
  /** A device of this workspace by the id of its key; null when it is not registered, or was removed. */
  readonly device: (keyId: string) => { readonly device: DeviceView; readonly spki: Uint8Array } | null;
  readonly clock: Clock;
}

const ByFile = AUDIT_DATA['remediation.approved'].pick({ file: true, deviceKey: true }).loose();

/**
 * A decision that came back in a file: signed by the registered device of a person, an answer to a request this chain has
 * on record, in time, and not taken before. What it decides is not looked at here.
 * @throws CausewayError `bad-input` (`answer-file`), `denied` (`answer-device`, `answer-device-not-own`,
 * `answer-signature`), `conflict`
 * (`answer-other-workspace`, `answer-other-request`, `answer-other-plan`, `answer-stale`, `answer-replayed`,
 * `answer-spent`), `audit-broken`. Attacker-controlled.
 */
export async function verifyAnswer(bytes: Uint8Array, ports: AnswerPorts): Promise<VerifiedAnswer> {
  const { tenant, audit, device, clock } = ports;
  const file = readAnswerFile(bytes);
  const { content: answer, key, digest } = file;
  const known = device(key.id);
  if (known === null || !key.spki.equals(known.spki)) {
    throw refusal('denied', 'answer-device', `It is signed by the device key ${key.id}, which is not registered here.`);
  }
  if (known.device.registeredBy !== known.device.person) {
    const why = 'was registered by somebody else than the person it is of. They have to sign in here and register it';
    throw refusal('denied', 'answer-device-not-own', `The device key ${key.id} ${why}.`);
  }
  if (!holdsSignature(file, key)) {
    throw refusal('denied', 'answer-signature', 'It was changed after it was signed, or was signed by another key.');
  }
  if (answer.tenant !== tenant || answer.chain !== audit.chain) {
    throw refusal('conflict', 'answer-other-workspace', `It is for the workspace ${answer.tenant}, or another chain.`);
  }
  const { proposal, issuedAt } = readRequest(audit, answer);
  if (proposal.data.planDigest !== answer.planDigest || proposal.data.policyVersion !== answer.policyVersion) {
    throw refusal('conflict', 'answer-other-plan', 'It is about another plan, or another policy, than was proposed.');
  }
  demandTimely(answer, issuedAt, Date.parse(proposal.data.expiresAt), clock.now());
  await demandUnused(audit, answer, digest, key.id);
  const { person, id } = known.device;
  const { remediation, requestDigest, requestHash, planDigest, policyVersion } = answer;
  const { decision, justification, decidedAt, reauthentication } = answer;
  return {
    person,
    device: id,
    deviceKey: key.id,
    fileDigest: digest,
    requestDigest,
    remediation,
    planDigest,
    requestHash,
    decision,
    justification,
    decidedAt,
    policyVersion,
    reauthentication,
  };
}

/** The request as this chain has it: that it was made here, and for which proposal. */
function readRequest(
  audit: AnswerPorts['audit'],
  answer: FileAnswer,
): { readonly proposal: ProposalOnRecord; readonly issuedAt: number } {
  const issued = audit.getVerified(answer.issued)?.record;
  const proposed = audit.getVerified(answer.requestHash)?.record;
  const proposal = proposed === undefined ? null : readProposal(answer.requestHash, proposed);
  const own =
    issued !== undefined &&
    proposal !== null &&
    isIssued(issued, answer, answer.requestDigest) &&
    proposal.record.links?.remediation === answer.remediation;
  if (own) return { proposal, issuedAt: Date.parse(issued.time) };
  throw refusal('conflict', 'answer-other-request', 'It answers a request this workspace did not make.');
}

function demandTimely({ decidedAt }: FileAnswer, issuedAt: number, expiresAt: number, now: number): void {
  const decided = Date.parse(decidedAt);
  const why =
    decided < issuedAt - CLOCK_TOLERANCE_MS
      ? 'it says that it was decided before it was asked; one of the two clocks is wrong.'
      : decided >= expiresAt
        ? 'it was decided when the time for that had passed.'
        : decided > now + CLOCK_TOLERANCE_MS
          ? 'it says that it was decided in the future; one of the two clocks is wrong.'
          : now >= expiresAt
            ? 'the time to decide has passed; that counts as no.'
            : null;
  if (why !== null) throw refusal('conflict', 'answer-stale', `It comes at the wrong time: ${why}`);
}

/** The chain remembers which answers were taken: a program started anew, or an older file put back, forgets none. */
async function demandUnused(
  audit: AnswerPorts['audit'],
  answer: FileAnswer,
  fileDigest: string,
  deviceKey: string,
): Promise<void> {
  for (const { record } of await audit.decisionsAfter(answer.requestHash)) {
    const data = ByFile.safeParse(record.data);
    if (!data.success || data.data.file === undefined) continue;
    if (data.data.file === fileDigest) {
      throw refusal('conflict', 'answer-replayed', 'It was taken before.');
    }
    if (data.data.deviceKey === deviceKey && record.links?.request === answer.requestHash) {
      throw refusal('conflict', 'answer-spent', 'That device has answered this request before; one answer counts.');
    }
  }
}

function refusal(code: ErrorCode, reason: string, why: string): CausewayError {
  return new CausewayError(code, `This answer was not taken. ${why} Nothing was decided.`, { reason });
}
