import { hashRecord } from '#main/audit/hash.ts';
import type { StoredRecord } from '#main/audit/store.ts';
import { ownDeviceKey } from '#main/identity/device-key.ts';
import type { Principal } from '#main/identity/principal.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import { checkProposal } from '../check-proposal.ts';
import type { VerifiedAnswer } from '../decision.ts';
import type { Proposal } from '../proposal-book.ts';
import { collectEvidence } from './chain-evidence.ts';
import { type DecisionFilesOptions, expired, recordAnswer, recordedAs } from './decision-file-parts.ts';
import type { DecisionFiles } from './decision-files.ts';
import { toPlainText } from './plain-text.ts';
import {
  differenceToProposal,
  type FileRequest,
  REQUEST_SETTING,
  requestDigest,
  writeRequestFile,
} from './request-file.ts';
import { verifyAnswer } from './verify-answer.ts';

/** The console that asks: makes requests, and takes the answers that come back. */
export function createAsking(options: DecisionFilesOptions): Pick<DecisionFiles, 'saveRequest' | 'takeAnswer'> {
  const { tenant, audit, secrets, clock, random, device, people, registered } = options;

  async function saveRequest(by: Principal, proposal: Proposal) {
    const request = describeRequest(by, proposal);
    const digest = requestDigest(request);
    const { remediation, requestHash, incident } = request;
    const issued = await appendOrRefuse(
      audit,
      {
        action: 'tenant.configuration_changed',
        outcome: 'success',
        ...recordedAs(by),
        target: { type: 'remediation', id: remediation },
        links: { incident, investigation: proposal.investigation, remediation, request: requestHash },
        data: { setting: REQUEST_SETTING, old: null, new: digest },
      },
      'so no request was made',
    );
    const evidence = collectEvidence(audit, stored(requestHash), stored(issued));
    return { digest, bytes: await writeRequestFile(request, evidence, await ownDeviceKey(secrets, device.id)) };
  }

  function describeRequest(by: Principal, proposal: Proposal): FileRequest {
    const { remediation } = proposal;
    const { id, rule, plan, planDigest, requestHash, expiresAt } = remediation;
    if (remediation.status !== 'proposed') {
      const text = `${id} is ${remediation.status}; it is not waiting for a decision.`;
      throw new CausewayError('conflict', text, { reason: 'not-waiting' });
    }
    const now = clock.now();
    if (now >= Date.parse(expiresAt)) throw expired(`decide on ${id}`);
    const onRecord = checkProposal(audit, proposal);
    const { severity, approvalsRequired, environment } = onRecord.data;
    const person = onRecord.record.onBehalfOf?.id;
    if (severity === undefined || approvalsRequired === undefined || person === undefined) {
      const text = `${id} was proposed by an earlier version. Start a new investigation to have it decided by file.`;
      throw new CausewayError('conflict', text, { reason: 'proposal-too-old' });
    }
    const request: FileRequest = {
      tenant,
      chain: audit.chain,
      remediation: id,
      incident: proposal.incident,
      severity,
      environment: environment ?? null,
      plan,
      planDigest,
      requestHash,
      requestedBy: { agent: onRecord.record.actor.id, person, name: toPlainText(people.nameOf(person), 100) || person },
      rule: { id: onRecord.data.rule, text: toPlainText(rule.text, 500) },
      policyVersion: onRecord.data.policyVersion,
      required: approvalsRequired,
      createdAt: new Date(now).toISOString(),
      expiresAt,
      nonce: Buffer.from(random.bytes(32)).toString('hex'),
    };
    const difference = differenceToProposal(request, onRecord);
    if (difference === null && tenant === by.tenant) return request;
    const text = `The plan kept for ${id} is not the one on record. It cannot be decided; start a new investigation.`;
    throw new CausewayError('audit-broken', text, {
      reason: 'proposal-differs',
      cause: new Error(difference ?? 'tenant'),
    });
  }

  function stored(hash: string): StoredRecord {
    const record = audit.getVerified(hash);
    if (record !== null) return record;
    const text = 'A record the request rests on is no longer found. Verify the trail.';
    throw new CausewayError('audit-broken', text, { reason: 'record-broken' });
  }

  async function takeAnswer<T>(by: Principal, bytes: Uint8Array, decide: (answer: VerifiedAnswer) => Promise<T>) {
    let answer: VerifiedAnswer;
    try {
      answer = await verifyAnswer(bytes, { tenant, audit, clock, device: registered });
    } catch (error) {
      if (error instanceof CausewayError && (error.code === 'denied' || error.code === 'conflict')) {
        await recordAnswer(audit, by, hashRecord(bytes), 'denied', {
          type: 'decision-file',
          id: error.reason ?? 'refused',
        });
      }
      throw error;
    }
    return decide(answer);
  }

  return { saveRequest, takeAnswer };
}
