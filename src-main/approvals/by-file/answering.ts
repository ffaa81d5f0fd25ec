import { hashRecord } from '#main/audit/hash.ts';
import { ownDeviceKey } from '#main/identity/device-key.ts';
import type { Principal } from '#main/identity/principal.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import { readJustification } from '../protections/justification.ts';
import { writeAnswerFile } from './answer-file.ts';
import { type DecisionFilesOptions, expired, recordAnswer, recordedAs } from './decision-file-parts.ts';
import type { AnswerInput, DecisionFiles } from './decision-files.ts';
import { writeDeviceFile } from './device-file.ts';
import { ForeignChains, TRUST_SETTING } from './foreign-chains.ts';
import { type GivenAnswer, GivenAnswers } from './given-answers.ts';
import { type ProvenRequest, readRequestFile } from './request-file.ts';

/** Requests kept open at a time. */
const MOST_OPENED = 16;

/** The console of the person who answers: reads others' requests, and signs decisions on them. */
export function createAnswering(
  options: DecisionFilesOptions,
): Pick<DecisionFiles, 'openRequest' | 'answerRequest' | 'exportDevice'> {
  const { audit, store, secrets, clock, people } = options;
  const chains = new ForeignChains(store, audit);
  const answers = new GivenAnswers(store);
  const opened = new Map<string, ProvenRequest>();

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
    if (given !== null) return handOut(principal, digest, given);
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
    const made = { decision, bytes, recorded: false };
    // kept before its record: however this ends, there is one answer of this person to this request, and it is this one
    answers.save(digest, principal.id, made);
    return handOut(principal, digest, made);
  }

  /** On record first. One whose record may have been written just before the program ended is put there again. */
  async function handOut(by: Principal, request: string, given: GivenAnswer): Promise<Buffer> {
    if (!given.recorded) {
      await recordAnswer(audit, by, hashRecord(given.bytes), 'success', { type: 'decision-request', id: request });
      answers.save(request, by.id, { ...given, recorded: true });
    }
    return given.bytes;
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

  async function exportDevice(principal: Principal): Promise<Buffer> {
    const key = await ownDeviceKey(secrets, principal.device.id, principal.id);
    return writeDeviceFile(key, principal.device.name, principal.name);
  }

  return { openRequest, answerRequest, exportDevice };
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
