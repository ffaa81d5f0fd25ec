import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Guard } from '#main/policy/guard.ts';
import { protectionRequest } from '#main/policy/step-requests.ts';
import { CausewayError } from '#shared/errors.ts';
import { approvedDigest, digestOfRequest } from './change.ts';
import type { ProtectionFacts } from './protection-facts.ts';
import { MAY_ASK, type ProtectionPeople, SAME_HUMAN, somebody } from './protection-people.ts';
import type { ProtectionRecords } from './protection-records.ts';
import type { KeptDecision, KeptRequest, RequestBook, RequestState } from './request-book.ts';

/** How long another person has time to decide, and an approved change to be tried again. */
export const OPEN_MS = 24 * 60 * 60_000;

export interface RequestCheckParts {
  readonly tenant: string;
  readonly audit: Pick<AuditStore, 'chain'>;
  readonly clock: Clock;
  readonly people: ProtectionPeople;
  readonly guard: Guard;
  readonly book: RequestBook;
  readonly records: ProtectionRecords;
  readonly facts: ProtectionFacts;
}

/** What has to hold of a request before anything is decided or done about it. What no longer holds ends it, on record. */
export class RequestChecks {
  readonly #parts: RequestCheckParts;

  constructor(parts: RequestCheckParts) {
    this.#parts = parts;
  }

  /**
   * That the request is what is on record, and was not decided there already.
   * @throws CausewayError `audit-broken`, `conflict` (`decided-on-record`)
   */
  async requireOnRecord(request: KeptRequest): Promise<void> {
    const { tenant, audit, records } = this.#parts;
    const { id, change, requestedBy, expiresAt, digest } = request;
    const binding = { tenant, chain: audit.chain, id, requestedBy: requestedBy.id, expiresAt };
    if (digestOfRequest(change, binding) !== digest) {
      const text = `The request ${id} is not what its digest says. It cannot be decided; ask for the change anew.`;
      throw new CausewayError('audit-broken', text, { reason: 'request-differs' });
    }
    records.verifyRequest(request);
    const aligned = this.align(request, await records.history(request));
    if (aligned === null || aligned.state === request.state) return;
    const text = `The request ${id} was decided already, by the audit trail.`;
    throw new CausewayError('conflict', text, { reason: 'decided-on-record' });
  }

  /** The chain decides what was decided; null when it holds nothing of it. A no counts before a yes. */
  align(request: KeptRequest, history: readonly StoredRecord[]): KeptRequest | null {
    const against = history.find(({ record }) => record.outcome !== 'success' || record.data.new === 'withdrawn');
    const [first] = history;
    if (first === undefined) return null;
    if (against === undefined && request.state === 'approved') return request;
    const aligned = against === undefined ? approvedBy(request, first) : { ...request, state: endOf(against) };
    this.#parts.book.save(aligned);
    return aligned;
  }

  /** @throws CausewayError `conflict` (`expired`) */
  async requireInTime(request: KeptRequest): Promise<void> {
    if (!this.isDue(request)) return;
    await this.expire(request);
    const text = 'The time to decide on this has passed; that counts as no. Ask for the change anew.';
    throw new CausewayError('conflict', text, { reason: 'expired' });
  }

  /** What was approved can be tried again for as long as it could be decided on; a policy is in force by the chain. */
  isDue({ state, change, expiresAt, decision }: KeptRequest): boolean {
    if (state === 'approved' && change.kind === 'policy-change') return false;
    const end = state === 'approved' && decision !== null ? Date.parse(decision.at) + OPEN_MS : Date.parse(expiresAt);
    return this.#parts.clock.now() >= end;
  }

  async expire(request: KeptRequest): Promise<void> {
    const { book, records } = this.#parts;
    const approved = request.state === 'approved';
    if (!approved && request.record !== null) await records.ended(request, 'expired', null);
    book.save({ ...request, state: approved ? 'failed' : 'expired' });
  }

  /** @throws CausewayError `denied` (`approver-is-requester`), on record where that is possible */
  async requireAnother(request: KeptRequest, by: Principal): Promise<void> {
    const { records } = this.#parts;
    if (!this.isRequester(request, by)) return;
    if (records.canRecord()) await records.refused(somebody(by), by.role, 'approver-is-requester');
    throw new CausewayError('denied', `${SAME_HUMAN} Nothing was decided.`, { reason: 'approver-is-requester' });
  }

  /** Whoever is the same human now, or was when it was asked for. */
  isRequester({ requestedBy, accounts = [] }: KeptRequest, by: Principal): boolean {
    const { people } = this.#parts;
    const asked = new Set([requestedBy.id, people.humanBehind(requestedBy.id), ...accounts]);
    return [by.id, by.human, people.humanBehind(by.id)].some((id) => asked.has(id));
  }

  /** @throws CausewayError `conflict` (`void`): what it is about is no longer so, or nobody who may ask stands behind it */
  async requireStillSo(request: KeptRequest): Promise<void> {
    const { book, records, facts, people } = this.#parts;
    const { requestedBy, change } = request;
    const asks = people.mayNow(requestedBy.id, MAY_ASK[change.kind]);
    const reason = asks ? await facts.voidness(change) : askerGone();
    if (reason === null) return;
    if (request.record !== null && records.canRecord()) await records.ended(request, 'void', null);
    book.save({ ...request, state: 'void' });
    throw new CausewayError('conflict', reason.message, { reason: 'void', cause: reason });
  }

  /**
   * The guardrail policies have the last word. They are not asked about a break of the history: which ones are in force
   * is told by the very trail that is broken then, and nothing can be recorded.
   * @throws CausewayError `denied` (`policy-denied`), `audit-unavailable`
   */
  async requireAllowed(request: KeptRequest, by: Principal): Promise<void> {
    if (request.record === null) return;
    const { guard, people } = this.#parts;
    const { change, digest, requestedBy } = request;
    const ask = protectionRequest({
      by: { type: by.type, id: by.id, human: by.human },
      kind: change.kind,
      changeDigest: approvedDigest(change, digest),
      requester: people.humanBehind(requestedBy.id),
      approvals: this.isRequester(request, by) ? 0 : 1,
      alone: people.alone(),
    });
    const device = { id: by.device.id };
    await guard(ask, { actor: { type: by.type, id: by.id }, device, links: { request: request.record } });
  }
}

function askerGone(): CausewayError {
  const text =
    'Whoever asked for this has left the workspace, or may not ask for it any more. Ask anew if it is still meant.';
  return new CausewayError('conflict', text, { reason: 'asker-gone' });
}

/** The request as the record of its approval says. */
function approvedBy(request: KeptRequest, { hash, record }: StoredRecord): KeptRequest {
  const by = { id: record.actor.id, name: record.actor.id, device: record.device?.id ?? 'unknown' };
  // why they agreed is sealed in the record, which stays what counts
  const decision: KeptDecision = { by, at: record.time, justification: '', reauthentication: 'none', record: hash };
  return { ...request, state: 'approved', decision };
}

function endOf({ record }: StoredRecord): RequestState {
  switch (record.data.new) {
    case 'withdrawn':
    case 'expired':
    case 'void':
      return record.data.new;
    default:
      return 'rejected';
  }
}
