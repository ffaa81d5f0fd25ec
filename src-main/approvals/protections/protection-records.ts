import { seal } from '#main/audit/seal.ts';
import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { approvedDigest } from './change.ts';
import { recordsAfter } from './records-after.ts';
import type { KeptDecision, KeptRequest } from './request-book.ts';

export type ProtectionTrail = Pick<AuditStore, 'append' | 'get' | 'getVerified' | 'head' | 'refusal'>;
type Somebody = KeptRequest['requestedBy'];
/** How a request ended without anybody deciding on it, or what became of an approval; stands in the record as `new`. */
export type Ending = 'withdrawn' | 'expired' | 'void' | 'not-carried-out';

const Setting = AUDIT_DATA['tenant.configuration_changed'];
const Approved = AUDIT_DATA['tenant.protection_change_approved'];
const settingOf = ({ change }: Pick<KeptRequest, 'change'>) => `protection-request.${change.kind}`;
const targetOf = ({ id }: Pick<KeptRequest, 'id'>) => ({ type: 'protection-request', id });
const personOf = ({ id, name, device }: Somebody) => ({
  actor: { type: 'user' as const, id, name: seal(id, name) },
  device: { id: device },
});
const PROTECTIONS = { actor: { type: 'system' as const, id: 'protections' } };

/** What the chain holds of a request and of what became of it. It is believed before anything that is kept beside it. */
export class ProtectionRecords {
  readonly #audit: ProtectionTrail;

  constructor(audit: ProtectionTrail) {
    this.#audit = audit;
  }

  /** False while the history is broken: then nothing but that can be asked for, and it goes without a record. */
  canRecord(): boolean {
    return this.#audit.refusal() === null;
  }

  requested(request: KeptRequest): Promise<string> {
    const data = { setting: settingOf(request), old: null, new: request.digest };
    return this.#setting(
      request,
      { ...personOf(request.requestedBy), outcome: 'success', data },
      'nothing was asked for',
    );
  }

  decided(request: KeptRequest, decision: KeptDecision, outcome: 'success' | 'denied'): Promise<string> {
    const { by, justification, reauthentication } = decision;
    return appendOrRefuse(
      this.#audit,
      {
        action: 'tenant.protection_change_approved',
        outcome,
        ...personOf(by),
        target: targetOf(request),
        data: {
          change: request.change.kind,
          changeDigest: approvedDigest(request.change, request.digest),
          justification: seal(by.id, justification),
          requestedBy: request.requestedBy.id,
          ...(request.record === null ? {} : { request: request.record }),
          reauthentication,
        },
      },
      'so nothing was decided',
    );
  }

  async ended(request: KeptRequest, how: Ending, by: Somebody | null): Promise<void> {
    const outcome = how === 'withdrawn' ? 'success' : how === 'not-carried-out' ? 'failure' : 'denied';
    const data = { setting: settingOf(request), old: request.digest, new: how };
    const who = by === null ? PROTECTIONS : personOf(by);
    await this.#setting(request, { ...who, outcome, data }, 'the request stands');
  }

  #setting(
    request: KeptRequest,
    input: Omit<Parameters<typeof appendOrRefuse<'tenant.configuration_changed'>>[1], 'action' | 'target'>,
    consequence: string,
  ): Promise<string> {
    const full = { action: 'tenant.configuration_changed' as const, target: targetOf(request), ...input };
    return appendOrRefuse(this.#audit, full, `so ${consequence}`);
  }

  /** Somebody tried who may not. */
  async refused(by: Somebody, role: string, reason: string): Promise<void> {
    await appendOrRefuse(
      this.#audit,
      {
        action: 'auth.access_denied',
        outcome: 'denied',
        ...personOf(by),
        target: { type: 'permission', id: 'protections.decide' },
        data: { permission: 'protections.decide', role, reason },
      },
      'so nothing was decided',
    );
  }

  /**
   * That the request kept is the one on record: a row edited in the database does not pass, whoever holds the key.
   * @throws CausewayError `audit-broken` (`request-differs`)
   */
  verifyRequest(request: KeptRequest): void {
    if (request.record === null) {
      if (request.change.kind === 'break-acknowledgement') return; // asked for while nothing could be written
      throw differs(request.id);
    }
    const record = this.#audit.getVerified(request.record)?.record;
    const data = Setting.safeParse(record?.data);
    const holds =
      record?.action === 'tenant.configuration_changed' &&
      record.outcome === 'success' &&
      record.actor.type === 'user' &&
      record.actor.id === request.requestedBy.id &&
      record.target.type === 'protection-request' &&
      record.target.id === request.id &&
      data.success &&
      data.data.setting === settingOf(request) &&
      data.data.old === null &&
      data.data.new === request.digest;
    if (!holds) throw differs(request.id);
  }

  /** That the approval kept is on record for this very request. @throws CausewayError `audit-broken` (`approval-differs`) */
  verifyApproval(request: KeptRequest): void {
    const hash = request.decision?.record ?? null;
    if (hash === null && request.record === null && request.decision !== null) return;
    const record = hash === null ? undefined : this.#audit.getVerified(hash)?.record;
    const data = Approved.safeParse(record?.data);
    const holds =
      record?.action === 'tenant.protection_change_approved' &&
      record.outcome === 'success' &&
      record.actor.type === 'user' &&
      record.actor.id === request.decision?.by.id &&
      data.success &&
      data.data.request === (request.record ?? undefined) &&
      data.data.requestedBy === request.requestedBy.id &&
      data.data.changeDigest === approvedDigest(request.change, request.digest);
    if (holds) return;
    const text = `The approval kept for ${request.id} is not one on record. It is not carried out; ask for the change anew.`;
    throw new CausewayError('audit-broken', text, { reason: 'approval-differs' });
  }

  /**
   * What the chain holds of decisions on this request, in order: an older copy of the file of requests put back makes
   * nothing undecided. Empty for a request without a record.
   */
  async history(request: KeptRequest): Promise<readonly StoredRecord[]> {
    if (request.record === null) return [];
    return recordsAfter(this.#audit, request.record, ({ record }) => {
      if (record.action === 'tenant.protection_change_approved') return record.data.request === request.record;
      if (record.action !== 'tenant.configuration_changed' || record.target.id !== request.id) return false;
      return record.data.old === request.digest && record.data.new !== ('not-carried-out' satisfies Ending);
    });
  }

  /** Whether the signing key was handed on after the approval. */
  async hasRotated(request: KeptRequest): Promise<boolean> {
    const { change, decision } = request;
    if (change.kind !== 'key-rotation' || decision?.record == null) return false;
    const rotations = await recordsAfter(this.#audit, decision.record, ({ record }) => {
      if (record.action !== 'credential.key_rotated' || record.outcome !== 'success') return false;
      return record.data.purpose === 'signing' && record.data.oldKey === change.from;
    });
    return rotations.length > 0;
  }

  /** The approval written after a break was acknowledged in record `seq`, if it got there. */
  approvalSince(request: KeptRequest, seq: number): string | null {
    for (let at = seq + 1; at <= this.#audit.head().seq; at++) {
      const stored = this.#audit.get(at);
      if (stored?.record.action !== 'tenant.protection_change_approved') continue;
      if (stored.record.data.changeDigest === request.digest) return stored.hash;
    }
    return null;
  }
}

function differs(id: string): CausewayError {
  const text = `The request ${id} is not the one on record. It cannot be decided; ask for the change anew.`;
  return new CausewayError('audit-broken', text, { reason: 'request-differs' });
}
