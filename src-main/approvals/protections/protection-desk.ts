import { SerialQueue } from '#main/audit/serial-queue.ts';
import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ProtectionOutcome, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Apply } from './carry-out.ts';
import { digestOfRequest, type ProtectionChange } from './change.ts';
import { readJustification } from './justification.ts';
import { ProtectionCarrier } from './protection-carrier.ts';
import { type PolicyFacts, ProtectionFacts } from './protection-facts.ts';
import { ProtectionRecords, type ProtectionTrail } from './protection-records.ts';
import type { ProtectionDecision, Protections } from './protections.ts';
import { type KeptDecision, type KeptRequest, RequestBook, type RequestState } from './request-book.ts';
import type { RequestStore } from './request-store.ts';

/** How long another person has time to decide, and an approved change to be tried again. */
export const OPEN_MS = 24 * 60 * 60_000;
/** As many wait at a time. */
const MOST_OPEN = 50;

/** The people of the workspace, as far as two-person changes go. */
export interface ProtectionPeople {
  /** How many humans there are, however many accounts they have. */
  humans(): number;
  humanBehind(id: string): string;
  nameOf(id: string): string;
  /** @throws CausewayError `reauthentication-required` */
  reauthenticate(principal: Principal, proof: Reauthentication): Promise<'password' | 'totp'>;
}

export interface ProtectionsOptions {
  readonly tenant: string;
  readonly audit: ProtectionTrail & Pick<AuditStore, 'chain' | 'keyId' | 'standing'>;
  readonly store: RequestStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly people: ProtectionPeople;
  readonly policies: PolicyFacts;
  readonly apply: Apply;
  readonly onWarning: (error: unknown, what: string) => void;
  /** Told after every change of what is pending. */
  readonly onChange?: () => void;
}

export class ProtectionDesk implements Protections {
  readonly #options: ProtectionsOptions;
  readonly #book: RequestBook;
  readonly #records: ProtectionRecords;
  readonly #facts: ProtectionFacts;
  readonly #carrier: ProtectionCarrier;
  /** One after the other: of two answers at once the second sees what the first did. */
  readonly #queue = new SerialQueue();

  constructor(options: ProtectionsOptions) {
    const { audit, policies, store, apply, onWarning } = options;
    this.#options = options;
    this.#book = new RequestBook(store);
    this.#records = new ProtectionRecords(audit);
    this.#facts = new ProtectionFacts(audit, policies);
    this.#carrier = new ProtectionCarrier({
      book: this.#book,
      records: this.#records,
      facts: this.#facts,
      apply,
      onWarning,
    });
  }

  pending(by: Principal): readonly ProtectionRequest[] {
    return this.#open()
      .filter((request) => !this.#isDue(request))
      .slice(0, 100)
      .map((request) => this.#show(request, by));
  }

  propose(by: Principal, change: ProtectionChange, justification: string, proof: Reauthentication) {
    return this.#run(() => this.#propose(by, change, justification, proof));
  }

  decide(by: Principal, input: ProtectionDecision) {
    return this.#run(() => this.#decide(by, input));
  }

  withdraw(by: Principal, id: string): Promise<void> {
    return this.#run(async () => {
      const request = this.#book.read(id);
      if (request.state !== 'waiting') throw notWaiting(request);
      if (request.requestedBy.id !== by.id) {
        const text = 'Only the person who asked for a change can withdraw it. It can be rejected instead.';
        throw new CausewayError('denied', text, { reason: 'not-requester' });
      }
      await this.#checkOnRecord(request);
      if (request.record !== null) await this.#records.ended(request, 'withdrawn', somebody(by));
      this.#book.save({ ...request, state: 'withdrawn' });
    });
  }

  expireDue(): Promise<void> {
    return this.#run(async () => {
      for (const request of this.#open()) {
        if (!this.#isDue(request)) continue;
        await this.#expire(request).catch((error) =>
          this.#warn(error, `${request.id} could not be recorded as expired`),
        );
      }
    });
  }

  recover(): Promise<void> {
    return this.#run(async () => {
      for (const request of this.#open()) {
        await this.#recover(request).catch((error) =>
          this.#warn(error, `${request.id} could not be brought to its end`),
        );
      }
    });
  }

  async #propose(
    by: Principal,
    change: ProtectionChange,
    justification: string,
    proof: Reauthentication,
  ): Promise<ProtectionOutcome> {
    requirePerson(by);
    const reason = readJustification(justification);
    const refusal = this.#options.audit.refusal();
    if (refusal !== null && change.kind !== 'break-acknowledgement') throw refusal;
    const prepared = await this.#facts.prepare(change);
    if (this.#open().length >= MOST_OPEN) {
      const text = `${MOST_OPEN} changes wait to be decided. Have some of them decided or withdrawn first.`;
      throw new CausewayError('rate-limited', text, { reason: 'open-requests' });
    }
    const reauthentication = await this.#options.people.reauthenticate(by, proof);
    const { tenant, audit, clock, random } = this.#options;
    const id = `prot-${Buffer.from(random.bytes(6)).toString('hex')}`;
    const now = clock.now();
    const expiresAt = new Date(now + OPEN_MS).toISOString();
    const binding = { tenant, chain: audit.chain, id, requestedBy: by.id, expiresAt };
    const unrecorded: KeptRequest = {
      ...prepared,
      id,
      state: 'waiting',
      details: [...prepared.details],
      digest: digestOfRequest(prepared.change, binding),
      requestedBy: somebody(by),
      justification: reason,
      requestedAt: new Date(now).toISOString(),
      expiresAt,
      record: null,
      decision: null,
      attempts: 0,
    };
    const record = this.#records.canRecord() ? await this.#records.requested(unrecorded) : null;
    const request = { ...unrecorded, record };
    this.#book.save(request);
    if (this.#options.people.humans() !== 1) return { state: 'waiting', request: this.#show(request, by) };
    return this.#approve(request, by, reason, reauthentication);
  }

  async #decide(by: Principal, input: ProtectionDecision): Promise<ProtectionOutcome> {
    const request = this.#book.read(input.request);
    if (request.state !== 'waiting' && request.state !== 'approved') throw notWaiting(request);
    if (input.digest !== request.digest) {
      const text = 'What was shown is not what this request is about. Open it again; nothing was decided.';
      throw new CausewayError('conflict', text, { reason: 'request-digest' });
    }
    requirePerson(by);
    const reason = readJustification(input.justification);
    await this.#checkOnRecord(request);
    await this.#requireInTime(request);
    const first = request.state === 'waiting';
    if (first && input.decision === 'approve') await this.#requireAnother(request, by);
    if (input.decision === 'approve' && (first || request.change.kind !== 'policy-change')) {
      await this.#requireStillSo(request);
    }
    const reauthentication = await this.#options.people.reauthenticate(by, input.reauthentication);
    await this.#requireInTime(request); // asking for the password takes time
    if (input.decision === 'reject') return this.#reject(request, by, reason, reauthentication);
    if (first) return this.#approve(request, by, reason, reauthentication);
    await this.#carryOut(request);
    return { state: 'done' };
  }

  async #approve(
    request: KeptRequest,
    by: Principal,
    justification: string,
    reauthentication: 'password' | 'totp',
  ): Promise<ProtectionOutcome> {
    const at = new Date(this.#options.clock.now()).toISOString();
    const given: KeptDecision = { by: somebody(by), at, justification, reauthentication, record: null };
    // on record first, where that is possible; what nothing could be recorded of is recorded when it was carried out
    const record = request.record === null ? null : await this.#records.decided(request, given, 'success');
    const approved = { ...request, state: 'approved' as const, decision: { ...given, record } };
    this.#book.save(approved);
    await this.#carryOut(approved);
    return { state: 'done' };
  }

  async #reject(
    request: KeptRequest,
    by: Principal,
    justification: string,
    reauthentication: 'password' | 'totp',
  ): Promise<ProtectionOutcome> {
    if (request.state === 'approved' && request.change.kind === 'policy-change') {
      const text = 'This policy is in force by the audit trail. Ask for another one instead.';
      throw new CausewayError('conflict', text, { reason: 'decided-on-record' });
    }
    const at = new Date(this.#options.clock.now()).toISOString();
    const decision: KeptDecision = { by: somebody(by), at, justification, reauthentication, record: null };
    const record = this.#records.canRecord() ? await this.#records.decided(request, decision, 'denied') : null;
    this.#book.save({ ...request, state: 'rejected', decision: { ...decision, record } });
    return { state: 'rejected' };
  }

  async #carryOut(approved: KeptRequest): Promise<void> {
    this.#records.verifyApproval(approved);
    if ((await this.#carrier.settle(approved)) === null) await this.#carrier.carryOut(approved);
  }

  async #recover(request: KeptRequest): Promise<void> {
    let current = request;
    if (request.state === 'waiting') {
      this.#records.verifyRequest(request);
      const aligned = this.#align(request, await this.#records.history(request));
      if (aligned === null) return;
      current = aligned;
    }
    if (current.state !== 'approved') return;
    this.#records.verifyApproval(current);
    if ((await this.#carrier.settle(current)) !== null || current.change.kind !== 'policy-change') return;
    if (await this.#carrier.isSuperseded(current)) this.#book.save({ ...current, state: 'void' });
    else await this.#carrier.carryOut(current);
  }

  /** The chain decides what was decided; null when it holds nothing of it. A no counts before a yes. */
  #align(request: KeptRequest, history: readonly StoredRecord[]): KeptRequest | null {
    const against = history.find(({ record }) => record.outcome !== 'success' || record.data.new === 'withdrawn');
    const [first] = history;
    if (first === undefined) return null;
    if (against === undefined && request.state === 'approved') return request;
    const aligned = against === undefined ? approvedBy(request, first) : { ...request, state: endOf(against) };
    this.#book.save(aligned);
    return aligned;
  }

  /** @throws CausewayError `audit-broken`, `conflict` (`decided-on-record`) */
  async #checkOnRecord(request: KeptRequest): Promise<void> {
    const { tenant, audit } = this.#options;
    const { id, change, requestedBy, expiresAt, digest } = request;
    const binding = { tenant, chain: audit.chain, id, requestedBy: requestedBy.id, expiresAt };
    if (digestOfRequest(change, binding) !== digest) {
      const text = `The request ${id} is not what its digest says. It cannot be decided; ask for the change anew.`;
      throw new CausewayError('audit-broken', text, { reason: 'request-differs' });
    }
    this.#records.verifyRequest(request);
    const aligned = this.#align(request, await this.#records.history(request));
    if (aligned !== null && aligned.state !== request.state) {
      const text = `The request ${id} was decided already, by the audit trail.`;
      throw new CausewayError('conflict', text, { reason: 'decided-on-record' });
    }
  }

  async #requireInTime(request: KeptRequest): Promise<void> {
    if (!this.#isDue(request)) return;
    await this.#expire(request);
    const text = 'The time to decide on this has passed; that counts as no. Ask for the change anew.';
    throw new CausewayError('conflict', text, { reason: 'expired' });
  }

  async #requireAnother(request: KeptRequest, by: Principal): Promise<void> {
    if (!this.#isRequester(request, by)) return;
    if (this.#records.canRecord()) await this.#records.refused(somebody(by), by.role, 'approver-is-requester');
    throw new CausewayError('denied', `${SAME_HUMAN} Nothing was decided.`, { reason: 'approver-is-requester' });
  }

  async #requireStillSo(request: KeptRequest): Promise<void> {
    const reason = await this.#facts.voidness(request.change);
    if (reason === null || (request.state === 'approved' && (await this.#carrier.settle(request)) !== null)) {
      if (reason === null) return;
      throw notWaiting({ ...request, state: 'done' });
    }
    if (request.record !== null && this.#records.canRecord()) await this.#records.ended(request, 'void', null);
    this.#book.save({ ...request, state: 'void' });
    throw new CausewayError('conflict', reason.message, { reason: 'void', cause: reason });
  }

  #isRequester({ requestedBy }: KeptRequest, by: Principal): boolean {
    const { people } = this.#options;
    const human = people.humanBehind(requestedBy.id);
    return [by.id, by.human, people.humanBehind(by.id)].some((id) => id === human || id === requestedBy.id);
  }

  async #expire(request: KeptRequest): Promise<void> {
    const approved = request.state === 'approved';
    if (!approved && request.record !== null) await this.#records.ended(request, 'expired', null);
    this.#book.save({ ...request, state: approved ? 'failed' : 'expired' });
  }

  /** What was approved can be tried again for as long as it could be decided on; a policy is in force by the chain. */
  #isDue({ state, change, expiresAt, decision }: KeptRequest): boolean {
    if (state === 'approved' && change.kind === 'policy-change') return false;
    const end = state === 'approved' && decision !== null ? Date.parse(decision.at) + OPEN_MS : Date.parse(expiresAt);
    return this.#options.clock.now() >= end;
  }

  #open(states: readonly RequestState[] = ['waiting', 'approved']): readonly KeptRequest[] {
    return this.#book.list(states, (error, id) => this.#warn(error, `the request ${id} cannot be read`));
  }

  #show(request: KeptRequest, by: Principal): ProtectionRequest {
    const { id, change, summary, details, digest, requestedBy, justification, requestedAt, expiresAt } = request;
    const tried = request.state === 'approved';
    return {
      id,
      kind: change.kind,
      summary: tried ? `Approved, not carried out: ${summary}`.slice(0, 1000) : summary,
      details,
      digest,
      requestedBy: requestedBy.id,
      requestedByName: this.#options.people.nameOf(requestedBy.id).slice(0, 100),
      justification,
      requestedAt,
      expiresAt,
      mayNotDecide: by.type !== 'user' ? API_KEY : !tried && this.#isRequester(request, by) ? SAME_HUMAN : null,
    };
  }

  #warn(error: unknown, what: string): void {
    this.#options.onWarning(error, what);
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      try {
        return await work();
      } finally {
        this.#options.onChange?.();
      }
    });
  }
}

const API_KEY = 'An API key decides nothing of this: sign in.';
const SAME_HUMAN = 'You asked for this change; another person has to agree to it.';

function somebody({ id, name, device }: Principal): KeptRequest['requestedBy'] {
  return { id, name, device: device.id };
}

function requirePerson({ type }: Principal): void {
  if (type !== 'user') throw new CausewayError('denied', API_KEY, { reason: 'api-key' });
}

function notWaiting({ id, state }: KeptRequest): CausewayError {
  return new CausewayError('conflict', `The request ${id} is ${state}; it does not wait for a decision.`, {
    reason: 'not-waiting',
  });
}

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
