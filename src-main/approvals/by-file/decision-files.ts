import { hashRecord } from '#main/audit/hash.ts';
import { seal } from '#main/audit/seal.ts';
import { SerialQueue } from '#main/audit/serial-queue.ts';
import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { ownDeviceKey } from '#main/identity/device-key.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import { checkProposal } from '../check-proposal.ts';
import type { VerifiedAnswer } from '../decision.ts';
import type { Proposal } from '../proposal-book.ts';
import { readJustification } from '../protections/justification.ts';
import type { RequestStore } from '../protections/request-store.ts';
import { writeAnswerFile } from './answer-file.ts';
import { collectEvidence } from './chain-evidence.ts';
import { writeDeviceFile } from './device-file.ts';
import { ForeignChains, TRUST_SETTING } from './foreign-chains.ts';
import { GivenAnswers } from './given-answers.ts';
import {
  differenceToProposal,
  type FileRequest,
  type ProvenRequest,
  REQUEST_SETTING,
  readRequestFile,
  requestDigest,
  writeRequestFile,
} from './request-file.ts';
import { type AnswerPorts, verifyAnswer } from './verify-answer.ts';

/** Of the records that say that an answer was given here, or that one was not taken. */
export const ANSWER_SETTING = 'decision-by-file';
/** Requests kept open at a time. */
const MOST_OPENED = 16;

export interface DecisionFilesOptions {
  readonly tenant: string;
  readonly audit: Pick<AuditStore, 'append' | 'chain' | 'decisionsAfter' | 'get' | 'getVerified' | 'keys'>;
  readonly store: RequestStore;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly device: { readonly id: string; readonly name: string };
  /** Registered devices of this workspace's people, by key id. */
  readonly registered: AnswerPorts['device'];
  readonly people: {
    nameOf(id: string): string;
    /** @throws CausewayError `reauthentication-required` */
    reauthenticate(principal: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
  };
}

export interface AnswerInput {
  /** Of the request as `openRequest` gave it. */
  readonly digest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly proof: Reauthentication;
  /** Id of the key that chain began with, once the person has compared it; needed at first sight of a chain. */
  readonly trust?: string | undefined;
}

/** Decisions that travel as files between consoles that do not reach each other (docs/decision-files.md). */
export interface DecisionFiles {
  /**
   * A request to be decided at another console, on record first. `severity` and the number of approvals are those on record.
   * @throws CausewayError `conflict` (`not-waiting`, `expired`), `audit-broken` (`proposal-differs`), `audit-unavailable`
   */
  saveRequest(by: Principal, proposal: Proposal): Promise<{ readonly digest: string; readonly bytes: Buffer }>;
  /**
   * Takes an answer that came back: checked, and handed to `decide`. One that is refused is on record.
   * @throws CausewayError as {@link verifyAnswer} and `decide`
   */
  takeAnswer<T>(by: Principal, bytes: Uint8Array, decide: (answer: VerifiedAnswer) => Promise<T>): Promise<T>;
  /** Reads another console's request. @throws CausewayError `bad-input`, `denied`, `conflict` (`expired`), `audit-broken` */
  openRequest(bytes: Uint8Array): Promise<ForeignRequest>;
  /**
   * The decision on a request that was opened, signed by this person's key at this device; on the own record first.
   * @throws CausewayError `not-found` (open it first), `conflict` (`request-key-unknown`, `expired`, `answered`),
   * `denied` (`api-key`, `request-key`), `reauthentication-required`, `bad-input`, `audit-unavailable`, `keychain-unavailable`
   */
  answerRequest(principal: Principal, input: AnswerInput): Promise<Buffer>;
  /** This person's public key at this device, for another console to register. */
  exportDevice(principal: Principal): Promise<Buffer>;
}

export function createDecisionFiles(options: DecisionFilesOptions): DecisionFiles {
  const { tenant, audit, store, secrets, clock, random, device, people, registered } = options;
  const chains = new ForeignChains(store, audit);
  const answers = new GivenAnswers(store);
  const opened = new Map<string, ProvenRequest>();
  const queue = new SerialQueue(); // a key is made once, an answer taken once

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
      requestedBy: { agent: onRecord.record.actor.id, person, name: people.nameOf(person).slice(0, 100) || person },
      rule: { id: onRecord.data.rule, text: rule.text },
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
        await recordAnswer(by, hashRecord(bytes), 'denied', { type: 'decision-file', id: error.reason ?? 'refused' });
      }
      throw error;
    }
    return decide(answer);
  }

  async function recordAnswer(
    by: Principal,
    digest: string,
    outcome: 'success' | 'denied',
    target: { readonly type: string; readonly id: string },
  ): Promise<void> {
    await appendOrRefuse(
      audit,
      {
        action: 'tenant.configuration_changed',
        outcome,
        ...recordedAs(by),
        target,
        data: { setting: ANSWER_SETTING, old: null, new: digest },
      },
      'so no decision was given',
    );
  }

  async function openRequest(bytes: Uint8Array): Promise<ForeignRequest> {
    const proven = readRequestFile(bytes);
    const { request, digest, keys } = proven;
    if (request.chain === audit.chain) {
      const text = 'This is a request of this very workspace. Sign in and decide here: nobody answers it by file.';
      throw new CausewayError('bad-input', text, { reason: 'request-own-chain' });
    }
    if (clock.now() >= Date.parse(request.expiresAt)) throw expired('decide on this request');
    const known = chains.recall(request.chain, keys);
    opened.delete(digest);
    opened.set(digest, proven);
    for (const oldest of opened.keys()) {
      if (opened.size <= MOST_OPENED) break;
      opened.delete(oldest);
    }
    return viewOf(proven, known === null);
  }

  async function answerRequest(principal: Principal, input: AnswerInput): Promise<Buffer> {
    if (principal.type !== 'user') {
      throw new CausewayError('denied', 'An API key decides nothing: sign in.', { reason: 'api-key' });
    }
    const proven = opened.get(input.digest);
    if (proven === undefined) {
      throw new CausewayError('not-found', 'Open the request first; this one is not open here.');
    }
    const { request, digest, keys, issued } = proven;
    const justification = readJustification(input.justification);
    if (clock.now() >= Date.parse(request.expiresAt)) throw expired('decide on this request');
    const known = chains.recall(request.chain, keys);
    if (known === null) demandCompared(keys, input.trust);
    const given = answers.read(digest, principal.id);
    if (given !== null && given.decision !== input.decision) {
      const text = `You answered this request before, and said ${given.decision}. One answer counts; ask for a new request.`;
      throw new CausewayError('conflict', text, { reason: 'answered' });
    }
    const reauthentication = await people.reauthenticate(principal, input.proof);
    const now = clock.now();
    if (now >= Date.parse(request.expiresAt)) throw expired('decide on this request');
    if (given !== null) return given.bytes;
    const { remediation, requestHash, planDigest, policyVersion } = request;
    const { decision } = input;
    const content = {
      tenant: request.tenant,
      chain: request.chain,
      remediation,
      requestDigest: digest,
      issued,
      requestHash,
      planDigest,
      policyVersion,
      decision,
      justification,
      decidedAt: new Date(now).toISOString(),
      reauthentication,
    };
    const bytes = await writeAnswerFile(content, await ownDeviceKey(secrets, principal.device.id, principal.id));
    await trust(principal, proven, known?.record ?? null);
    await recordAnswer(principal, hashRecord(bytes), 'success', { type: 'decision-request', id: digest });
    answers.save(digest, principal.id, { decision, bytes });
    return bytes;
  }

  /** On record first: whoever can write to the file alone makes no chain a known one. */
  async function trust(by: Principal, { request, keys }: ProvenRequest, known: string | null): Promise<void> {
    const { chain } = request;
    const record =
      known ??
      (await appendOrRefuse(
        audit,
        {
          action: 'tenant.configuration_changed',
          outcome: 'success',
          ...recordedAs(by),
          target: { type: 'chain', id: chain },
          data: { setting: TRUST_SETTING, old: null, new: keys[0]?.id ?? null },
        },
        'so nothing was answered',
      ));
    chains.remember({ chain, tenant: request.tenant, keys: [...keys], record });
  }

  return {
    saveRequest: (by, proposal) => queue.run(() => saveRequest(by, proposal)),
    takeAnswer: (by, bytes, decide) => queue.run(() => takeAnswer(by, bytes, decide)),
    openRequest: (bytes) => queue.run(() => openRequest(bytes)),
    answerRequest: (principal, input) => queue.run(() => answerRequest(principal, input)),
    exportDevice: (principal) =>
      queue.run(async () => {
        const key = await ownDeviceKey(secrets, principal.device.id, principal.id);
        return writeDeviceFile(key, principal.device.name, principal.name);
      }),
  };
}

function recordedAs({ type, id, name, device }: Principal) {
  return {
    actor: { type, id, name: seal(id, name) },
    device: { id: device.id, name: seal(id, device.name) },
  };
}

function demandCompared(keys: ProvenRequest['keys'], trust: string | undefined): void {
  const first = keys[0]?.id;
  if (first !== undefined && trust === first) return;
  const text =
    trust === undefined
      ? `A request of this chain is here for the first time. Compare the id of its first key, ${first}, with what its owner says another way.`
      : `The chain that asks began with key ${first}, not with the one you compared. Nothing was answered.`;
  const reason = trust === undefined ? 'request-key-unknown' : 'request-key';
  throw new CausewayError(trust === undefined ? 'conflict' : 'denied', text, { reason });
}

function viewOf({ request, digest, keys }: ProvenRequest, firstSight: boolean): ForeignRequest {
  const { tenant, chain, plan, planDigest, severity, requestedBy, rule, createdAt, expiresAt, required } = request;
  return {
    digest,
    tenant,
    chain,
    keyId: keys[0]?.id ?? '',
    firstSight,
    plan,
    planDigest,
    severity,
    required,
    requestedByName: requestedBy.name,
    rule: rule.text,
    createdAt,
    expiresAt,
  };
}

function expired(what: string): CausewayError {
  const text = `The time to ${what} has passed; that counts as no. Nothing was written.`;
  return new CausewayError('conflict', text, { reason: 'expired' });
}
