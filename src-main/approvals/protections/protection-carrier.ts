import { CausewayError, describeError } from '#shared/errors.ts';
import { type Apply, approvalsOf } from './carry-out.ts';
import type { ProtectionFacts } from './protection-facts.ts';
import type { ProtectionRecords } from './protection-records.ts';
import { recordsAfter } from './records-after.ts';
import type { KeptRequest, RequestBook } from './request-book.ts';

/** An approved change is tried again once; a policy as often as it takes, since the chain says that it is in force. */
const MOST_ATTEMPTS = 2;

export interface CarrierParts {
  readonly book: RequestBook;
  readonly records: ProtectionRecords;
  readonly facts: ProtectionFacts;
  readonly apply: Apply;
  readonly onWarning: (error: unknown, what: string) => void;
}

/** Carries approved changes out, and finds out what became of those whose carrying out was interrupted. */
export class ProtectionCarrier {
  readonly #parts: CarrierParts;

  constructor(parts: CarrierParts) {
    this.#parts = parts;
  }

  /**
   * The request is approved, on record where that is possible, and kept as such.
   * @throws CausewayError of the failure's code, reason `not-carried-out` or `void`
   */
  async carryOut(approved: KeptRequest): Promise<KeptRequest> {
    const { book, apply } = this.#parts;
    const begun = { ...approved, attempts: Math.min(approved.attempts + 1, 1000) };
    book.save(begun); // counted before it is tried: a crash is an attempt, too
    try {
      await apply(begun.change, approvalsOf(begun));
    } catch (error) {
      return this.#failed(begun, error);
    }
    return this.#finish(begun);
  }

  /** What was asked for while nothing could be written is put on record now, with both people. */
  async #finish(request: KeptRequest): Promise<KeptRequest> {
    const { book, records } = this.#parts;
    let { decision } = request;
    if (decision !== null && decision.record === null) {
      decision = { ...decision, record: await records.decided(request, decision, 'success') };
    }
    const done = { ...request, decision, state: 'done' as const };
    book.save(done);
    return done;
  }

  async #failed(request: KeptRequest, error: unknown): Promise<never> {
    const { book, records, onWarning } = this.#parts;
    const { change, attempts } = request;
    const code = error instanceof CausewayError ? error.code : 'internal';
    const because = error instanceof CausewayError ? error.message : 'Something went wrong that nobody foresaw.';
    const gone = isGone(change.kind, error);
    const final = change.kind !== 'policy-change' && attempts >= MOST_ATTEMPTS;
    const state = gone ? 'void' : final ? 'failed' : 'approved';
    book.save({ ...request, state });
    if (records.canRecord()) {
      // it stands approved, and is listed as not carried out, whether this can be recorded or not
      await records
        .ended(request, gone ? 'void' : 'not-carried-out', null)
        .catch((cause) => onWarning(cause, `that ${request.id} was not carried out could not be recorded`));
    }
    onWarning(error, `${request.id} was approved and not carried out: ${describeError(error)}`);
    const next = gone
      ? 'Look at what is listed now and ask anew.'
      : final
        ? 'It was tried twice; ask for the change anew.'
        : change.kind === 'policy-change'
          ? 'It is tried again when the program starts.'
          : 'It can be tried once more from the list of requests.';
    const text = `This was approved and was not carried out: ${because} ${next}`;
    throw new CausewayError(code, text, { reason: gone ? 'void' : 'not-carried-out', cause: error });
  }

  /**
   * Whether an approved change was carried out although that is not kept: the program may have ended in between.
   * Null when it was not.
   */
  async settle(request: KeptRequest): Promise<KeptRequest | null> {
    const { records, facts } = this.#parts;
    const { change, decision } = request;
    switch (change.kind) {
      case 'policy-change':
        return facts.policyVersion() === change.version ? this.#finish(request) : null;
      case 'key-rotation':
        return (await records.hasRotated(request)) ? this.#finish(request) : null;
      case 'break-acknowledgement': {
        const seq = facts.acknowledgedIn(change.breaks, request.requestedBy.id);
        if (seq === null || decision === null) return null;
        const written = decision.record ?? records.approvalSince(request, seq);
        return this.#finish({ ...request, decision: { ...decision, record: written } });
      }
    }
  }

  /** Whether another policy was approved after this one: then that one is in force. */
  async isSuperseded(request: KeptRequest): Promise<boolean> {
    const { change, decision } = request;
    if (change.kind !== 'policy-change' || decision?.record == null) return false;
    const later = await recordsAfter(this.#parts.facts.trail, decision.record, ({ record }) => {
      if (record.action !== 'tenant.protection_change_approved' || record.outcome !== 'success') return false;
      return record.data.change === 'policy-change';
    });
    return later.length > 0;
  }
}

function isGone(kind: KeptRequest['change']['kind'], error: unknown): boolean {
  if (kind !== 'break-acknowledgement' || !(error instanceof CausewayError)) return false;
  return error.code === 'conflict' && (error.reason === 'history-changed' || error.reason === 'no-break');
}
