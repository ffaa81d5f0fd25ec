import { SerialQueue } from '#main/audit/serial-queue.ts';
import type { AuditStore } from '#main/audit/store.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { Guard } from '#main/policy/guard.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ProtectionOutcome, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Apply } from './carry-out.ts';
import { digestOfRequest, type ProtectionChange } from './change.ts';
import { readJustification } from './justification.ts';
import { ProtectionCarrier } from './protection-carrier.ts';
import { type PolicyFacts, ProtectionFacts } from './protection-facts.ts';
import {
  API_KEY,
  everyAccount,
  type ProtectionPeople,
  requirePerson,
  SAME_HUMAN,
  somebody,
} from './protection-people.ts';
import { ProtectionRecords, type ProtectionTrail } from './protection-records.ts';
import type { ProtectionDecision, Protections } from './protections.ts';
import { type KeptDecision, type KeptRequest, RequestBook } from './request-book.ts';
import { OPEN_MS, RequestChecks } from './request-checks.ts';
import type { RequestStore } from './request-store.ts';

/** As many wait at a time. */
const MOST_OPEN = 50;

export interface ProtectionsOptions {
  readonly tenant: string;
  readonly audit: ProtectionTrail & Pick<AuditStore, 'chain' | 'keyId' | 'standing'>;
  readonly store: RequestStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly people: ProtectionPeople;
  readonly policies: PolicyFacts;
  /** Asks the guardrail policies, on record. */
  readonly guard: Guard;
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
  readonly #checks: RequestChecks;
  /** One after the other: of two answers at once the second sees what the first did. */
  readonly #queue = new SerialQueue();

  constructor(options: ProtectionsOptions) {
    const { audit, policies, store, apply, onWarning } = options;
    this.#options = options;
    this.#book = new RequestBook(store);
    this.#records = new ProtectionRecords(audit);
    this.#facts = new ProtectionFacts(audit, policies);
    const kept = { book: this.#book, records: this.#records, facts: this.#facts };
    this.#carrier = new ProtectionCarrier({ ...kept, apply, onWarning });
    this.#checks = new RequestChecks({ ...options, ...kept });
  }

  pending(by: Principal): readonly ProtectionRequest[] {
    return this.#open()
      .filter((request) => !this.#checks.isDue(request))
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
      await this.#checks.requireOnRecord(request);
      if (request.record !== null) await this.#records.ended(request, 'withdrawn', somebody(by));
      this.#book.save({ ...request, state: 'withdrawn' });
    });
  }

  expireDue(): Promise<void> {
    return this.#run(async () => {
      for (const request of this.#open()) {
        if (!this.#checks.isDue(request)) continue;
        await this.#checks
          .expire(request)
          .catch((error) => this.#warn(error, `${request.id} could not be recorded as expired`));
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
      accounts: everyAccount(this.#options.people, by),
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
    const { people } = this.#options;
    // the one person there is has to be this one: whoever may ask need not be somebody who may decide
    const decidesAlone = people.alone() && people.mayNow(by.id, 'protections.decide');
    if (!decidesAlone) return { state: 'waiting', request: this.#show(request, by) };
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
    await this.#checks.requireOnRecord(request);
    await this.#checks.requireInTime(request);
    const first = request.state === 'waiting';
    if (first && input.decision === 'approve') await this.#checks.requireAnother(request, by);
    if (input.decision === 'approve' && first) await this.#checks.requireStillSo(request);
    const reauthentication = await this.#options.people.reauthenticate(by, input.reauthentication);
    await this.#checks.requireInTime(request); // asking for the password takes time
    if (input.decision === 'reject') return this.#reject(request, by, reason, reauthentication);
    if (first) return this.#approve(request, by, reason, reauthentication);
    await this.#carryOut(request, true);
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
    await this.#checks.requireAllowed(request, by);
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

  /** `again`: what it is about may have changed since it was approved. */
  async #carryOut(approved: KeptRequest, again = false): Promise<void> {
    this.#records.verifyApproval(approved);
    if ((await this.#carrier.settle(approved)) !== null) return; // it was, and the program ended before it knew
    if (again && approved.change.kind !== 'policy-change') await this.#checks.requireStillSo(approved);
    await this.#carrier.carryOut(approved);
  }

  async #recover(request: KeptRequest): Promise<void> {
    let current = request;
    if (request.state === 'waiting') {
      this.#records.verifyRequest(request);
      const aligned = this.#checks.align(request, await this.#records.history(request));
      if (aligned === null) return;
      current = aligned;
    }
    if (current.state !== 'approved') return;
    this.#records.verifyApproval(current);
    if ((await this.#carrier.settle(current)) !== null || current.change.kind !== 'policy-change') return;
    if (await this.#carrier.isSuperseded(current)) this.#book.save({ ...current, state: 'void' });
    else await this.#carrier.carryOut(current);
  }

  #open(): readonly KeptRequest[] {
    return this.#book.list(['waiting', 'approved'], (error, id) =>
      this.#warn(error, `the request ${id} cannot be read`),
    );
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
      justification: justification.slice(0, 2000).toWellFormed(), // counted in characters, shown in UTF-16 code units
      requestedAt,
      expiresAt,
      mayNotDecide: by.type !== 'user' ? API_KEY : !tried && this.#checks.isRequester(request, by) ? SAME_HUMAN : null,
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

function notWaiting({ id, state }: KeptRequest): CausewayError {
  return new CausewayError('conflict', `The request ${id} is ${state}; it does not wait for a decision.`, {
    reason: 'not-waiting',
  });
}
